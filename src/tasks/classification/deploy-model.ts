// A trained network as the one ONNX model that is deployed: pixels in 0 … 1 go in, calibrated probabilities come out, with
// the features behind them and how far they lie from those of the training images.

import { RoentgenError } from "../../base/index.ts";
import { finalActivation, type Network, type PixelScaling } from "../../networks/index.ts";
import {
  algebraOf,
  type GraphBuilder,
  mergeModels,
  type OnnxModel,
  openGraph,
  type Term,
  upgradeModel,
} from "../../onnx/index.ts";
import type { MahalanobisFit } from "../../statistics/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import { type DeployedTarget, deployedScores } from "./deployed-scores.ts";
import { featureDistance } from "./feature-distance.ts";
import { PIXELS, SCALED, scalePixels } from "./scale-pixels.ts";

export interface DeployModelOptions {
  /** What was trained; it may end in logits, or in a sigmoid or softmax. */
  network: Network;
  target: DeployedTarget;
  /** What is done to pixels in 0 … 1 before the network; nothing unless given. */
  scaling?: PixelScaling;
  /** What makes the probabilities true. */
  calibration?: ImageDescription["calibration"];
  /** The tensor of the network that holds its features; maps are averaged over their positions. */
  features?: string;
  /** Where the features of the training images lie. */
  distance?: MahalanobisFit;
}

export interface DeployableModel {
  readonly model: OnnxModel;
  readonly tensors: ImageDescription["tensors"];
  /** What it does to pixels first. */
  readonly scaling?: PixelScaling;
}

/** The version of ai.onnx that networks are built in. */
const OPSET = 21;

/**
 * One model of all that is done to an image once it is prepared. The network in it is whole, its batch normalisation and
 * the names of its parameters among it, so that a later training can take it up.
 * @throws RoentgenError "shape-mismatch" where the network does not fit the target, the scaling or the distance;
 *   "value-missing" where it has no tensor of the name `features`, or a distance is given without
 */
export function deployModel({
  network,
  target,
  scaling,
  calibration,
  features,
  distance,
}: DeployModelOptions): DeployableModel {
  const model = upgradeModel(network.model, { to: OPSET });
  const graph = openGraph({ ...model, graph: { ...model.graph, outputs: [] } });
  const give = (hint: string, term: Term): string => {
    const name = freeName(graph, hint);
    graph.output({ name }, term);
    return name;
  };
  const scores = deployedScores(graph, finalActivation(model), { target, calibration });
  const pooled = features === undefined ? undefined : pooledFeatures(graph, features);
  const tensors = {
    input: PIXELS,
    scores: give(target.kind === "number" ? "value" : "probabilities", scores),
    ...(pooled !== undefined && { features: give("features", pooled) }),
    ...(distance && { distance: give("distance", featureDistance(graph, pooled, distance)) }),
    ...(features !== undefined && { network: { input: SCALED, features } }),
  };
  const front = scalePixels(inputShape(model), { scaling, opset: graph.opset });
  const connect = { [SCALED]: model.graph.inputs[0].name };
  const whole = mergeModels(front, graph.build(), { connect });
  return { model: whole, tensors, ...(scaling && { scaling }) };
}

function freeName(graph: GraphBuilder, hint: string): string {
  let name = hint;
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  for (let count = 1; made.has(name) || graph.typeOf(name); count++) name = `${hint}_${count}`;
  return name;
}

/** [N, features]: maps [N, channels, size…] by their means. */
function pooledFeatures(graph: GraphBuilder, tensor: string): Term {
  const rank = graph.typeOf(tensor)?.shape?.length;
  if (rank === undefined || rank < 2) {
    throw new RoentgenError("value-missing", {
      problem: `Cannot take the features of the network from "${tensor}"`,
      expected: "a tensor of the network with a batch and features",
      found: rank === undefined ? "none of that name and a known shape" : `one of rank ${rank}`,
      remedy: "`summary` lists the layers and tensors.",
      subject: tensor,
    });
  }
  const axes = Array.from({ length: rank - 2 }, (_, at) => at + 2);
  return axes.length > 0 ? algebraOf(graph).mean(tensor, { axes }) : tensor;
}

/** [channels, …size]. */
function inputShape({ graph }: OnnxModel): number[] {
  const [, ...lengths] = graph.inputs[0].shape ?? [];
  if (lengths.length >= 2 && lengths.every((length) => typeof length === "number")) return lengths;
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot deploy the network",
    expected: "an input [N, channels, size…] of known lengths",
    found: `[${(graph.inputs[0].shape ?? ["?"]).join(", ")}]`,
    subject: graph.inputs[0].name,
  });
}
