// Squared error of numbers about their mean (Breiman et al.: "Classification and Regression Trees",
// 1984, section 8.3). The histogram holds weight and weighted sum of each bin: [bin * 2], [bin * 2 + 1].

import { BIN_STRIDE, MISSING_BIN } from "./bins.ts";
import type { BinColumn, Criterion } from "./criterion.ts";

export class SquaredError implements Criterion {
  readonly outputs = 1;
  weight = 0;
  pure = false;
  readonly pureClass = -1;
  gain = 0;
  private sum = 0;
  private mean = 0;
  private readonly values: Float64Array;
  private readonly weights: Float64Array;
  private readonly histogram = new Float64Array(2 * BIN_STRIDE);
  /** Weight, and weight times distance from the node's mean, of the node's rows in their order. */
  private readonly nodeWeights: Float64Array;
  private readonly nodeSums: Float64Array;

  constructor(values: Float64Array, weights: Float64Array) {
    this.values = values;
    this.weights = weights;
    this.nodeWeights = new Float64Array(values.length);
    this.nodeSums = new Float64Array(values.length);
  }

  readNode(rows: Int32Array, start: number, end: number): void {
    const { values, weights } = this;
    let weight = 0;
    let sum = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const value = values[row];
      weight += weights[row];
      sum += weights[row] * value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.weight = weight;
    this.pure = !(low < high);
    // Rounding must not carry a leaf outside what it holds.
    this.mean = Math.min(high, Math.max(low, sum / weight));
    if (!this.pure) this.centre(rows, start, end);
  }

  /** Sums of distances from the mean keep their digits where the values are far from 0. */
  private centre(rows: Int32Array, start: number, end: number): void {
    const { values, weights, nodeWeights, nodeSums, mean } = this;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const weighted = weights[row] * (values[row] - mean);
      nodeWeights[i - start] = weights[row];
      nodeSums[i - start] = weighted;
      sum += weighted;
    }
    this.sum = sum;
  }

  fill({ bins, offset, stride }: BinColumn, rows: Int32Array, start: number, end: number): void {
    const { histogram, nodeWeights, nodeSums } = this;
    for (let i = start; i < end; i++) {
      const cell = bins[offset + rows[i] * stride] * 2;
      histogram[cell] += nodeWeights[i - start];
      histogram[cell + 1] += nodeSums[i - start];
    }
  }

  fillSparse(
    { bins, offset, stride }: BinColumn,
    rows: Int32Array,
    start: number,
    end: number,
    met: Int32Array,
  ): void {
    const { histogram, nodeWeights, nodeSums } = this;
    for (let i = start; i < end; i++) {
      const bin = bins[offset + rows[i] * stride];
      met[bin >> 5] |= 1 << (bin & 31);
      histogram[bin * 2] += nodeWeights[i - start];
      histogram[bin * 2 + 1] += nodeSums[i - start];
    }
  }

  weightIn(bin: number): number {
    return this.histogram[bin * 2];
  }

  /** The decrease is (S_L w − S w_L)² / (w w_L w_R). */
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight, sum } = this;
    let leftWeight = missingLeft ? histogram[MISSING_BIN * 2] : 0;
    let leftSum = missingLeft ? histogram[MISSING_BIN * 2 + 1] : 0;
    let best = -1;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      const cell = present[i] * 2;
      leftWeight += histogram[cell];
      leftSum += histogram[cell + 1];
      const difference = leftSum * weight - sum * leftWeight;
      const square = difference * difference;
      const sides = leftWeight * (weight - leftWeight);
      if (square > best * sides && i >= from) {
        best = square / sides;
        at = i;
      }
    }
    this.gain = best / weight;
    return at;
  }

  clear(present: Int32Array, count: number): void {
    const { histogram } = this;
    for (let i = 0; i < count; i++) {
      histogram[present[i] * 2] = 0;
      histogram[present[i] * 2 + 1] = 0;
    }
  }

  clearAll(): void {
    this.histogram.fill(0);
  }

  writeLeaf(values: Float64Array, at: number): void {
    values[at] = this.mean;
  }
}
