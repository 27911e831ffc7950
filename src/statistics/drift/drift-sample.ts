// What is known of the cases that are compared for drift: checked at the door, one case of each patient.

import { oneOfPatient } from "../one-of-patient.ts";
import { rowChecks } from "../row-checks.ts";

/** What is known of some cases; what both sides have is compared. */
export interface DriftSample {
  /** Number of cases. */
  readonly rows: number;
  /** `[rows, dimension]`. */
  readonly features?: ArrayLike<number>;
  /** How unusual each case is. */
  readonly scores?: ArrayLike<number>;
  /** Class given to each case. */
  readonly predicted?: ArrayLike<number>;
  /** True class of each case; of the reference it gives estimates of the batch's true shares. */
  readonly labels?: ArrayLike<number>;
  /** Patient of each case: one case of each is drawn. */
  readonly groups?: ArrayLike<number>;
}

/** The sample with one case of each patient. */
export function independentRows(
  sample: DriftSample,
  dimension: number,
  { side, seed }: { side: string; seed: number },
): DriftSample {
  const { groups, features, scores, predicted, labels } = sample;
  if (!groups) return sample;
  const all = Array.from({ length: sample.rows }, (_, row) => row);
  const rows = oneOfPatient(all, groups, { seed, purpose: `statistics/drift/${side}` });
  const take = (values: ArrayLike<number> | undefined) => values && rows.map((row) => values[row]);
  return {
    rows: rows.length,
    features: features && takeRows(features, rows, dimension),
    scores: take(scores),
    predicted: take(predicted),
    labels: take(labels),
  };
}

function takeRows(
  features: ArrayLike<number>,
  rows: readonly number[],
  dimension: number,
): Float64Array {
  const taken = new Float64Array(rows.length * dimension);
  rows.forEach((row, at) => {
    for (let i = 0; i < dimension; i++) taken[at * dimension + i] = features[row * dimension + i];
  });
  return taken;
}

/**
 * Refuses what does not belong together, and gives the number of features.
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function checkSamples(samples: readonly DriftSample[], classCount: number): number {
  const check = rowChecks("look for drift");
  for (const { rows, scores, predicted, labels, groups } of samples) {
    const columns = Object.entries({ scores, predicted, labels, groups });
    for (const [subject, values] of columns) {
      if (values) check.length(subject, values.length, rows, `one for each of ${rows} cases`);
    }
    if (scores) check.finite("scores", scores);
    for (const classes of [predicted, labels]) if (classes) check.classes(classes, classCount);
  }
  const filled = samples.filter(({ features, rows }) => features && rows > 0);
  const dimensions = filled.map(({ features, rows }) => Math.round((features?.length ?? 0) / rows));
  const dimension = dimensions[0] ?? 0;
  for (const { features, rows } of samples) {
    if (!features) continue;
    check.length(
      "features",
      features.length,
      rows * dimension,
      `${dimension} of each of ${rows} cases`,
    );
    check.finite("features", features);
  }
  return dimension;
}
