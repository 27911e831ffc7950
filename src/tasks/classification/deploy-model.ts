// Trained networks as the one ONNX model that is deployed: pixels in 0 … 1 go in, calibrated probabilities come out, with
// the features behind them and how far they lie from those of the training images.
//
// Networks, and mirrored copies of an image, are averaged before the softmax: a product of their probabilities. To calibrate
// and to average then commute, since a temperature (or a line) of the mean is the mean of what it makes of each. The mean of
// probabilities is not calibrated where each of them is (Ranjan & Gneiting, JRSS B 2010;72:71–91; of networks Rahaman &
// Thiery, NeurIPS 2021), and no image is unseen by all networks, to calibrate their mean on.

import { RoentgenError } from "../../base/index.ts";
import type { PixelScaling } from "../../networks/index.ts";
import {
  algebraOf,
  type GraphBuilder,
  int,
  mergeModels,
  type OnnxModel,
  openGraph,
  shareEqual,
  type Term,
} from "../../onnx/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import { type DeployedTarget, deployedScores } from "./deployed-scores.ts";
import { copyCount, type MirrorAxis } from "./mirrored-copies.ts";
import { type DeployedNetwork, type NetworkBranch, networkBranch } from "./network-branch.ts";
import { PIXELS, scaledFor, scalePixels } from "./scale-pixels.ts";

interface CommonOptions {
  target: DeployedTarget;
  /** What is done to pixels in 0 … 1 before the networks; nothing unless given. */
  scaling?: PixelScaling;
  /** Along which mirrored copies of an image are looked at, too; none unless given. */
  mirrors?: readonly MirrorAxis[];
  /** What makes the probabilities true. */
  calibration?: ImageDescription["calibration"];
}

export interface DeployModelOptions extends CommonOptions, DeployedNetwork {}

export interface DeployEnsembleOptions extends CommonOptions {
  /** Networks of the same input. */
  members: readonly DeployedNetwork[];
  /** Whether the scores of each network are given one after another, instead of those of their mean. */
  apart?: boolean;
}

export interface DeployableModel {
  readonly model: OnnxModel;
  readonly tensors: ImageDescription["tensors"];
  /** What it does to pixels first. */
  readonly scaling?: PixelScaling;
  readonly mirrors: readonly MirrorAxis[];
  /** Networks in it. */
  readonly members: number;
}

/** Deploys one network, as `deployEnsemble` does several. */
export function deployModel({
  network,
  features,
  distance,
  ...common
}: DeployModelOptions): DeployableModel {
  return deployEnsemble({ ...common, members: [{ network, features, distance }] });
}

/**
 * One model of all that is done to an image once it is prepared. Scores are those of the mean of what the networks say before
 * a softmax or sigmoid, distances are the means of theirs; features of several networks stand one after another. What
 * networks have in common, such as a frozen backbone, is in the model once. The first network in it is whole, its batch
 * normalisation and the names of its parameters among it, so that a later training can take it up.
 * @throws RoentgenError "shape-mismatch" where a network does not fit the target, the scaling or its distance;
 *   "value-missing" where it has no tensor of the name `features`, or a distance is given without
 */
export function deployEnsemble({
  members,
  target,
  scaling,
  mirrors = [],
  calibration,
  apart = false,
}: DeployEnsembleOptions): DeployableModel {
  const branches = members.map((member, at) =>
    networkBranch(member, {
      isMeasured: target.kind === "number",
      copies: copyCount(mirrors),
      prefix: at === 0 ? "" : `network${at + 1}/`,
    }),
  );
  const graph = openBranches(branches, { scaling, mirrors });
  const m = algebraOf(graph);
  const scoresOf = (term: Term) =>
    deployedScores(graph, { output: term, logits: term }, { target, calibration });
  const termsOf = (part: "answer" | "features" | "distance") =>
    branches.flatMap((branch) => branch[part] ?? []);
  const joined = (terms: readonly Term[]) =>
    terms.length === 1 ? terms[0] : m.op("Concat", terms, { axis: int(1) });
  const mean = (terms: readonly Term[]) => (terms.length === 1 ? terms[0] : m.op("Mean", terms));
  const [features, distances] = [termsOf("features"), termsOf("distance")];
  const scores = apart
    ? joined(termsOf("answer").map(scoresOf))
    : scoresOf(mean(termsOf("answer")));
  const tensors = {
    input: PIXELS,
    scores: give(graph, target.kind === "number" ? "value" : "probabilities", scores),
    ...(features.length > 0 && { features: give(graph, "features", joined(features)) }),
    ...(distances.length > 0 && { distance: give(graph, "distance", mean(distances)) }),
    ...(members[0].features !== undefined && {
      network: { input: scaledFor(0), features: members[0].features },
    }),
  };
  const model = members.length === 1 ? graph.build() : shareEqual(graph.build());
  return { model, tensors, ...(scaling && { scaling }), mirrors, members: members.length };
}

/** All branches behind the scaled pixels, to be gone on with. */
function openBranches(
  branches: readonly NetworkBranch[],
  { scaling, mirrors }: Required<Pick<CommonOptions, "mirrors">> & Pick<CommonOptions, "scaling">,
): GraphBuilder {
  const [{ model }] = branches;
  const opset = model.opsets[""] ?? 0;
  const front = scalePixels(inputShape(model), {
    ...{ scaling, mirrors, opset },
    networks: branches.length,
  });
  const whole = branches.reduce(
    (before, branch, at) =>
      mergeModels(before, branch.model, { connect: { [scaledFor(at)]: branch.input } }),
    front,
  );
  return openGraph({ ...whole, graph: { ...whole.graph, outputs: [] } });
}

function give(graph: GraphBuilder, hint: string, term: Term): string {
  const name = freeName(graph, hint);
  const [, ...lengths] = graph.typeOf(term)?.shape ?? [];
  graph.output({ name, shape: ["N", ...lengths] }, term);
  return name;
}

function freeName(graph: GraphBuilder, hint: string): string {
  let name = hint;
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  for (let count = 1; made.has(name) || graph.typeOf(name); count++) name = `${hint}_${count}`;
  return name;
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
