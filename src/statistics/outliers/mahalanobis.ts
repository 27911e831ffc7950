// How far a case lies from all that a classifier was trained on: Mahalanobis' distance of its features to
// the nearest class. Lee, Lee, Lee & Shin, NeurIPS 2018, section 2.1; relative to the distance from all
// training cases together: Ren et al., arXiv:2106.09022, 2021, section 4. All directions of the features count:
// those of least variance are the ones that tell turned and flipped images (docs/correctness.md).

import { checkParameters, flag, number, type OptionsOf, parameters } from "../../base/index.ts";
import type { JudgementWork } from "../judgement-work.ts";
import { type RowChecks, rowChecks } from "../row-checks.ts";
import { type Deviations, shrunkCovariance } from "./shrunk-covariance.ts";
import { whiteningOf } from "./whitening.ts";

const mahalanobisParameters = parameters({
  /** Share of the identity in the covariance, 0 … 1; Ledoit and Wolf's where absent. */
  shrinkage: number({ min: 0, max: 1 }).optional(),
  /** Whether the distance from all training cases together is taken off: better for cases that are nearly usual. */
  relative: flag().default(false),
});

/** All has defaults. */
export type MahalanobisOptions = OptionsOf<typeof mahalanobisParameters>;

/** z = matrix · x + offset, whose covariance is the identity. */
export interface Whitening {
  /** `[dimension, dimension]`, lower triangular. */
  readonly matrix: Float64Array;
  /** `[dimension]`: it puts the mean of the training cases at 0. */
  readonly offset: Float64Array;
  readonly shrinkage: number;
}

/**
 * What distances are measured with, as plain arrays that also make an ONNX graph: Gemm (matrix, offset), Sub
 * (means), square and sum over features, minimum over classes; where relative, less the squared length of the
 * background's Gemm.
 */
export interface MahalanobisFit {
  /** Features of a case. */
  readonly dimension: number;
  /** Training cases. */
  readonly n: number;
  /** Classes that have cases; a class without is no neighbour. */
  readonly classes: readonly string[];
  /** Training cases of each. */
  readonly counts: readonly number[];
  readonly whitening: Whitening;
  /** Whitened class means, `[classes, dimension]`. */
  readonly means: Float64Array;
  /** Of all training cases together, where the distance is relative to theirs. */
  readonly background: Whitening | null;
}

/** Distances of some cases. */
export interface MahalanobisScores {
  /** Squared distance to the nearest class (where relative, less that to all): greater is stranger. */
  readonly scores: Float64Array;
  /** The nearest class, an index into the fit's classes. */
  readonly nearest: Int32Array;
}

const fewest = 10;
const mostFeatures = 4096;

/**
 * Fits class means and their shared covariance. Takes n × d² / 2 + d³ / 3 multiplications.
 *
 * Training cases lie closer to their own means than new ones do: calibrate scores on cases held out
 * (`fitUnusualness`).
 * @param features `[rows, d]`, d at most 4096
 * @param labels class of each row; all 0 with one class where there are no classes
 * @throws RoentgenError "too-few-samples" below 10 rows, "too-large", "shape-mismatch", "value-invalid", "cancelled"
 */
export async function fitMahalanobis(
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  { classes, ...options }: { classes: readonly string[] } & MahalanobisOptions,
  work: JudgementWork = {},
): Promise<MahalanobisFit> {
  const { shrinkage, relative } = checkParameters(
    mahalanobisParameters,
    options,
    "Mahalanobis distance",
  );
  const dimension = checkRows(rowChecks("measure distances"), features, labels, classes);
  const rows = labels.length;
  const all = meanOf(features, dimension, () => true, rows);
  const present = classes
    .map((name, index) => ({ name, index, count: countOf(labels, index) }))
    .filter(({ count }) => count > 0);
  const means = present.map(({ index, count }) =>
    meanOf(features, dimension, (row) => labels[row] === index, count),
  );
  const meanOfClass = new Map(present.map(({ index }, at) => [index, means[at]]));
  const within = deviationsFrom(features, dimension, (row) => meanOfClass.get(labels[row])!);
  const whitening = await whiten(within, all, shrinkage, work);
  const overall = deviationsFrom(features, dimension, () => all);
  return {
    dimension,
    n: rows,
    classes: present.map(({ name }) => name),
    counts: present.map(({ count }) => count),
    whitening,
    means: whitenedRows(whitening, means),
    background: relative ? await whiten(overall, all, shrinkage, work) : null,
  };
}

