// The set of classes that each new case may belong to, cut at calibrated thresholds.

import { rowChecks } from "../row-checks.ts";
import type { ConformalFit } from "./fit-conformal.ts";
import { nonconformity } from "./nonconformity.ts";

/**
 * The set of each row: class numbers, the most probable first.
 * @param probabilities `[rows, classes]`, made as those calibrated on
 * @param samples of randomised sets: a number of each case that no other has, 0 … 2^32 − 1, such as a hash of
 * its name, so that its set does not depend on what is predicted with it. By default its row.
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function conformalSets(
  fit: ConformalFit,
  probabilities: ArrayLike<number>,
  { samples }: { samples?: ArrayLike<number> } = {},
): number[][] {
  const classCount = fit.classes.length;
  const rows = Math.round(probabilities.length / classCount);
  const check = rowChecks("make prediction sets");
  check.length("probabilities", probabilities.length, rows * classCount, `rows of ${classCount}`);
  check.probabilities("probabilities", probabilities);
  if (samples) check.length("samples", samples.length, rows, `one for each of ${rows} rows`);
  const purpose = "statistics/conformal/prediction";
  const scores = nonconformity(probabilities, classCount, { rule: fit, purpose, samples });
  return Array.from({ length: rows }, (_, row) => setOf(fit, probabilities, scores, row));
}

function setOf(
  { thresholds, classes, allowEmpty }: ConformalFit,
  probabilities: ArrayLike<number>,
  scores: Float64Array,
  row: number,
): number[] {
  const start = row * classes.length;
  const ranked = Array.from(classes.keys()).sort(
    (a, b) => probabilities[start + b] - probabilities[start + a] || a - b,
  );
  const set = ranked.filter((index) => {
    const { threshold } = thresholds[thresholds.length === 1 ? 0 : index];
    return threshold === null || scores[start + index] <= threshold;
  });
  return set.length === 0 && !allowEmpty ? ranked.slice(0, 1) : set;
}
