// Fits a forest: bins the features, grows the trees in batches over the threads, joins them.

import { coreCount } from "#workers";
import {
  type ClassTarget,
  RoentgenError,
  type Target,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import { classWeightedRows } from "../class-weight.ts";
import type { FitWork, TrainingSet } from "../learner.ts";
import { binFeatures, sharedBuffer } from "./bins.ts";
import { TreeCollector } from "./collect-trees.ts";
import { forgetGrower } from "./grow-batch.ts";
import { type GrowInput, type GrowRules, type GrowTarget, mostLeaves } from "./grow-trees.ts";
import type { ForestMethod, ForestModel } from "./model.ts";
import { type ForestSettings, featuresPerSplit } from "./options.ts";
import { checkOutOfBag, judgeOutOfBag } from "./out-of-bag.ts";
import type { RowDraw } from "./row-draw.ts";
import { nodeArrays } from "./tree-nodes.ts";
import { runTasks } from "./workers.ts";

/** Row visits below which starting or waking threads costs more than it saves. */
const INLINE_VISITS = 3_000_000;

export async function fitForest(
  method: ForestMethod,
  set: TrainingSet,
  settings: ForestSettings,
  work: FitWork = {},
): Promise<ForestModel> {
  const { features, target, weights } = set;
  throwIfCancelled(work.signal, "Growing trees");
  if (settings.outOfBag) checkOutOfBag(settings);
  const input = growInput(method, set, settings, work.seed ?? 0);
  const threads = worthThreads(input, settings.trees) ? (work.threads ?? coreCount()) : 1;
  const classes = target.task === "classification" ? target.classes : [];
  const outputs = Math.max(1, classes.length);
  const model: ForestModel = {
    method,
    task: target.task,
    featureNames: features.names,
    classes,
    outputs,
    ...(await growAll(input, settings.trees, outputs, { ...work, threads })),
  };
  if (!settings.outOfBag) return model;
  const grown = { model, features, target, weights, draw: input.draw };
  return { ...model, outOfBag: await judgeOutOfBag(grown, { threads, signal: work.signal }) };
}

/** Fits begun in this process. */
let fits = 0;

async function growAll(
  input: GrowInput,
  trees: number,
  outputs: number,
  { threads = 1, signal, onProgress }: WorkOptions,
) {
  const { rowCount, featureCount } = input.features;
  const fit = ++fits;
  const batch = treesPerTask(rowCount);
  const leaves = mostLeaves(rowCount, input.rules) * batch;
  // Best-first growth holds values for open nodes, too, in case they stay leaves.
  const valueRows = input.rules.maxLeaves < Number.POSITIVE_INFINITY ? 2 * leaves : leaves;
  const lanes = Array.from({ length: threads }, () => nodeArrays(2 * leaves, valueRows * outputs));
  const collector = new TreeCollector(trees, featureCount, outputs);
  await runTasks({
    kind: "grow",
    taskCount: Math.ceil(trees / batch),
    taskAt(index, lane) {
      const first = index * batch;
      const count = Math.min(batch, trees - first);
      return { fit, input, first, count, into: lanes[lane] };
    },
    take: (index, grown, lane) => collector.take(index, { grown, arrays: lanes[lane] }),
    threads,
    signal,
    onDone(batches) {
      const done = Math.min(trees, batches * batch);
      onProgress?.({ stage: "Growing trees", done, total: trees, unit: "trees" });
    },
  });
  // Workers free theirs when their pool closes; this thread may live long.
  forgetGrower();
  return collector.finish();
}

/** Few trees a task, so that threads end together and progress is seen; one where trees are large. */
function treesPerTask(rowCount: number): number {
  return Math.max(1, Math.min(4, Math.floor(200_000 / rowCount)));
}

function growInput(
  method: ForestMethod,
  { features, target, weights, groups }: TrainingSet,
  settings: ForestSettings,
  seed: number,
): GrowInput {
  const growWeights = rowWeights(target, settings, weights);
  return {
    features: binFeatures(features, settings.bins),
    target: growTarget(target, settings, growWeights),
    weights: growWeights,
    draw: rowDraw(features.rowCount, groups, settings, seed),
    rules: growRules(method, target, settings, features.columns.length),
    seed,
  };
}

function worthThreads({ features, rules }: GrowInput, trees: number): boolean {
  return features.rowCount * rules.featuresPerSplit * trees > INLINE_VISITS;
}

function growTarget(
  target: Target,
  { criterion, classWeight }: ForestSettings,
  weights: Float64Array,
): GrowTarget {
  if (target.task === "regression") {
    return { task: "regression", values: shared(target.values) };
  }
  const balanceEachTree = classWeight === "balanced-subsample";
  return {
    task: "classification",
    labels: sharedLabels(target.labels),
    classCount: target.classes.length,
    criterion,
    balanceEachTree,
    wholeWeights: !balanceEachTree && areWhole(weights),
  };
}

/** Whether sums of the weights, however rows are drawn, are whole numbers below 2^26. */
function areWhole(weights: Float64Array): boolean {
  const most = weights.reduce((a, b) => Math.max(a, b));
  return most * weights.length < 2 ** 26 && weights.every((weight) => Number.isInteger(weight));
}

function rowWeights(
  target: Target,
  { classWeight }: ForestSettings,
  weights: Float64Array | undefined,
): Float64Array {
  if (target.task === "classification") {
    const beforehand = classWeight === "balanced-subsample" ? "none" : classWeight;
    return shared(classWeightedRows(target as ClassTarget, beforehand, weights));
  }
  if (classWeight !== "none") {
    throw new RoentgenError("bad-option", {
      problem: 'Option "classWeight" does not fit a regression forest',
      expected: '"none"',
      found: JSON.stringify(classWeight),
      remedy: "Give weights by row instead.",
      subject: "classWeight",
    });
  }
  return shared(weights ?? new Float64Array(target.values.length).fill(1));
}

function rowDraw(
  rowCount: number,
  groups: Int32Array | undefined,
  { bootstrap, sampleFraction }: ForestSettings,
  seed: number,
): RowDraw {
  if (!groups) return { groupCount: 0, bootstrap, sampleFraction, seed };
  const numbers = new Map<number, number>();
  const renumbered = new Int32Array(sharedBuffer(4 * rowCount));
  for (let row = 0; row < rowCount; row++) {
    const known = numbers.get(groups[row]) ?? numbers.size;
    numbers.set(groups[row], known);
    renumbered[row] = known;
  }
  const groupCount = numbers.size;
  return { groups: renumbered, groupCount, bootstrap, sampleFraction, seed };
}

function growRules(
  method: ForestMethod,
  target: Target,
  settings: ForestSettings,
  featureCount: number,
): GrowRules {
  const { minSamplesLeaf, minSamplesSplit, minImpurityDecrease, minWeightFractionLeaf } = settings;
  const ofNumbers = method === "forest" ? "third" : "all";
  const asked = settings.maxFeatures ?? (target.task === "classification" ? "sqrt" : ofNumbers);
  return {
    featuresPerSplit: featuresPerSplit(asked, featureCount),
    randomCuts: method === "extraTrees",
    minSamplesLeaf,
    minSamplesSplit,
    minImpurityDecrease,
    minWeightFractionLeaf,
    minWeightLeaf: 0,
    maxDepth: settings.maxDepth ?? Number.POSITIVE_INFINITY,
    maxLeaves: settings.maxLeaves ?? Number.POSITIVE_INFINITY,
  };
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(sharedBuffer(8 * values.length));
  copy.set(values);
  return copy;
}

function sharedLabels(labels: Int32Array): Int32Array {
  const copy = new Int32Array(sharedBuffer(4 * labels.length));
  copy.set(labels);
  return copy;
}
