// One trained network as a branch of the deployed model: what it says of each image, with the features behind that and how
// far they lie from those of its training images.

import { RoentgenError } from "../../base/index.ts";
import { finalActivation, NETWORK_OPSET, type Network } from "../../networks/index.ts";
import {
  algebraOf,
  type GraphBuilder,
  type OnnxModel,
  openGraph,
  renameTensors,
  type Term,
  upgradeModel,
} from "../../onnx/index.ts";
import type { MahalanobisFit } from "../../statistics/index.ts";
import { featureDistance } from "./feature-distance.ts";
import { meanOverCopies } from "./mirrored-copies.ts";

/** A network as it is deployed. */
export interface DeployedNetwork {
  /** What was trained; it may end in logits, or in a sigmoid or softmax. */
  network: Network;
  /** The tensor of the network that holds its features; maps are averaged over their positions. */
  features?: string;
  /** Where the features of its training images lie. */
  distance?: MahalanobisFit;
}

/** A model from scaled pixels to its outputs. */
export interface NetworkBranch {
  readonly model: OnnxModel;
  readonly input: string;
  /** The tensor with a measurement [N, 1], or logits [N, scores]. */
  readonly answer: Term;
  readonly features?: Term;
  readonly distance?: Term;
}

export interface NetworkBranchOptions {
  /** Whether scores are logits. */
  isMeasured: boolean;
  /** Copies of each image in a batch, whose answers and features are averaged. */
  copies: number;
  /** Goes before the names of all tensors. */
  prefix: string;
}

/**
 * The branch of a network, which itself stays as it is.
 * @throws RoentgenError "value-missing" where it has no tensor of the name `features`, or a distance is given without;
 *   "shape-mismatch" where the distance is of other features
 */
export function networkBranch(
  { network, features, distance }: DeployedNetwork,
  { isMeasured, copies, prefix }: NetworkBranchOptions,
): NetworkBranch {
  const model = upgradeModel(network.model, { to: NETWORK_OPSET });
  const graph = openGraph({ ...model, graph: { ...model.graph, outputs: [] } });
  const give = (term: Term): Term => {
    graph.output({ name: term }, term);
    return `${prefix}${term}`;
  };
  const mean = (term: Term) => meanOverCopies(graph, term, copies);
  const { output, logits } = finalActivation(model);
  const answer = mean(isMeasured ? output : logits);
  const pooled = features === undefined ? undefined : mean(pooledFeatures(graph, features));
  const far = distance && featureDistance(graph, pooled, distance);
  return {
    answer: give(answer),
    ...(pooled !== undefined && { features: give(pooled) }),
    ...(far !== undefined && { distance: give(far) }),
    input: `${prefix}${model.graph.inputs[0].name}`,
    model: prefixed(graph.build(), prefix),
  };
}

/** The model with other names for all its tensors. */
function prefixed(model: OnnxModel, prefix: string): OnnxModel {
  if (prefix === "") return model;
  const { inputs, initializers, nodes } = model.graph;
  const names = [
    ...[...inputs, ...initializers].map(({ name }) => name),
    ...nodes.flatMap(({ outputs }) => outputs.filter(Boolean)),
  ];
  const all = [...new Set(names)].map((name) => [name, `${prefix}${name}`]);
  return renameTensors(model, Object.fromEntries(all));
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
