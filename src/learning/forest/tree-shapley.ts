// Shapley values of a few rows: Algorithm 2 of Lundberg et al. 2018 (arXiv:1802.03888), in its symbols. A path m holds for each distinct feature d met so far the share z of training rows that
// follow it where d is unknown, o (1 or 0) whether the explained row does, and w, the weight of the
// subsets of each size.

import type { ForestModel } from "./model.ts";

export type ExplainedTrees = Pick<
  ForestModel,
  "outputs" | "roots" | "feature" | "threshold" | "missingLeft" | "child" | "cover" | "values"
>;

export interface ExplainTask {
  readonly trees: ExplainedTrees;
  /** `[rows, features]` */
  readonly rows: Float32Array;
  readonly featureCount: number;
}

/** Shapley values `[rows, features, outputs]`. */
export function explainRows({ trees, rows, featureCount }: ExplainTask): Float64Array {
  const { outputs, roots } = trees;
  const perRow = featureCount * outputs;
  const result = new Float64Array((rows.length / featureCount) * perRow);
  const path = newPath(deepest(trees) + 2);
  for (let row = 0; row * featureCount < rows.length; row++) {
    const x = rows.subarray(row * featureCount, (row + 1) * featureCount);
    const phi = result.subarray(row * perRow, (row + 1) * perRow);
    for (let tree = 0; tree < roots.length - 1; tree++) {
      recurse({ trees, x, phi, path }, roots[tree], 0, 0, 1, 1, -1);
    }
    for (let i = 0; i < phi.length; i++) phi[i] /= roots.length - 1;
  }
  return result;
}

/** Mean of the leaves below a node, weighted by their training rows. */
export function expectedValues(
  { outputs, feature, child, cover, values }: ExplainedTrees,
  root: number,
): Float64Array {
  const sums = new Float64Array(outputs);
  const open = [root];
  let weight = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (feature[node] >= 0) {
      open.push(child[node], child[node] + 1);
      continue;
    }
    weight += cover[node];
    for (let output = 0; output < outputs; output++) {
      sums[output] += cover[node] * values[child[node] * outputs + output];
    }
  }
  return sums.map((sum) => sum / weight);
}

/** Paths of all levels of the recursion one behind the other. */
interface Path {
  readonly d: Int32Array;
  readonly z: Float64Array;
  readonly o: Float64Array;
  readonly w: Float64Array;
}

interface Walk {
  readonly trees: ExplainedTrees;
  /** The explained row. */
  readonly x: Float32Array;
  readonly phi: Float64Array;
  readonly path: Path;
}

/**
 * Explains the subtree of node j. The path of the parent is the `length` entries from `start`; this
 * level works on a copy behind it, so that the parent's stays as it was.
 */
function recurse(
  walk: Walk,
  j: number,
  start: number,
  length: number,
  pz: number,
  po: number,
  pi: number,
): void {
  const { trees, x, path } = walk;
  const { feature, child, cover } = trees;
  const own = copyPath(path, start, length);
  extend(path, own, length, pz, po, pi);
  let count = length + 1;
  if (feature[j] < 0) {
    explainLeaf(walk, child[j], own, count);
    return;
  }
  const dj = feature[j];
  const hot = child[j] + goesRight(trees, j, x[dj]);
  const cold = 2 * child[j] + 1 - hot;
  let iz = 1;
  let io = 1;
  const k = findFeature(path, own, count, dj);
  if (k > 0) {
    iz = path.z[own + k];
    io = path.o[own + k];
    unwind(path, own, count, k);
    count -= 1;
  }
  // Shares of the children among themselves: float32 covers need not add up to their parent's.
  const both = cover[hot] + cover[cold];
  recurse(walk, hot, own, count, (iz * cover[hot]) / both, io, dj);
  recurse(walk, cold, own, count, (iz * cover[cold]) / both, 0, dj);
}

