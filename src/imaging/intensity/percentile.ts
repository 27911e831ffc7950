// Exact percentiles without sorting: a radix selection over the values' bits, in two passes.

import type { VoxelArray } from "../../base/index.ts";

/**
 * Percentiles of finite values with linear interpolation between neighbours, as numpy.percentile has them.
 * @param values at least one; none of them NaN or infinite
 * @param percents 0 … 100, in any order
 */
export function percentilesOf(values: VoxelArray, percents: readonly number[]): number[] {
  if (percents.length === 0) return [];
  const places = percents.map((percent) => (values.length - 1) * (percent / 100));
  const ranks = places.flatMap((place) => [Math.floor(place), Math.ceil(place)]);
  const sorted = [...new Set(ranks)].sort((a, b) => a - b);
  const found = orderStatistics(values, sorted);
  const valueAt = new Map(sorted.map((rank, at) => [rank, found[at]]));
  return places.map((place) => {
    const [low, high] = [valueAt.get(Math.floor(place))!, valueAt.get(Math.ceil(place))!];
    return between(low, high, place - Math.floor(place));
  });
}

/** numpy's own interpolation, which is exact at both ends. */
function between(low: number, high: number, part: number): number {
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

/** The values at `ranks` (ascending, from 0) of the sorted order. */
function orderStatistics(values: VoxelArray, ranks: readonly number[]): number[] {
  if (values.BYTES_PER_ELEMENT <= 2) return ofShortIntegers(values, ranks);
  const keys = sortKeys(values);
  const upper = countUpper(keys);
  const places = ranks.map((rank) => findRank(upper, 0, rank));
  const lower = countLower(keys, [...new Set(places.map(({ bucket }) => bucket))]);
  const inner = places.map(({ bucket, rest }) => {
    const found = findRank(lower.counts, lower.slots[bucket] * BUCKETS, rest);
    return { key: bucket * BUCKETS + found.bucket, rest: found.rest };
  });
  return valuesOfKeys(values, keys, inner);
}

const BUCKETS = 65536;

/** Types of 8 and 16 bits: each value is counted. */
function ofShortIntegers(values: VoxelArray, ranks: readonly number[]): number[] {
  const counts = new Uint32Array(2 * BUCKETS);
  for (let at = 0; at < values.length; at++) counts[values[at] + BUCKETS]++;
  return ranks.map((rank) => findRank(counts, 0, rank).bucket - BUCKETS);
}

/** How a value's bits become a key that sorts as the value does. */
interface KeyOrder {
  /** What to turn over in values below 0: floats are stored as sign and magnitude. */
  readonly magnitude: number;
  /** The bit that tells values below 0, which are to come first. */
  readonly sign: number;
}

/**
 * 32-bit keys, worked out from the values' bits wherever they are needed, since a copy of the image costs more;
 * only of float64 may several values share a key.
 */
interface SortKeys extends KeyOrder {
  readonly bits: Int32Array;
}

function sortKeys(values: VoxelArray): SortKeys {
  const whole = values instanceof Int32Array || values instanceof Uint32Array;
  const { buffer, byteOffset, length } =
    whole || values instanceof Float32Array ? values : new Float32Array(values);
  return {
    bits: new Int32Array(buffer, byteOffset, length),
    magnitude: whole ? 0 : 0x7fffffff,
    sign: values instanceof Uint32Array ? 0 : 1 << 31,
  };
}

function keyOf(bits: number, { magnitude, sign }: KeyOrder): number {
  return bits ^ ((bits >> 31) & magnitude) ^ sign;
}

/** The bits that a key was made from. */
function bitsOf(key: number, { magnitude, sign }: KeyOrder): number {
  const turned = key ^ sign;
  return turned ^ ((turned >> 31) & magnitude);
}

function countUpper({ bits, ...order }: SortKeys): Uint32Array {
  const counts = new Uint32Array(BUCKETS);
  for (let at = 0; at < bits.length; at++) counts[keyOf(bits[at], order) >>> 16]++;
  return counts;
}

function findRank(counts: Uint32Array, start: number, rank: number) {
  let bucket = 0;
  let rest = rank;
  while (rest >= counts[start + bucket]) rest -= counts[start + bucket++];
  return { bucket, rest };
}

/** Counts the lower 16 bits of the keys in each of the buckets that matter. */
function countLower({ bits, ...order }: SortKeys, buckets: readonly number[]) {
  const slots = new Int32Array(BUCKETS).fill(-1);
  for (const [slot, bucket] of buckets.entries()) slots[bucket] = slot;
  const counts = new Uint32Array(buckets.length * BUCKETS);
  for (let at = 0; at < bits.length; at++) {
    const key = keyOf(bits[at], order);
    const slot = slots[key >>> 16];
    if (slot >= 0) counts[slot * BUCKETS + (key & 0xffff)]++;
  }
  return { slots, counts };
}

/** The value of each key and rank within it: the key's own, or for float64 one of those that share it. */
function valuesOfKeys(
  values: VoxelArray,
  { bits, ...order }: SortKeys,
  wanted: readonly { key: number; rest: number }[],
): number[] {
  const hasKey = (at: number, key: number) => keyOf(bits[at], order) >>> 0 === key;
  if (!(values instanceof Float64Array)) {
    return wanted.map(({ key }) => values[bits.indexOf(bitsOf(key, order))]);
  }
  const sharing = new Map<number, Float64Array>();
  for (const { key } of wanted) {
    if (!sharing.has(key)) sharing.set(key, values.filter((_, at) => hasKey(at, key)).sort());
  }
  return wanted.map(({ key, rest }) => sharing.get(key)![rest]);
}
