// The figures of an image's values: how many, how far they range, mean, spread, percentiles, histogram.

import { type Image, RoentgenError, type VoxelArray } from "../../base/index.ts";
import { channelViews } from "./channels.ts";
import { type Masked, maskVoxels, valuesToMeasure } from "./foreground.ts";
import { binned, rangeOf } from "./histogram.ts";
import { percentilesOf } from "./percentile.ts";

export interface ImageStatistics {
  /** Finite values measured. */
  readonly count: number;
  /** Values left out because they are NaN or infinite. */
  readonly notFinite: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation of the values as a population (divided by their number). */
  readonly sd: number;
  readonly percentiles: readonly { readonly percent: number; readonly value: number }[];
  /** Counts in bins of equal width from min to max, where bins were asked for. */
  readonly histogram?: { readonly range: readonly [number, number]; readonly counts: number[] };
}

export interface StatisticsOptions extends Masked {
  /** 0 … 100; default 0.5, 5, 25, 50, 75, 95 and 99.5. */
  readonly percents?: readonly number[];
  /** Bins of the histogram; none by default. */
  readonly bins?: number;
  /** One channel of several; all together by default. */
  readonly channel?: number;
}

const PERCENTS = [0.5, 5, 25, 50, 75, 95, 99.5];

/**
 * Measures an image, over a mask if there is one. Percentiles are exact, between neighbours linear as
 * numpy.percentile; the histogram is numpy.histogram's.
 * @throws RoentgenError "value-missing" where no finite value is measured, "bad-option" for a percent or channel
 * that there is none of
 */
export function imageStatistics(
  image: Image,
  { mask, percents = PERCENTS, bins, channel }: StatisticsOptions = {},
): ImageStatistics {
  checkPercents(percents);
  const values = channel === undefined ? image.data : channelAt(image, channel);
  const inside = maskVoxels(mask, image);
  const measured = valuesToMeasure(values, { mask: inside });
  const [min, max] = rangeOf(measured);
  const found = percentilesOf(measured, percents);
  return {
    count: measured.length,
    notFinite: countInside(values, inside) - measured.length,
    min,
    max,
    ...meanAndSd(measured),
    percentiles: percents.map((percent, at) => ({ percent, value: found[at] })),
    ...(bins && {
      histogram: { range: [min, max], counts: [...binned(measured, bins, [min, max]).counts] },
    }),
  };
}

/** Mean and standard deviation (of a population) of finite values, in two passes. */
export function meanAndSd(values: VoxelArray): { mean: number; sd: number } {
  const mean = sumOf(values) / values.length;
  return { mean, sd: Math.sqrt(squaresAbout(values, mean) / values.length) };
}

/** In four lanes, since one sum would wait for itself at every value. */
function sumOf(values: VoxelArray): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const even = values.length & ~3;
  for (let at = 0; at < even; at += 4) {
    a += values[at];
    b += values[at + 1];
    c += values[at + 2];
    d += values[at + 3];
  }
  for (let at = even; at < values.length; at++) a += values[at];
  return a + b + (c + d);
}

function squaresAbout(values: VoxelArray, mean: number): number {
  let [a, b] = [0, 0];
  const even = values.length & ~1;
  for (let at = 0; at < even; at += 2) {
    const [x, y] = [values[at] - mean, values[at + 1] - mean];
    a += x * x;
    b += y * y;
  }
  if (even < values.length) a += (values[even] - mean) ** 2;
  return a + b;
}

function countInside(values: VoxelArray, mask: VoxelArray | undefined): number {
  if (!mask) return values.length;
  let count = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at] !== 0) count++;
  return count * (values.length / mask.length);
}

function channelAt(image: Image, channel: number): VoxelArray {
  const views = channelViews(image, true);
  if (views[channel]) return views[channel];
  throw new RoentgenError("bad-option", {
    problem: "The image has no such channel",
    expected: `0 … ${views.length - 1}`,
    found: `${channel}`,
    subject: "channel",
  });
}

function checkPercents(percents: readonly number[]): void {
  const odd = percents.find((percent) => !(percent >= 0 && percent <= 100));
  if (odd === undefined) return;
  throw new RoentgenError("bad-option", {
    problem: "A percentile lies outside its range",
    expected: "0 … 100",
    found: `${odd}`,
    subject: "percents",
  });
}
