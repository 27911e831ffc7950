// The nearest images by their features: exact, by comparison with every one.

import { checkParameters, integer, oneOf, parameters, RoentgenError } from "../base/index.ts";

/** Features of images, [N, features] in C order. */
export interface FeatureRows {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface NearestImagesOptions {
  /** How many; fewer where there are not as many. By default 5. */
  count?: number;
  /** "cosine" is 1 less the cosine of the angle between features, from 0 to 2. By default "cosine". */
  distance?: "cosine" | "euclidean";
}

/** For each query the nearest images, the nearest first; of several at one distance the earliest. */
export interface NearestImages {
  /** Rows of the features, [queries][count]. */
  readonly indices: readonly Int32Array[];
  readonly distances: readonly Float64Array[];
}

const settings = parameters({
  count: integer({ min: 1 }).default(5),
  distance: oneOf("cosine", "euclidean").default("cosine"),
});

/**
 * Finds the images whose features are nearest to those of each query.
 * @throws RoentgenError "shape-mismatch" where they have not equally many features, "value-invalid" where one is not finite
 */
export function nearestImages(
  features: FeatureRows,
  queries: FeatureRows,
  options: NearestImagesOptions = {},
): NearestImages {
  const { count, distance } = checkParameters(settings, options, "search for the nearest images");
  const [rows, length] = lengthsOf(features);
  const [asked, queryLength] = lengthsOf(queries);
  if (length !== queryLength) throw unfit(`${length} features an image`, `${queryLength}`);
  const norms = Float64Array.from({ length: rows }, (_, row) => normOf(features.data, row, length));
  const found = Array.from({ length: asked }, (_, query) => {
    const own = normOf(queries.data, query, length);
    const distances = Float64Array.from({ length: rows }, (__, row) => {
      const [a, b] = [row * length, query * length];
      return distance === "cosine"
        ? 1 - dotOf(features.data, queries.data, { a, b, length }) / (norms[row] * own)
        : distanceOf(features.data, queries.data, { a, b, length });
    });
    return smallest(distances, Math.min(count, rows));
  });
  return {
    indices: found.map(({ at }) => at),
    distances: found.map(({ values }) => values),
  };
}

function lengthsOf({ shape, data }: FeatureRows): readonly [number, number] {
  const [rows, length] = shape;
  if (shape.length !== 2 || data.length !== rows * length) {
    throw unfit(
      "features of shape [N, features]",
      `[${shape.join(", ")}] with ${data.length} numbers`,
    );
  }
  const odd = data.findIndex((value) => !Number.isFinite(value));
  if (odd < 0) return [rows, length];
  throw new RoentgenError("value-invalid", {
    problem: "Cannot compare the features of the images",
    expected: "finite numbers",
    found: `${data[odd]} in row ${Math.floor(odd / length)}`,
    subject: "features",
  });
}

interface Rows {
  /** Where the rows begin. */
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

function dotOf(left: Float32Array, right: Float32Array, { a, b, length }: Rows): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += left[a + at] * right[b + at];
  return sum;
}

function distanceOf(left: Float32Array, right: Float32Array, { a, b, length }: Rows): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += (left[a + at] - right[b + at]) ** 2;
  return Math.sqrt(sum);
}

/** The length of a row; features that are all 0 are at a right angle to everything. */
function normOf(data: Float32Array, row: number, length: number): number {
  const start = row * length;
  return Math.sqrt(dotOf(data, data, { a: start, b: start, length })) || 1;
}

/** The smallest values in order, kept in a short sorted list. */
function smallest(values: Float64Array, count: number): { at: Int32Array; values: Float64Array } {
  const at = new Int32Array(count).fill(-1);
  const kept = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let index = 0; index < values.length; index++) {
    if (!(values[index] < kept[count - 1])) continue;
    let place = count - 1;
    for (; place > 0 && values[index] < kept[place - 1]; place--) {
      kept[place] = kept[place - 1];
      at[place] = at[place - 1];
    }
    kept[place] = values[index];
    at[place] = index;
  }
  return { at, values: kept };
}

function unfit(expected: string, found: string): RoentgenError {
  return new RoentgenError("shape-mismatch", {
    problem: "Cannot compare the features of the images",
    expected,
    found,
    subject: "features",
  });
}
