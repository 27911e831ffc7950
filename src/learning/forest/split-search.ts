// The best split of a node among randomly drawn features: by the best cut (Breiman 2001) or by one
// random cut a feature (Geurts et al. 2006). Missing values are tried on both sides (Twala et al.:
// "Good methods for coping with missing data in decision trees", Pattern Recogn. Lett. 29, 2008).

import type { RandomStream } from "../../base/index.ts";
import { BIN_STRIDE, type BinnedFeatures, MISSING_BIN, pointTo, thresholdBetween } from "./bins.ts";
import type { BinColumn, Criterion } from "./criterion.ts";

export interface SplitRules {
  /** Features tried at each split. */
  readonly featuresPerSplit: number;
  readonly randomCuts: boolean;
  readonly minSamplesLeaf: number;
  /** Least weight of a leaf. */
  readonly minWeightLeaf: number;
}

/** Up to this many rows a node visits only the bins that occur in it. */
const SPARSE_ROWS = 128;

/** Searches one tree's nodes; `feature` … `gain` describe the split found last. */
export class SplitSearch {
  feature = -1;
  /** Rows in bins up to this one go left. */
  cut = 0;
  threshold = 0;
  missingLeft = false;
  /** Whether the node had missing values of the feature. */
  sawMissing = false;
  gain = 0;

  private readonly features: BinnedFeatures;
  private readonly criterion: Criterion;
  private readonly rules: SplitRules;
  private readonly random: RandomStream;
  /** All features, in an order that each draw shuffles further. */
  private readonly order: Int32Array;
  /** Bins of the feature in hand, ascending, without that of missing values; first and last are occupied. */
  private readonly present = new Int32Array(BIN_STRIDE);
  private presentCount = 0;
  private hasMissing = false;
  private sparse = true;
  private readonly column: BinColumn;
  private readonly met = new Int32Array(BIN_STRIDE / 32);
  private readonly rowsIn = new Int32Array(BIN_STRIDE);

  constructor(
    features: BinnedFeatures,
    criterion: Criterion,
    rules: SplitRules,
    random: RandomStream,
  ) {
    this.features = features;
    this.criterion = criterion;
    this.rules = rules;
    this.random = random;
    this.column = { bins: features.bins, offset: 0, stride: 1 };
    this.order = Int32Array.from({ length: features.featureCount }, (_, index) => index);
  }

  /**
   * Looks for a split of the node that the criterion has read.
   * As in scikit-learn, features that are constant in the node count as tried, but the search goes
   * on until one is not constant.
   * @returns whether there is one
   */
  find(rows: Int32Array, start: number, end: number): boolean {
    const { order, rules } = this;
    this.feature = -1;
    this.gain = -1;
    let varies = false;
    for (let tried = 0; tried < order.length; tried++) {
      if (tried >= rules.featuresPerSplit && varies) break;
      const drawn = tried + this.draw(order.length - tried);
      const feature = order[drawn];
      order[drawn] = order[tried];
      order[tried] = feature;
      this.count(feature, rows, start, end);
      if (this.presentCount + (this.hasMissing ? 1 : 0) > 1) {
        varies = true;
        this.tryCuts(feature, rows, start, end);
      }
      this.clear();
    }
    return this.feature >= 0;
  }

  /** An integer below `bound`; the bias of at most bound / 2^32 is harmless here. */
  private draw(bound: number): number {
    return Math.floor((this.random.uint32() * bound) / 4294967296);
  }

  /** Fills the histogram of a feature and lists the bins that occur. */
  private count(feature: number, rows: Int32Array, start: number, end: number): void {
    const { criterion, met, column } = this;
    pointTo(this.features, feature, end - start, column);
    this.sparse = end - start <= SPARSE_ROWS;
    if (this.sparse) {
      met.fill(0);
      criterion.fillSparse(column, rows, start, end, met);
      this.listMet();
    } else {
      criterion.fill(column, rows, start, end);
      this.listStretch(this.features.binCounts[feature]);
    }
  }

  /** Lists all bins from the first occupied to the last; empty ones between them do no harm. */
  private listStretch(binCount: number): void {
    const { criterion, present } = this;
    let first = 0;
    let last = binCount - 1;
    while (first <= last && criterion.weightIn(first) === 0) first++;
    while (last > first && criterion.weightIn(last) === 0) last--;
    for (let bin = first; bin <= last; bin++) present[bin - first] = bin;
    this.presentCount = last - first + 1;
    this.hasMissing = criterion.weightIn(MISSING_BIN) > 0;
  }

  private listMet(): void {
    const { met, present } = this;
    let count = 0;
    for (let word = 0; word < met.length; word++) {
      let bits = met[word];
      while (bits !== 0) {
        const lowest = bits & -bits;
        present[count++] = (word << 5) | (31 - Math.clz32(lowest));
        bits ^= lowest;
      }
    }
    this.hasMissing = count > 0 && present[count - 1] === MISSING_BIN;
    this.presentCount = this.hasMissing ? count - 1 : count;
  }

  private clear(): void {
    const { present, presentCount, hasMissing, sparse } = this;
    if (!sparse) {
      this.criterion.clearAll();
      return;
    }
    if (hasMissing) present[presentCount] = MISSING_BIN;
    this.criterion.clear(present, presentCount + (hasMissing ? 1 : 0));
  }

