// The mean over images with its interval, as a figure.

import { type Figure, studentQuantile } from "../statistics/index.ts";

const LEVEL = 0.95;
const METHOD = "mean with Student's t interval over images";

/** The mean of values that are there; those that are not (NaN) are not among `n`. */
export function meanFigure(values: readonly number[]): Figure {
  const known = values.filter((value) => !Number.isNaN(value));
  const n = known.length;
  const about = { level: LEVEL, n, method: METHOD };
  if (n === 0)
    return {
      value: null,
      low: null,
      high: null,
      ...about,
      undefinedBecause: "no image has a value",
    };
  const mean = known.reduce((sum, one) => sum + one, 0) / n;
  if (n === 1)
    return {
      value: mean,
      low: null,
      high: null,
      ...about,
      undefinedBecause: "one image gives no interval",
    };
  const squares = known.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const half = studentQuantile(0.5 + LEVEL / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { value: mean, low: mean - half, high: mean + half, ...about };
}
