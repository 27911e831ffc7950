// Grows decision trees top down: depth first, or best split first where leaves are limited.

import { randomStream } from "../../base/index.ts";
import { type BinnedFeatures, pointTo } from "./bins.ts";
import type { BinColumn, Criterion } from "./criterion.ts";
import { Entropy } from "./entropy.ts";
import { BinaryGini, Gini } from "./gini.ts";
import { PackedGini } from "./packed-gini.ts";
import { drawRowsInto, type RowDraw } from "./row-draw.ts";
import { type SplitRules, SplitSearch } from "./split-search.ts";
import { SquaredError } from "./squared-error.ts";
import type { GrownTrees, NodeArrays } from "./tree-nodes.ts";

export interface GrowRules extends SplitRules {
  /** Infinity where unlimited, as are leaves. */
  readonly maxDepth: number;
  readonly maxLeaves: number;
  readonly minSamplesSplit: number;
  readonly minImpurityDecrease: number;
  /** Share of the tree's weight that a leaf keeps; `minWeightLeaf` is worked out for each tree. */
  readonly minWeightFractionLeaf: number;
}

export type GrowTarget =
  | {
      readonly task: "classification";
      readonly labels: Int32Array;
      readonly classCount: number;
      readonly criterion: "gini" | "entropy";
      /** Whether the weights are whole numbers (their sum below 2^26 even if rows repeat). */
      readonly wholeWeights: boolean;
      /** Give the classes equal weight among the rows that a tree draws. */
      readonly balanceEachTree: boolean;
    }
  | { readonly task: "regression"; readonly values: Float64Array };

/** Everything that trees grow from; its arrays may be shared by workers. */
export interface GrowInput {
  readonly features: BinnedFeatures;
  readonly target: GrowTarget;
  /** Weight of each row, class weights included. */
  readonly weights: Float64Array;
  readonly draw: RowDraw;
  readonly rules: GrowRules;
  readonly seed: number;
}

/** Grows trees one by one, keeping its scratch memory between them. */
export interface TreeGrower {
  /**
   * Grows trees `first` … `first + count − 1` into arrays that hold `nodesPerTree` for each. A tree
   * depends on its number and the seed alone.
   */
  grow(first: number, count: number, into: NodeArrays): GrownTrees;
}

export function treeGrower(input: GrowInput): TreeGrower {
  const grower = new Grower(input);
  const { featureCount } = input.features;
  return {
    grow(first, count, into) {
      const nodeCounts = new Int32Array(count);
      const importances = new Float64Array(count * featureCount);
      grower.writeTo(into);
      for (let tree = 0; tree < count; tree++) {
        const before = grower.nodeCount;
        importances.set(grower.grow(first + tree), tree * featureCount);
        nodeCounts[tree] = grower.nodeCount - before;
      }
      return { nodeCounts, valueCount: grower.valueCount, importances };
    },
  };
}

/** Most leaves that a tree can have: no more than rows, nor than the limits allow. */
export function mostLeaves(rowCount: number, { maxDepth, maxLeaves }: GrowRules): number {
  return Math.max(1, Math.min(rowCount, maxLeaves, 2 ** Math.min(maxDepth, 30)));
}

/** A node that may still be split, with the split that was found for it. */
interface OpenNode {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly feature: number;
  readonly cut: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Whether there were missing values to learn the side from. */
  readonly sawMissing: boolean;
  readonly gain: number;
}

class Grower {
  private readonly input: GrowInput;
  private nodes!: NodeArrays;
  nodeCount = 0;
  valueCount = 0;
  /** Rows of the tree; those of a node lie side by side, in ascending order. */
  private readonly rows: Int32Array;
  private readonly spill: Int32Array;
  private readonly rowWeights: Float64Array;
  private readonly times: Uint32Array;
  private readonly criterion: Criterion;
  /** Where the tree's leaves of a single class keep their values; −1 where there is none yet. */
  private readonly pureLeaves: Int32Array;
  private readonly bestFirst: boolean;
  private readonly column: BinColumn;
  private search!: SplitSearch;
  private importance!: Float64Array;
  private treeWeight = 0;
  private open: OpenNode[] = [];

  constructor(input: GrowInput) {
    const { rowCount } = input.features;
    this.input = input;
    this.rows = new Int32Array(rowCount);
    this.column = { bins: input.features.bins, offset: 0, stride: 1 };
    this.spill = new Int32Array(rowCount);
    this.rowWeights = new Float64Array(rowCount);
    this.times = new Uint32Array(rowCount);
    this.criterion = criterionFor(input.target, this.rowWeights);
    this.pureLeaves = new Int32Array(this.criterion.outputs);
    this.bestFirst = input.rules.maxLeaves < Number.POSITIVE_INFINITY;
  }

  /** Begins a batch of trees in these arrays. */
  writeTo(nodes: NodeArrays): void {
    this.nodes = nodes;
    this.nodeCount = 0;
    this.valueCount = 0;
  }

  /** Grows one tree and returns its importances. */
  grow(tree: number): Float64Array {
    const { features, rules, seed } = this.input;
    const rowCount = this.drawTreeRows(tree);
    const random = randomStream({ seed, purpose: "forest/splits", sample: tree });
    const minWeightLeaf = rules.minWeightFractionLeaf * this.treeWeight;
    this.search = new SplitSearch(features, this.criterion, { ...rules, minWeightLeaf }, random);
    this.importance = new Float64Array(features.featureCount);
    this.pureLeaves.fill(-1);
    this.open = [];
    this.settle(this.addNodes(1), 0, rowCount, 0);
    for (let leaves = 1; this.open.length > 0 && leaves < rules.maxLeaves; leaves++) {
      this.expand(this.bestFirst ? takeBest(this.open) : this.open.pop()!);
    }
    return normalised(this.importance);
  }