  private tryCuts(feature: number, rows: Int32Array, start: number, end: number): void {
    if (this.rules.minSamplesLeaf > 1) this.countRows(rows, start, end);
    const last = this.presentCount - 1;
    if (this.rules.randomCuts) {
      const cut = this.drawCut(feature);
      this.tryRange(feature, cut, cut, false);
      if (this.hasMissing && cut < last) this.tryRange(feature, cut, cut, true);
      return;
    }
    // With missing values on the right, all others may go left; on the left, some must go right.
    this.tryRange(feature, 0, this.hasMissing ? last : last - 1, false);
    if (this.hasMissing) this.tryRange(feature, 0, last - 1, true);
  }

  private tryRange(feature: number, from: number, to: number, missingLeft: boolean): void {
    const { minSamplesLeaf, minWeightLeaf, randomCuts } = this.rules;
    if (minSamplesLeaf > 1 || minWeightLeaf > 0) {
      const allowed = this.allowedRange(missingLeft);
      from = Math.max(from, allowed.from);
      to = Math.min(to, allowed.to);
    }
    if (from > to) return;
    const at = this.criterion.scan(this.present, from, to, missingLeft);
    if (at < 0) return;
    // A weight that vanishes beside the rest can leave a side of weight 0 by rounding.
    const gain = this.criterion.gain < Number.POSITIVE_INFINITY ? this.criterion.gain : 0;
    if (gain <= this.gain) return;
    this.gain = gain;
    this.feature = feature;
    this.cut = this.present[at];
    this.missingLeft = missingLeft;
    this.sawMissing = this.hasMissing;
    this.threshold = randomCuts ? this.drawnThreshold(feature, at) : this.middle(feature, at);
  }

  /** The value that parts the rows of the node after `present[at]`. */
  private middle(feature: number, at: number): number {
    // Only missing values lie right of the last bin.
    if (at === this.presentCount - 1) return Number.POSITIVE_INFINITY;
    const { left, right } = this.gapAfter(feature, at);
    return thresholdBetween(left, right);
  }

  /** The largest value that goes left and the smallest that goes right of a cut, by their bins. */
  private gapAfter(feature: number, at: number): { left: number; right: number } {
    const { criterion, present } = this;
    const { lowest, highest } = this.features;
    const first = feature * BIN_STRIDE;
    let from = at;
    let to = at + 1;
    while (criterion.weightIn(present[from]) === 0) from--;
    while (criterion.weightIn(present[to]) === 0) to++;
    return { left: highest[first + present[from]], right: lowest[first + present[to]] };
  }

  private drawn = 0;

  /** Draws a value between the node's extremes and returns the position of the bin to cut after. */
  private drawCut(feature: number): number {
    const { lowest, highest } = this.features;
    const { present } = this;
    const last = this.presentCount - 1;
    // Present and missing are all there is to part; with missing values so is it one time in `last + 1`.
    if (last < 1 || (this.hasMissing && this.draw(last + 1) === 0)) return Math.max(0, last);
    const first = feature * BIN_STRIDE;
    const low = lowest[first + present[0]];
    const high = highest[first + present[last]];
    const value = low + (this.random.uint32() / 4294967296) * (high - low);
    this.drawn = value;
    if (!Number.isFinite(value)) return this.draw(last);
    let at = 0;
    while (at < last - 1 && value >= lowest[first + present[at + 1]]) at++;
    // Within a bin, cut on the side that is nearer.
    const bin = first + present[at];
    if (value < highest[bin] && at > 0 && value - lowest[bin] < highest[bin] - value) at -= 1;
    return at;
  }

  /** The value drawn, or the closest that cuts after `present[at]`. */
  private drawnThreshold(feature: number, at: number): number {
    if (at === this.presentCount - 1) return Number.POSITIVE_INFINITY;
    const { left, right } = this.gapAfter(feature, at);
    const value = Math.fround(this.drawn);
    return value >= left && value < right ? value : thresholdBetween(left, right);
  }

  private countRows(rows: Int32Array, start: number, end: number): void {
    const { rowsIn } = this;
    const { bins, offset, stride } = this.column;
    rowsIn.fill(0);
    for (let i = start; i < end; i++) rowsIn[bins[offset + rows[i] * stride]] += 1;
  }

  /** Cuts that leave enough on both sides: a stretch of positions, since the sides only grow. */
  private allowedRange(missingLeft: boolean): { from: number; to: number } {
    const { present, presentCount, criterion, rowsIn } = this;
    const { minSamplesLeaf, minWeightLeaf } = this.rules;
    const byRows = minSamplesLeaf > 1;
    let rightRows = byRows ? rowsIn[MISSING_BIN] : 0;
    for (let i = 0; byRows && i < presentCount; i++) rightRows += rowsIn[present[i]];
    let leftRows = 0;
    let leftWeight = 0;
    if (missingLeft) {
      leftRows = rowsIn[MISSING_BIN];
      rightRows -= leftRows;
      leftWeight = criterion.weightIn(MISSING_BIN);
    }
    let from = presentCount;
    let to = -1;
    for (let i = 0; i < presentCount; i++) {
      leftRows += rowsIn[present[i]];
      rightRows -= rowsIn[present[i]];
      leftWeight += criterion.weightIn(present[i]);
      const leftFits = (!byRows || leftRows >= minSamplesLeaf) && leftWeight >= minWeightLeaf;
      if (leftFits && from === presentCount) from = i;
      const rightWeight = criterion.weight - leftWeight;
      if ((!byRows || rightRows >= minSamplesLeaf) && rightWeight >= minWeightLeaf) to = i;
    }
    return { from, to };
  }
}
