// Puts whole groups (patients) on parts (folds, or the two sides of a hold-out) so that every part
// gets its share of every class. The greedy start follows scikit-learn's StratifiedGroupKFold;
// moving and exchanging groups afterwards lowers the deviation further.

import type { RandomStream } from "../../base/index.ts";

/** How many rows of each class each group has. */
export interface GroupCounts {
  readonly groupCount: number;
  readonly classCount: number;
  /** `[groups, classes]`, row-major. */
  readonly counts: Float64Array;
  /** Rows of each group; left out where every row is of one class. */
  readonly rows?: Float64Array;
}

/** Tallies the classes within each group. Without labels, all rows are of one class. */
export function countClassesInGroups(
  groups: ArrayLike<number>,
  groupCount: number,
  labels?: ArrayLike<number>,
): GroupCounts {
  let classCount = 1;
  for (let row = 0; labels && row < labels.length; row++) {
    classCount = Math.max(classCount, labels[row] + 1);
  }
  const counts = new Float64Array(groupCount * classCount);
  for (let row = 0; row < groups.length; row++) {
    counts[groups[row] * classCount + (labels ? labels[row] : 0)] += 1;
  }
  return { groupCount, classCount, counts };
}

/**
 * Part of each group.
 * @param shares the share of the rows that each part should have; they sum to 1
 * @param order groups in the order in which they are placed first
 */
export function balanceGroups(
  groups: GroupCounts,
  shares: readonly number[],
  order: Uint32Array,
  random: RandomStream,
): Uint32Array {
  const balance = openBalance(groups, shares);
  for (const group of order) balance.place(group, cheapestPart(balance, group, shares.length));
  improve(balance, groups.groupCount, shares.length, random);
  return balance.partOfGroup;
}

interface Balance {
  readonly partOfGroup: Uint32Array;
  place(group: number, part: number): void;
  take(group: number): void;
  /**
   * What placing the group would add to Σ over parts and classes of (share there − share aimed at)²,
   * plus 1 for each class that a part lacks altogether.
   */
  costOfPlacing(group: number, part: number): number;
  groupsIn(part: number): number;
}

function openBalance(groups: GroupCounts, shares: readonly number[]) {
  const { groupCount, classCount } = groups;
  // Shares of each group in its classes and, as one more "class", in all rows: then sizes balance too.
  const columns = classCount + 1;
  const weights = sharesOfGroups(groups);
  const excess = new Float64Array(shares.length * columns);
  const groupsWithClass = new Uint32Array(shares.length * columns);
  shares.forEach((share, part) => {
    excess.fill(-share, part * columns, (part + 1) * columns);
  });
  const partOfGroup = new Uint32Array(groupCount);
  const groupsOfPart = new Uint32Array(shares.length);

  function add(group: number, part: number, sign: number): void {
    for (let column = 0; column < columns; column++) {
      const weight = weights[group * columns + column];
      excess[part * columns + column] += sign * weight;
      if (weight > 0) groupsWithClass[part * columns + column] += sign;
    }
    groupsOfPart[part] += sign;
  }

  return {
    partOfGroup,
    place(group, part) {
      add(group, part, 1);
      partOfGroup[group] = part;
    },
    take: (group) => add(group, partOfGroup[group], -1),
    costOfPlacing(group, part) {
      // (e + w)² − e² = w (2e + w)
      let cost = 0;
      for (let column = 0; column < columns; column++) {
        const weight = weights[group * columns + column];
        if (weight === 0) continue;
        cost += weight * (2 * excess[part * columns + column] + weight);
        if (groupsWithClass[part * columns + column] === 0) cost -= 1;
      }
      return cost;
    },
    groupsIn: (part) => groupsOfPart[part],
  } satisfies Balance;
}

function sharesOfGroups({ groupCount, classCount, counts, rows }: GroupCounts) {
  const columns = classCount + 1;
  const weights = new Float64Array(groupCount * columns);
  const totals = new Float64Array(columns);
  for (let group = 0; group < groupCount; group++) {
    for (let label = 0; label < classCount; label++) {
      const count = counts[group * classCount + label];
      weights[group * columns + label] = count;
      weights[group * columns + classCount] += count;
      totals[label] += count;
    }
    if (rows) weights[group * columns + classCount] = rows[group];
    totals[classCount] += weights[group * columns + classCount];
  }
  for (let index = 0; index < weights.length; index++)
    weights[index] /= totals[index % columns] || 1;
  return weights;
}

function cheapestPart(balance: Balance, group: number, parts: number): number {
  let best = 0;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let part = 0; part < parts; part++) {
    const cost = balance.costOfPlacing(group, part);
    if (cost < bestCost - 1e-15) {
      bestCost = cost;
      best = part;
    }
  }
  return best;
}

const ROUNDS = 20;
const PARTNERS = 24;

/** Moves groups and exchanges pairs of them while that lowers the deviation; no part is emptied. */
function improve(balance: Balance, groupCount: number, parts: number, random: RandomStream): void {
  for (let round = 0; round < ROUNDS; round++) {
    let improved = false;
    for (const group of random.permutation(groupCount)) {
      if (moveIfBetter(balance, group, parts)) improved = true;
      for (let trial = 0; trial < Math.min(PARTNERS, groupCount); trial++) {
        if (exchangeIfBetter(balance, group, random.integer(groupCount))) improved = true;
      }
    }
    if (!improved) return;
  }
}

function moveIfBetter(balance: Balance, group: number, parts: number): boolean {
  const from = balance.partOfGroup[group];
  if (balance.groupsIn(from) === 1) return false;
  balance.take(group);
  const to = cheapestPart(balance, group, parts);
  const gain = balance.costOfPlacing(group, from) - balance.costOfPlacing(group, to);
  const better = gain > 1e-12;
  balance.place(group, better ? to : from);
  return better;
}

function exchangeIfBetter(balance: Balance, a: number, b: number): boolean {
  const partOfA = balance.partOfGroup[a];
  const partOfB = balance.partOfGroup[b];
  if (partOfA === partOfB) return false;
  balance.take(a);
  balance.take(b);
  const kept = balance.costOfPlacing(a, partOfA) + balance.costOfPlacing(b, partOfB);
  const exchanged = balance.costOfPlacing(a, partOfB) + balance.costOfPlacing(b, partOfA);
  const better = kept - exchanged > 1e-12;
  balance.place(a, better ? partOfB : partOfA);
  balance.place(b, better ? partOfA : partOfB);
  return better;
}