  /** Draws the tree's rows and their weights; rows of weight 0 are left out. */
  private drawTreeRows(tree: number): number {
    const { weights, draw, target } = this.input;
    const { rows, rowWeights, times } = this;
    drawRowsInto(times, draw, tree);
    let count = 0;
    for (let row = 0; row < times.length; row++) {
      rowWeights[row] = times[row] * weights[row];
      rows[count] = row;
      count += rowWeights[row] > 0 ? 1 : 0;
    }
    if (target.task === "classification" && target.balanceEachTree) {
      balanceClasses(rowWeights, times, target.labels, target.classCount);
    }
    this.treeWeight = 0;
    for (let i = 0; i < count; i++) this.treeWeight += rowWeights[rows[i]];
    return count;
  }

  /** Finishes a node as a leaf or, if it can be split, puts it among the open ones. */
  private settle(node: number, start: number, end: number, depth: number): void {
    const { criterion, nodes, search } = this;
    const { minSamplesSplit, maxDepth } = this.input.rules;
    criterion.readNode(this.rows, start, end);
    nodes.cover[node] = criterion.weight;
    nodes.feature[node] = -1;
    nodes.threshold[node] = 0;
    nodes.missingLeft[node] = 0;
    const splits =
      !criterion.pure &&
      depth < maxDepth &&
      end - start >= minSamplesSplit &&
      search.find(this.rows, start, end) &&
      search.gain >= this.input.rules.minImpurityDecrease * this.treeWeight;
    // Where leaves run out, an open node stays the leaf that it is until then.
    if (!splits || this.bestFirst) nodes.child[node] = this.leafValues();
    if (!splits) return;
    const { feature, cut, threshold, missingLeft, sawMissing, gain } = search;
    const split = { feature, cut, threshold, missingLeft, sawMissing, gain };
    this.open.push({ node, start, end, depth, ...split });
  }

  private addNodes(count: number): number {
    const first = this.nodeCount;
    this.nodeCount += count;
    return first;
  }

  /** Place of the leaf's row among the values; leaves of one class alone share theirs. */
  private leafValues(): number {
    const { criterion, nodes, pureLeaves } = this;
    const { outputs, pureClass } = criterion;
    if (pureClass >= 0 && pureLeaves[pureClass] >= 0) return pureLeaves[pureClass];
    const first = this.valueCount;
    this.valueCount += outputs;
    criterion.writeLeaf(nodes.values, first);
    if (pureClass >= 0) pureLeaves[pureClass] = first / outputs;
    return first / outputs;
  }

  private expand(split: OpenNode): void {
    const { nodes } = this;
    const { node, start, end, depth } = split;
    const middle = this.partition(split);
    const left = this.addNodes(2);
    nodes.feature[node] = split.feature;
    nodes.threshold[node] = split.threshold;
    nodes.child[node] = left;
    this.importance[split.feature] += split.gain;
    this.settle(left + 1, middle, end, depth + 1);
    this.settle(left, start, middle, depth + 1);
    // A split that saw no missing value sends them where most of its rows went.
    const heavierLeft = nodes.cover[left] >= nodes.cover[left + 1];
    nodes.missingLeft[node] = (split.sawMissing ? split.missingLeft : heavierLeft) ? 1 : 0;
  }

  /** Moves rows that go right behind those that go left, keeping their order; returns the border. */
  private partition({ feature, cut, missingLeft, start, end }: OpenNode): number {
    const { rows, spill, column } = this;
    pointTo(this.input.features, feature, end - start, column);
    const { bins, offset, stride } = column;
    // Adding 1 modulo 256 turns the last bin, of missing values, into the first.
    const shift = missingLeft ? 1 : 0;
    const limit = cut + shift;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const goesRight = ((bins[offset + row * stride] + shift) & 255) > limit ? 1 : 0;
      rows[left] = row;
      spill[right] = row;
      right += goesRight;
      left += 1 - goesRight;
    }
    for (let i = 0; i < right; i++) rows[left + i] = spill[i];
    return left;
  }
}

function criterionFor(target: GrowTarget, weights: Float64Array): Criterion {
  if (target.task === "regression") return new SquaredError(target.values, weights);
  const input = { ...target, weights };
  if (target.criterion === "entropy") return new Entropy(input);
  if (target.classCount > 2) return new Gini(input);
  return target.wholeWeights ? new PackedGini(input) : new BinaryGini(input);
}

/** Gives each class the same weight among the rows drawn: n / (K · n_k). */
function balanceClasses(
  weights: Float64Array,
  times: Uint32Array,
  labels: Int32Array,
  classCount: number,
): void {
  const counts = new Float64Array(classCount);
  let drawn = 0;
  for (let row = 0; row < times.length; row++) {
    counts[labels[row]] += times[row];
    drawn += times[row];
  }
  const present = counts.filter((count) => count > 0).length;
  for (let row = 0; row < times.length; row++) {
    if (times[row] > 0) weights[row] *= drawn / (present * counts[labels[row]]);
  }
}

/** Takes the open node of largest gain out of a list (the first of equals). */
function takeBest(open: OpenNode[]): OpenNode {
  let best = 0;
  for (let i = 1; i < open.length; i++) if (open[i].gain > open[best].gain) best = i;
  return open.splice(best, 1)[0];
}

function normalised(importance: Float64Array): Float64Array {
  const sum = importance.reduce((total, value) => total + value, 0);
  return sum > 0 ? importance.map((value) => value / sum) : importance;
}
