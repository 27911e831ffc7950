// How far predicted regions cover true ones: soft counts of each class, and the mean of a score that is made of them.

import { flag, number, oneOf } from "../../base/index.ts";
import { type Algebra, int, type Term } from "../../onnx/index.ts";
import { axesAfter, type Compared, classTarget, type Loss, oneHot, weightedMean } from "./loss.ts";

/** What every loss of regions can be told. */
export const regionRules = {
  /**
   * "softmax": each voxel has one class, targets are class numbers; "sigmoid": each channel is a structure of its own, which
   * may overlap others, targets are 0 or 1 in every channel.
   */
  inside: oneOf("softmax", "sigmoid").default("softmax"),
  /** Counts over each sample, or over the batch as if it were one image, which steadies small structures. */
  over: oneOf("sample", "batch").default("sample"),
  /** Whether class 0 counts; "sigmoid" knows no background, every channel counts. */
  background: flag().default(false),
  /** Added above and below the line: nothing is divided by 0, and what is neither there nor predicted scores 1. */
  smooth: number({ above: 0 }).default(1e-5),
  /**
   * A class that the truth lacks (in the sample, or in the batch): "count" scores it s / (s + what was predicted of it), so
   * that false alarms cost; "skip" leaves it out of the mean. The loss is 0 where every class is left out.
   */
  absent: oneOf("count", "skip").default("count"),
};

/** Settings by these rules. */
export interface RegionSettings {
  readonly inside: "softmax" | "sigmoid";
  readonly over: "sample" | "batch";
  readonly background: boolean;
  readonly smooth: number;
  readonly absent: "count" | "skip";
}

/** Soft numbers of voxels: [N, classes], or [1, classes] over a batch. */
export interface RegionCounts {
  /** Σ p t. */
  readonly hit: Term;
  /** Σ p. */
  readonly predicted: Term;
  /** Σ t. */
  readonly actual: Term;
}

/** Class numbers [N, size…] in int32 for logits [N, classes, size…]; 0 and 1 of their shape where structures overlap. */
export function regionTarget(inside: RegionSettings["inside"]): Loss["target"] {
  return inside === "softmax" ? classTarget : (shape) => ({ type: "float32", shape });
}

/** Mean, over samples and classes that count, of a loss of each class. */
export function meanOverClasses(
  m: Algebra,
  compared: Compared,
  settings: RegionSettings,
  lossOf: (counts: RegionCounts) => Term,
): Term {
  const counts = countRegions(m, compared, settings);
  const losses = lossOf(counts);
  const counted = countedClasses(m, counts.actual, settings);
  if (settings.over === "batch") return weightedMean(m, losses, counted);
  return weightedMean(m, losses, m.mul(counted, m.reshape(compared.weights, [-1, 1])));
}

function countRegions(
  m: Algebra,
  { output, target, weights }: Compared,
  { inside, over }: RegionSettings,
): RegionCounts {
  const isSoftmax = inside === "softmax";
  const p = isSoftmax ? m.op("Softmax", [output], { axis: int(1) }) : m.op("Sigmoid", [output]);
  const t = isSoftmax ? oneHot(m, target, output) : target;
  const count = (values: Term) => {
    const ofSample = m.sum(values, { axes: axesAfter(m, values, 2) });
    if (over === "sample") return ofSample;
    return m.sum(m.mul(ofSample, m.reshape(weights, [-1, 1])), { axes: [0], keepDims: true });
  };
  return { hit: count(m.mul(p, t)), predicted: count(p), actual: count(t) };
}

/** 1 for classes that count, 0 for others: [1, classes], or [N, classes] where that depends on the sample. */
function countedClasses(
  m: Algebra,
  actual: Term,
  { inside, background, absent }: RegionSettings,
): Term {
  const classes = m.graph.shapeOf(actual)[1];
  const isBackground = (at: number) => at === 0 && inside === "softmax" && !background;
  const data = Float32Array.from({ length: classes }, (_, at) => (isBackground(at) ? 0 : 1));
  const wanted = m.graph.constant(
    { type: "float32", shape: [1, classes], data },
    "counted_classes",
  );
  if (absent === "count") return wanted;
  return m.mul(wanted, m.castLike(m.compare("Greater", actual, 0), actual));
}