function explainLeaf({ trees, phi, path }: Walk, leaf: number, own: number, count: number): void {
  const { outputs, values } = trees;
  for (let i = 1; i < count; i++) {
    const weight = unwoundSum(path, own, count, i) * (path.o[own + i] - path.z[own + i]);
    const at = path.d[own + i] * outputs;
    for (let output = 0; output < outputs; output++) {
      phi[at + output] += weight * values[leaf * outputs + output];
    }
  }
}

function goesRight(trees: ExplainedTrees, node: number, value: number): 0 | 1 {
  if (Number.isNaN(value)) return trees.missingLeft[node] ? 0 : 1;
  return value <= trees.threshold[node] ? 0 : 1;
}

function copyPath({ d, z, o, w }: Path, start: number, length: number): number {
  const own = start + length;
  for (let i = 0; i < length; i++) {
    d[own + i] = d[start + i];
    z[own + i] = z[start + i];
    o[own + i] = o[start + i];
    w[own + i] = w[start + i];
  }
  return own;
}

function findFeature({ d }: Path, own: number, count: number, feature: number): number {
  for (let k = 1; k < count; k++) if (d[own + k] === feature) return k;
  return -1;
}

/** EXTEND: lets the subsets grow by a feature with shares pz and po. */
function extend(
  { d, z, o, w }: Path,
  own: number,
  l: number,
  pz: number,
  po: number,
  pi: number,
): void {
  d[own + l] = pi;
  z[own + l] = pz;
  o[own + l] = po;
  w[own + l] = l === 0 ? 1 : 0;
  for (let i = l - 1; i >= 0; i--) {
    w[own + i + 1] += (po * w[own + i] * (i + 1)) / (l + 1);
    w[own + i] = (pz * w[own + i] * (l - i)) / (l + 1);
  }
}

/** UNWIND: takes back the extension by entry i. */
function unwind({ d, z, o, w }: Path, own: number, count: number, i: number): void {
  const l = count - 1;
  const zi = z[own + i];
  const oi = o[own + i];
  let n = w[own + l];
  for (let j = l - 1; j >= 0; j--) {
    if (oi !== 0) {
      const t = w[own + j];
      w[own + j] = (n * (l + 1)) / ((j + 1) * oi);
      n = t - (w[own + j] * zi * (l - j)) / (l + 1);
    } else {
      w[own + j] = (w[own + j] * (l + 1)) / (zi * (l - j));
    }
  }
  for (let j = i; j < l; j++) {
    d[own + j] = d[own + j + 1];
    z[own + j] = z[own + j + 1];
    o[own + j] = o[own + j + 1];
  }
}

/** Σ UNWIND(m, i).w without changing m. */
function unwoundSum({ z, o, w }: Path, own: number, count: number, i: number): number {
  const l = count - 1;
  const zi = z[own + i];
  const oi = o[own + i];
  let n = w[own + l];
  let sum = 0;
  for (let j = l - 1; j >= 0; j--) {
    if (oi !== 0) {
      const t = (n * (l + 1)) / ((j + 1) * oi);
      sum += t;
      n = w[own + j] - (t * zi * (l - j)) / (l + 1);
    } else {
      sum += (w[own + j] * (l + 1)) / (zi * (l - j));
    }
  }
  return sum;
}

function newPath(levels: number): Path {
  const size = (levels * (levels + 1)) / 2 + levels;
  return {
    d: new Int32Array(size),
    z: new Float64Array(size),
    o: new Float64Array(size),
    w: new Float64Array(size),
  };
}

/** Edges from a root to the deepest leaf. */
function deepest({ roots, feature, child }: ExplainedTrees): number {
  let most = 0;
  const open: { node: number; depth: number }[] = Array.from(roots.subarray(0, -1), (node) => ({
    node,
    depth: 0,
  }));
  for (let top = open.pop(); top; top = open.pop()) {
    const { node, depth } = top;
    most = Math.max(most, depth);
    if (feature[node] < 0) continue;
    open.push({ node: child[node], depth: depth + 1 }, { node: child[node] + 1, depth: depth + 1 });
  }
  return most;
}