/**
 * Distances of cases, from their features `[rows, d]`.
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function mahalanobisScores(
  { dimension, whitening, means, background }: MahalanobisFit,
  features: ArrayLike<number>,
): MahalanobisScores {
  const rows = Math.round(features.length / dimension);
  const check = rowChecks("measure distances");
  check.length("features", features.length, rows * dimension, `rows of ${dimension} features`);
  check.finite("features", features);
  const scores = new Float64Array(rows);
  const nearest = new Int32Array(rows);
  const white = new Float64Array(dimension);
  const origin = new Float64Array(dimension);
  for (let row = 0; row < rows; row++) {
    applyWhitening(whitening, features, row * dimension, white);
    scores[row] = Number.POSITIVE_INFINITY;
    for (let start = 0; start < means.length; start += dimension) {
      const distance = squaredDistance(white, means, start);
      if (distance >= scores[row]) continue;
      scores[row] = distance;
      nearest[row] = start / dimension;
    }
    if (!background) continue;
    applyWhitening(background, features, row * dimension, white);
    scores[row] -= squaredDistance(white, origin, 0);
  }
  return { scores, nearest };
}

function checkRows(
  check: RowChecks,
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: readonly string[],
): number {
  const rows = labels.length;
  if (rows < fewest) {
    check.refuse("too-few-samples", {
      subject: "features",
      expected: `${fewest} cases or more`,
      found: `${rows}`,
    });
  }
  const dimension = Math.round(features.length / rows);
  check.length("features", features.length, rows * dimension, "as many of each row");
  check.classes(labels, classes.length);
  check.finite("features", features);
  if (dimension <= mostFeatures) return dimension;
  return check.refuse("too-large", {
    subject: "features",
    expected: `at most ${mostFeatures} of each case`,
    found: `${dimension}`,
    remedy: "Take features after pooling over the image.",
  });
}

async function whiten(
  deviations: Deviations,
  centre: Float64Array,
  wanted: number | undefined,
  work: JudgementWork,
): Promise<Whitening> {
  const { dimension } = deviations;
  const { covariance, shrinkage } = await shrunkCovariance(deviations, { shrinkage: wanted }, work);
  const matrix = await whiteningOf(covariance, dimension, work);
  if (!Number.isFinite(matrix[matrix.length - 1])) {
    rowChecks("measure distances").refuse("value-invalid", {
      subject: "features",
      expected: "features that vary, none of which follows from others",
      found: "a covariance that has no inverse",
      remedy: "Leave out constant features, or choose a shrinkage above 0.",
    });
  }
  const white = new Float64Array(dimension);
  applyWhitening({ matrix, offset: new Float64Array(dimension) }, centre, 0, white);
  return { matrix, offset: white.map((value) => -value), shrinkage };
}

/** matrix · x + offset of the features that begin at `start`. */
function applyWhitening(
  { matrix, offset }: Pick<Whitening, "matrix" | "offset">,
  features: ArrayLike<number>,
  start: number,
  out: Float64Array,
): void {
  const dimension = out.length;
  for (let i = 0; i < dimension; i++) {
    let sum = offset[i];
    for (let j = 0; j <= i; j++) sum += matrix[i * dimension + j] * features[start + j];
    out[i] = sum;
  }
}

function whitenedRows(whitening: Whitening, rows: readonly Float64Array[]): Float64Array {
  const { length } = whitening.offset;
  const white = new Float64Array(rows.length * length);
  rows.forEach((row, at) => {
    applyWhitening(whitening, row, 0, white.subarray(at * length, (at + 1) * length));
  });
  return white;
}

function squaredDistance(a: Float64Array, b: Float64Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[start + i]) ** 2;
  return sum;
}

function deviationsFrom(
  features: ArrayLike<number>,
  dimension: number,
  centreOf: (row: number) => Float64Array,
): Deviations {
  return {
    rows: features.length / dimension,
    dimension,
    read: (row, out) => {
      const centre = centreOf(row);
      for (let i = 0; i < dimension; i++) out[i] = features[row * dimension + i] - centre[i];
    },
  };
}

function meanOf(
  features: ArrayLike<number>,
  dimension: number,
  belongs: (row: number) => boolean,
  count: number,
): Float64Array {
  const mean = new Float64Array(dimension);
  for (let row = 0; row * dimension < features.length; row++) {
    if (!belongs(row)) continue;
    for (let i = 0; i < dimension; i++) mean[i] += features[row * dimension + i];
  }
  return mean.map((sum) => sum / count);
}

function countOf(labels: ArrayLike<number>, index: number): number {
  let count = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row] === index) count += 1;
  return count;
}
