// Gini impurity of two classes with whole weights: weight and weight of positives share the two halves
// of one float64, pos · 2^26 + all, so that a row costs one addition. That is most of a large fit.

import { BIN_STRIDE, MISSING_BIN } from "./bins.ts";
import { ClassCriterion } from "./class-criterion.ts";
import type { BinColumn } from "./criterion.ts";

const HALF = 2 ** 26;

/** Two classes with whole weights whose sum is below 2^26. */
export class PackedGini extends ClassCriterion {
  override readNode(rows: Int32Array, start: number, end: number): void {
    const { labels, weights, nodeWeights } = this;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const packed = weights[row] * (1 + labels[row] * HALF);
      nodeWeights[i - start] = packed;
      sum += packed;
    }
    this.totals[1] = Math.floor(sum / HALF);
    this.totals[0] = sum - this.totals[1] * (HALF + 1);
    this.sumUp();
  }

  override fill(
    { bins, offset, stride }: BinColumn,
    rows: Int32Array,
    start: number,
    end: number,
  ): void {
    const { histogram, nodeWeights } = this;
    for (let i = start; i < end; i++) {
      histogram[bins[offset + rows[i] * stride]] += nodeWeights[i - start];
    }
  }

  override fillSparse(
    { bins, offset, stride }: BinColumn,
    rows: Int32Array,
    start: number,
    end: number,
    met: Int32Array,
  ): void {
    const { histogram, nodeWeights } = this;
    for (let i = start; i < end; i++) {
      const bin = bins[offset + rows[i] * stride];
      met[bin >> 5] |= 1 << (bin & 31);
      histogram[bin] += nodeWeights[i - start];
    }
  }

  override weightIn(bin: number): number {
    const packed = this.histogram[bin];
    return packed - Math.floor(packed / HALF) * HALF;
  }

  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight } = this;
    const positives = this.totals[1];
    let left = missingLeft ? histogram[MISSING_BIN] : 0;
    let best = -1;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      left += histogram[present[i]];
      const leftPositives = Math.floor(left / HALF);
      const leftWeight = left - leftPositives * HALF;
      const difference = leftPositives * weight - positives * leftWeight;
      const square = difference * difference;
      const sides = leftWeight * (weight - leftWeight);
      if (square > best * sides && i >= from) {
        best = square / sides;
        at = i;
      }
    }
    this.gain = (2 * best) / weight;
    return at;
  }

  override clear(present: Int32Array, count: number): void {
    const { histogram } = this;
    for (let i = 0; i < count; i++) histogram[present[i]] = 0;
  }

  override clearAll(): void {
    this.histogram.fill(0, 0, BIN_STRIDE);
  }
}
