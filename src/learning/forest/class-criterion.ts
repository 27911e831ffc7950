// Gini impurity and entropy of class weights (Breiman et al.: "Classification and Regression Trees",
// 1984, section 4.3). The histogram holds the weight of each class in each bin: [bin * classes + class].

import { BIN_STRIDE, MISSING_BIN } from "./bins.ts";
import type { BinColumn, Criterion } from "./criterion.ts";

interface ClassCriterionInput {
  readonly labels: Int32Array;
  /** Weight of each row in the tree that grows. */
  readonly weights: Float64Array;
  readonly classCount: number;
  readonly criterion: "gini" | "entropy";
  /** Whether all weights are whole numbers whose sum is below 2^26. */
  readonly wholeWeights: boolean;
}

export function classCriterion(input: ClassCriterionInput): Criterion {
  if (input.criterion === "entropy") return new Entropy(input);
  if (input.classCount > 2) return new Gini(input);
  return input.wholeWeights ? new PackedGini(input) : new BinaryGini(input);
}

abstract class ClassCriterion implements Criterion {
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

/** Two classes: the decrease is 2 w_L w_R (p_L − p_R)² / w, with one division a cut. */
class BinaryGini extends ClassCriterion {
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight } = this;
    const positives = this.totals[1];
    const left = this.startLeft(missingLeft);
    let leftPositives = left[1];
    let leftWeight = left[0] + left[1];
    let best = -1;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      const cell = present[i] * 2;
      const added = histogram[cell + 1];
      leftPositives += added;
      leftWeight += histogram[cell] + added;
      // w_L w_R (p_L − p_R) = pos_L w − pos w_L
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
}

const HALF = 2 ** 26;

/**
 * The same for whole weights: weight and weight of positives share the two halves of one float64,
 * pos · 2^26 + all, so that a row costs one addition. That is most of a large fit.
 */
class PackedGini extends ClassCriterion {
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
    return this.histogram[bin] % HALF;
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

/** Any number of classes: the decrease is Σ L_k² / w_L + Σ R_k² / w_R − Σ T_k² / w. */
class Gini extends ClassCriterion {
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight, totals, outputs } = this;
    const left = this.startLeft(missingLeft);
    let leftWeight = 0;
    let leftSquares = 0;
    let rightSquares = 0;
    let squares = 0;
    for (let label = 0; label < outputs; label++) {
      leftWeight += left[label];
      leftSquares += left[label] * left[label];
      rightSquares += (totals[label] - left[label]) ** 2;
      squares += totals[label] * totals[label];
    }
    let best = -1;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      const first = present[i] * outputs;
      for (let label = 0; label < outputs; label++) {
        const added = histogram[first + label];
        if (added === 0) continue;
        const before = left[label];
        leftWeight += added;
        leftSquares += added * (added + 2 * before);
        rightSquares += added * (added - 2 * (totals[label] - before));
        left[label] = before + added;
      }
      const score = leftSquares / leftWeight + rightSquares / (weight - leftWeight);
      if (score > best && i >= from) {
        best = score;
        at = i;
      }
    }
    this.gain = Math.max(0, best - squares / weight);
    return at;
  }
}

/** The decrease in bits: Σ L_k ld L_k − w_L ld w_L + the same of R − the same of all. */
class Entropy extends ClassCriterion {
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight, totals, outputs } = this;
    const left = this.startLeft(missingLeft);
    let best = Number.NEGATIVE_INFINITY;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      const first = present[i] * outputs;
      let leftWeight = 0;
      let score = 0;
      for (let label = 0; label < outputs; label++) {
        left[label] += histogram[first + label];
        leftWeight += left[label];
        score += xLog2x(left[label]) + xLog2x(totals[label] - left[label]);
      }
      score -= xLog2x(leftWeight) + xLog2x(weight - leftWeight);
      if (score > best && i >= from) {
        best = score;
        at = i;
      }
    }
    let whole = -xLog2x(weight);
    for (let label = 0; label < outputs; label++) whole += xLog2x(totals[label]);
    this.gain = Math.max(0, best - whole);
    return at;
  }
}

/** x ld x, 0 at 0 (and where rounding has left less than 0). */
function xLog2x(x: number): number {
  return x > 0 ? x * Math.log2(x) : 0;
}
