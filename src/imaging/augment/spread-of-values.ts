// How far an image's values spread, by which random changes measure their strength.

import type { Image } from "../../base/index.ts";

/** Mean and standard deviation (as a population) of the finite values of all channels; zeros where there are none. */
export function meanAndSpread({ data }: Image): { mean: number; sd: number } {
  let count = 0;
  let sum = 0;
  for (let at = 0; at < data.length; at++) {
    const value = data[at];
    if (value - value !== 0) continue;
    count += 1;
    sum += value;
  }
  if (count === 0) return { mean: 0, sd: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let at = 0; at < data.length; at++) {
    const difference = data[at] - mean;
    if (difference - difference === 0) squares += difference * difference;
  }
  return { mean, sd: Math.sqrt(squares / count) };
}

/** Lowest and highest finite value; zeros where there are none. */
export function rangeOfValues({ data }: Image): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < data.length; at++) {
    const value = data[at];
    if (value - value !== 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}
