// What measures of impurity of classes have in common: the weight of each class in the node, and a
// histogram of the weight of each class in each bin, [bin * classes + class].

import { BIN_STRIDE, MISSING_BIN } from "./bins.ts";
import type { BinColumn, Criterion } from "./criterion.ts";

export interface ClassCriterionInput {
  readonly labels: Int32Array;
  /** Weight of each row in the tree that grows. */
  readonly weights: Float64Array;
  readonly classCount: number;
}

export abstract class ClassCriterion implements Criterion {
  readonly outputs: number;
  weight = 0;
  pure = false;
  pureClass = -1;
  gain = 0;
  protected readonly labels: Int32Array;
  protected readonly weights: Float64Array;
  /** Weight of each class in the node, and left of the cut. */
  protected readonly totals: Float64Array;
  protected readonly left: Float64Array;
  protected readonly histogram: Float64Array;
  /** Label and weight of the node's rows, in their order, read once for all features. */
  protected readonly nodeLabels: Int32Array;
  protected readonly nodeWeights: Float64Array;

  constructor({ labels, weights, classCount }: ClassCriterionInput) {
    this.outputs = classCount;
    this.labels = labels;
    this.weights = weights;
    this.totals = new Float64Array(classCount);
    this.left = new Float64Array(classCount);
    this.histogram = new Float64Array(classCount * BIN_STRIDE);
    this.nodeLabels = new Int32Array(labels.length);
    this.nodeWeights = new Float64Array(labels.length);
  }

  readNode(rows: Int32Array, start: number, end: number): void {
    const { labels, weights, totals, nodeLabels, nodeWeights } = this;
    totals.fill(0);
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const label = labels[row];
      const weight = weights[row];
      nodeLabels[i - start] = label;
      nodeWeights[i - start] = weight;
      totals[label] += weight;
    }
    this.sumUp();
  }

  protected sumUp(): void {
    const { totals } = this;
    let weight = 0;
    let classes = 0;
    let last = -1;
    for (let label = 0; label < totals.length; label++) {
      weight += totals[label];
      if (totals[label] > 0) {
        classes += 1;
        last = label;
      }
    }
    this.weight = weight;
    this.pure = classes < 2;
    this.pureClass = classes === 1 ? last : -1;
  }

  fill({ bins, offset, stride }: BinColumn, rows: Int32Array, start: number, end: number): void {
    const { histogram, nodeLabels, nodeWeights, outputs } = this;
    for (let i = start; i < end; i++) {
      histogram[bins[offset + rows[i] * stride] * outputs + nodeLabels[i - start]] +=
        nodeWeights[i - start];
    }
  }

  fillSparse(
    { bins, offset, stride }: BinColumn,
    rows: Int32Array,
    start: number,
    end: number,
    met: Int32Array,
  ): void {
    const { histogram, nodeLabels, nodeWeights, outputs } = this;
    for (let i = start; i < end; i++) {
      const bin = bins[offset + rows[i] * stride];
      met[bin >> 5] |= 1 << (bin & 31);
      histogram[bin * outputs + nodeLabels[i - start]] += nodeWeights[i - start];
    }
  }

  weightIn(bin: number): number {
    const { histogram, outputs } = this;
    let sum = 0;
    for (let cell = bin * outputs; cell < (bin + 1) * outputs; cell++) sum += histogram[cell];
    return sum;
  }

  abstract scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number;

  clear(present: Int32Array, count: number): void {
    const { histogram, outputs } = this;
    for (let i = 0; i < count; i++) {
      const first = present[i] * outputs;
      for (let cell = first; cell < first + outputs; cell++) histogram[cell] = 0;
    }
  }

  clearAll(): void {
    this.histogram.fill(0);
  }

  writeLeaf(values: Float64Array, at: number): void {
    for (let label = 0; label < this.outputs; label++) {
      values[at + label] = this.totals[label] / this.weight;
    }
  }

  /** Weight of each class left of all cuts: none, or that of missing values. */
  protected startLeft(missingLeft: boolean): Float64Array {
    const { left, histogram, outputs } = this;
    for (let label = 0; label < outputs; label++) {
      left[label] = missingLeft ? histogram[MISSING_BIN * outputs + label] : 0;
    }
    return left;
  }
}
