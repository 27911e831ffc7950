// Learning curve: how the score on unseen rows grows with the number of training rows.

import {
  openCheckpoint,
  type RandomStream,
  RoentgenError,
  randomStream,
  type Table,
  type Target,
} from "../../base/index.ts";
import type { Split } from "../../datasets/index.ts";
import type { FitWork } from "../learner.ts";
import {
  fitPipeline,
  type PipelinePlan,
  predictPipeline,
  type RowInformation,
} from "../pipeline.ts";
import { information, quiet } from "./cross-validate.ts";
import { defaultMetric, type Metric, metricByName } from "./metrics.ts";
import { type Rows, rowsAt } from "./rows.ts";
import { definedOrNull, type ScoreSummary, summariseScores } from "./score-summary.ts";

/** What to fit, on which splits and at which sizes. */
export interface LearningCurveOptions extends PipelinePlan, RowInformation {
  /** Each training side is cut down to the sizes; each test side stays whole. */
  readonly splits: readonly Split[];
  /** Sizes: shares of the training side in (0, 1], or numbers of rows above 1. */
  readonly sizes?: readonly number[];
  readonly metric?: string;
}

/** One size of the training side. */
export interface LearningCurvePoint {
  /** Mean number of training rows. */
  readonly trainCount: number;
  /** On the training rows themselves, over splits. */
  readonly train: ScoreSummary;
  /** On the test rows, over splits. */
  readonly test: ScoreSummary;
  readonly trainScores: readonly (number | null)[];
  readonly testScores: readonly (number | null)[];
}

/** A metric against the number of training rows. */
export interface LearningCurve {
  readonly metric: string;
  readonly better: Metric["better"];
  readonly points: readonly LearningCurvePoint[];
}

const defaultSizes = [0.1, 0.25, 0.5, 0.75, 1];

/**
 * Fits on growing parts of each training side; a part holds the part before it, keeps groups whole
 * and classes in proportion. Where a part is too small to be learnt from (a single class), its score
 * is undefined and counted as such.
 */
export async function learningCurve(
  table: Table,
  target: Target,
  { splits, sizes = defaultSizes, metric: name, weights, groups, ...plan }: LearningCurveOptions,
  work: FitWork = {},
): Promise<LearningCurve> {
  checkSizes(sizes);
  const metric = metricByName(name ?? defaultMetric(target), target);
  const rows: Rows = { table, target, weights, groups };
  const results = sizes.map(() => [] as PartScores[]);
  const total = splits.length * sizes.length;
  const checkpoint = openCheckpoint(work.signal, "The learning curve");
  let done = 0;
  for (const [sample, split] of splits.entries()) {
    const test = rowsAt(rows, split.test);
    const random = randomStream({ seed: work.seed ?? 0, purpose: "selection/curve", sample });
    const parts = growingParts(rows, split.train, sizes, random);
    for (const [index, part] of parts.entries()) {
      await checkpoint();
      results[index].push(await scorePart(rowsAt(rows, part), test, { plan, metric, work }));
      done += 1;
      work.onProgress?.({ stage: "Learning curve", done, total, unit: "fits" });
    }
  }
  return { metric: metric.name, better: metric.better, points: results.map(pointOf) };
}

interface PartScores {
  readonly count: number;
  readonly train: number | null;
  readonly test: number | null;
}

async function scorePart(
  train: Rows,
  test: Rows,
  { plan, metric, work }: { plan: PipelinePlan; metric: Metric; work: FitWork },
): Promise<PartScores> {
  const count = train.table.rowCount;
  const asked = { ...plan, ...information(train) };
  try {
    const pipeline = await fitPipeline(train.table, train.target, asked, quiet(work));
    const score = async ({ table, target, weights }: Rows) =>
      definedOrNull(
        metric.score(target, await predictPipeline(pipeline, table, quiet(work)), weights),
      );
    return { count, train: await score(train), test: await score(test) };
  } catch (error) {
    const tooSmall = error instanceof RoentgenError && error.code === "too-few-samples";
    if (!tooSmall) throw error;
    return { count, train: null, test: null };
  }
}

function pointOf(parts: readonly PartScores[]): LearningCurvePoint {
  const trainScores = parts.map(({ train }) => train);
  const testScores = parts.map(({ test }) => test);
  return {
    trainCount: parts.reduce((sum, { count }) => sum + count, 0) / parts.length,
    train: summariseScores(trainScores),
    test: summariseScores(testScores),
    trainScores,
    testScores,
  };
}

function checkSizes(sizes: readonly number[]): void {
  const wrong = sizes.find((size) => !(size > 0 && (size <= 1 || Number.isInteger(size))));
  if (wrong === undefined && sizes.length > 0) return;
  throw new RoentgenError("bad-option", {
    problem: "Cannot make a learning curve",
    expected: "sizes that are shares in (0, 1] or whole numbers of rows",
    found: wrong === undefined ? "none" : `${wrong}`,
    subject: "sizes",
  });
}

/** Prefixes of one order of the units (rows or groups) in which every prefix has its share of each class. */
function growingParts(
  { target, groups }: Rows,
  train: Uint32Array,
  sizes: readonly number[],
  random: RandomStream,
): Uint32Array[] {
  const units = unitsOf(train, groups);
  const ordered = proportionalOrder(units, target, random).flatMap((unit) =>
    unit.map((row) => ({ row, unit })),
  );
  return sizes.map((size) => {
    const wanted = Math.min(
      train.length,
      size <= 1 ? Math.max(1, Math.round(size * train.length)) : size,
    );
    // A group that is begun is taken whole.
    const last = ordered[wanted - 1].unit;
    const taken = ordered.filter(({ unit }, index) => index < wanted || unit === last);
    return Uint32Array.from(taken, ({ row }) => row).sort();
  });
}

function unitsOf(train: Uint32Array, groups: Int32Array | undefined): number[][] {
  if (!groups) return Array.from(train, (row) => [row]);
  const units = new Map<number, number[]>();
  for (const row of train) {
    const unit = units.get(groups[row]);
    if (unit) unit.push(row);
    else units.set(groups[row], [row]);
  }
  return [...units.values()];
}

/** Random within each class, classes interleaved by their shares; a group counts by its first row's class. */
function proportionalOrder(units: number[][], target: Target, random: RandomStream): number[][] {
  const shuffled = random.shuffleInPlace(units);
  if (target.task === "regression") return shuffled;
  const ofClass = new Map<number, number[][]>();
  for (const unit of shuffled) {
    const label = target.labels[unit[0]];
    ofClass.set(label, [...(ofClass.get(label) ?? []), unit]);
  }
  const placed = [...ofClass.values()].flatMap((members) =>
    members.map((unit, index) => ({ unit, place: (index + random.uniform()) / members.length })),
  );
  return placed.sort((a, b) => a.place - b.place).map(({ unit }) => unit);
}
