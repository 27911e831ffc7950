// Platt scaling: P = σ(slope · logit + intercept), fitted for each label of a multi-label classifier.
// Platt, in Advances in Large Margin Classifiers, 1999, 61–74 (with its softened targets); Lin, Lin &
// Weng, Mach Learn 2007;68:267–276. Fit on validation data, never on the cases that are then judged.

import { columnOf } from "../columns.ts";
import { solveLogisticLine } from "../logistic-line.ts";
import { rowChecks } from "../row-checks.ts";
import { type CalibrationState, calibrationState } from "./calibration-state.ts";
import { withZeros } from "./logit-input.ts";

/** The line of one label. Plain data. */
export interface PlattLine {
  readonly label: string;
  readonly slope: number;
  readonly intercept: number;
  /** Rows whose truth is known (and weight above 0). */
  readonly n: number;
  readonly positives: number;
  /** Rows left out since their truth is unknown. */
  readonly unknown: number;
  /** null without a known row. */
  readonly before: CalibrationState | null;
  readonly after: CalibrationState | null;
  /** Why the probabilities of this label stay as they are, where they do. */
  readonly keptBecause?: string;
}

const fewest = 5;

/**
 * The line of each label by maximum likelihood. A label with fewer than 5 positive or 5 negative cases,
 * with equal logits throughout, or whose logits rank the wrong way keeps its probabilities, and
 * `keptBecause` says so.
 * @param logits `[rows, labels]`
 * @param truth `[rows, labels]`: 1 found, 0 not found, NaN unknown
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function fitPlattScaling(
  logits: ArrayLike<number>,
  truth: ArrayLike<number>,
  { labels, weights }: { labels: readonly string[]; weights?: ArrayLike<number> },
): PlattLine[] {
  const check = rowChecks("recalibrate probabilities");
  const rows = Math.round(truth.length / labels.length);
  check.length("truth", truth.length, rows * labels.length, `rows of ${labels.length} labels`);
  check.length("logits", logits.length, truth.length, "one for each truth");
  check.finite("logits", logits);
  check.findings("truth", truth);
  if (weights) check.weights(weights, rows);
  return labels.map((label, index) => {
    const column = columnOf(logits, index, labels.length);
    return fitLabel(label, column, columnOf(truth, index, labels.length), weights);
  });
}

/** Probabilities of the recalibrated labels, `[rows, labels]`. */
export function plattProbabilities(
  logits: ArrayLike<number>,
  lines: readonly Pick<PlattLine, "slope" | "intercept">[],
): Float64Array {
  return Float64Array.from(logits, (logit, index) => {
    const { slope, intercept } = lines[index % lines.length];
    return 1 / (1 + Math.exp(-slope * logit - intercept));
  });
}

function fitLabel(
  label: string,
  logits: Float64Array,
  truth: Float64Array,
  weights: ArrayLike<number> | undefined,
): PlattLine {
  const known = Array.from(truth.keys()).filter((row) => !Number.isNaN(truth[row]));
  const used = known.filter((row) => weights?.[row] !== 0);
  const outcome = Float64Array.from(used, (row) => truth[row]);
  const taken = Float64Array.from(used, (row) => logits[row]);
  const weight = Float64Array.from(used, (row) => weights?.[row] ?? 1);
  const positives = outcome.reduce((sum, value) => sum + value, 0);
  const line = bestLine(taken, outcome, weight);
  const state = (column: Float64Array) =>
    used.length === 0
      ? null
      : calibrationState(
          { logits: withZeros(column), labels: outcome, classCount: 2, weights: weight },
          1,
        );
  return {
    label,
    ...line,
    n: used.length,
    positives,
    unknown: truth.length - known.length,
    before: state(taken),
    after: state(taken.map((logit) => line.slope * logit + line.intercept)),
  };
}

type Line = Pick<PlattLine, "slope" | "intercept" | "keptBecause">;

function bestLine(logits: Float64Array, outcome: Float64Array, weight: Float64Array): Line {
  const keep = (keptBecause: string) => ({ slope: 1, intercept: 0, keptBecause });
  const positives = outcome.reduce((sum, value) => sum + value, 0);
  const negatives = outcome.length - positives;
  if (Math.min(positives, negatives) < fewest) {
    return keep(
      `${positives} positive and ${negatives} negative cases; ${fewest} of each are needed`,
    );
  }
  if (logits.every((logit) => logit === logits[0])) return keep("all logits are equal");
  const { a, b } = solveLogisticLine(
    { outcome: softened(outcome, weight), weight, logits },
    "slope",
  );
  if (b <= 0) return keep("higher logits do not go with more positive cases");
  return { slope: b, intercept: a };
}

/** Platt's targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2), with weights for counts: the optimum is finite. */
function softened(outcome: Float64Array, weight: Float64Array): Float64Array {
  let positive = 0;
  let negative = 0;
  for (let row = 0; row < outcome.length; row++) {
    if (outcome[row] === 1) positive += weight[row];
    else negative += weight[row];
  }
  return outcome.map((value) =>
    value === 1 ? (positive + 1) / (positive + 2) : 1 / (negative + 2),
  );
}
