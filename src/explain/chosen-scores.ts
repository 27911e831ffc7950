// Which score of each image is explained: that of a class named by the caller, or of the class that the model predicts.

import { RoentgenError } from "../base/index.ts";
import {
  type Algebra,
  algebraOf,
  bindDimensions,
  cutModel,
  int,
  type NamedTensors,
  type OnnxModel,
  openGraph,
  type Term,
} from "../onnx/index.ts";
import type { ExplainedModel } from "./explained-model.ts";
import { rowOf } from "./image-batch.ts";

/**
 * The class to explain: one for all images, one an image, or for each image the one that the model predicts. A model with
 * one score before a sigmoid has the classes 0 and 1, whose scores are −s and s.
 */
export type ClassChoice = "predicted" | number | readonly number[];

const WEIGHTS = "explain.weights";
const CHOSEN = "explain.chosen";
const USED = "explain.used";

/** Classes that a model tells apart. */
export function classCount({ scoreCount, ending }: ExplainedModel): number {
  return isBinary({ scoreCount, ending }) ? 2 : scoreCount;
}

const isBinary = ({ scoreCount, ending }: Pick<ExplainedModel, "scoreCount" | "ending">) =>
  scoreCount === 1 && ending === "sigmoid";

/**
 * Weights of the scores of each image, [count, scores]: 1 (or −1) for the class that is chosen; all 0 leaves the choice to
 * the model.
 * @throws RoentgenError "bad-option" for a class that the model has not, "shape-mismatch" where classes are missing
 */
export function scoreWeights(
  choice: ClassChoice,
  { model, count }: { model: ExplainedModel; count: number },
): Float32Array {
  const weights = new Float32Array(count * model.scoreCount);
  if (choice === "predicted") return weights;
  const classes = typeof choice === "number" ? new Array<number>(count).fill(choice) : choice;
  if (classes.length !== count) throw wrongCount(classes.length, count);
  const most = classCount(model);
  for (const [image, one] of classes.entries()) {
    if (!Number.isInteger(one) || one < 0 || one >= most) throw noClass(one, most);
    if (isBinary(model)) weights[image] = one === 1 ? 1 : -1;
    else weights[image * model.scoreCount + one] = 1;
  }
  return weights;
}

/** Images and the weights of their scores, [batch, …]. */
interface ScoreInputs {
  readonly images: Float32Array;
  readonly weights: Float32Array;
}

/** What a graph of `scoreGraph` takes. */
export function scoreFeeds(
  { input, imageShape, scoreCount }: ExplainedModel,
  { images, weights }: ScoreInputs,
): NamedTensors {
  const size = weights.length / scoreCount;
  return {
    [input]: { type: "float32", shape: [size, ...imageShape], data: images },
    [WEIGHTS]: { type: "float32", shape: [size, scoreCount], data: weights },
  };
}

/** The class that was explained of an image of the batch, and its score. */
export function chosenScore(
  result: NamedTensors,
  { at, model }: { at: number; model: ExplainedModel },
): { label: number; score: number } {
  const used = rowOf(result[USED].data as Float32Array, at, model.scoreCount);
  const label = isBinary(model) ? Number(used[0] > 0) : used.indexOf(1);
  return { label, score: Number(result[CHOSEN].data[at]) };
}

/** A graph that goes on from the scores of a batch. */
export interface ScoreGraph {
  readonly m: Algebra;
  /** The chosen score of each image, [batch]. */
  readonly chosen: Term;
}

/** The model up to its scores for a batch of a known size, with the chosen score of each image behind it. */
export function scoreGraph(
  explained: ExplainedModel,
  { batchSize, keep = [] }: { batchSize: number; keep?: readonly string[] },
): ScoreGraph {
  const { model, scores, scoreCount } = explained;
  const part = cutModel(model, { outputs: [scores, ...keep.filter((name) => name !== scores)] });
  const bound = withBatch(part, batchSize);
  const graph = openGraph({ ...bound, graph: { ...bound.graph, outputs: [] } });
  const m = algebraOf(graph);
  const shape = [batchSize, scoreCount];
  const given = graph.input({ name: WEIGHTS, type: "float32", shape });
  const values = m.reshape(scores, shape);
  const isGiven = m.compare(
    "Greater",
    m.sum(m.op("Abs", [given]), { axes: [1], keepDims: true }),
    0,
  );
  const weights = m.where(isGiven, given, predictedWeights(m, values, explained));
  const chosen = m.sum(m.mul(values, weights), { axes: [1] });
  graph.output({ name: CHOSEN }, chosen);
  graph.output({ name: USED }, weights);
  return { m, chosen };
}

/** 1 for the largest score; of a single one before a sigmoid its sign. No gradient passes through. */
function predictedWeights(m: Algebra, values: Term, model: ExplainedModel): Term {
  if (isBinary(model)) {
    return m.where(m.compare("Greater", values, 0), m.scalarLike(1, values), -1);
  }
  const best = m.op("ArgMax", [values], { axis: int(1), keepdims: int(1) });
  const classes = m.lengths(Array.from({ length: model.scoreCount }, (_, at) => at));
  return m.castLike(m.compare("Equal", best, classes), values);
}

function withBatch(model: OnnxModel, batchSize: number): OnnxModel {
  const batch = model.graph.inputs[0].shape?.[0];
  return typeof batch === "string" ? bindDimensions(model, { [batch]: batchSize }) : model;
}

function wrongCount(found: number, expected: number): RoentgenError {
  return new RoentgenError("shape-mismatch", {
    problem: "Cannot explain the images",
    expected: `a class for each of ${expected} images`,
    found: `${found} classes`,
    subject: "classes",
  });
}

function noClass(found: number, most: number): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: "Cannot explain a class that the model has not",
    expected: `a whole number from 0 to ${most - 1}`,
    found: String(found),
    subject: "classes",
  });
}
