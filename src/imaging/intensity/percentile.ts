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
  const upper = new Uint32Array(BUCKETS);
  for (let at = 0; at < keys.length; at++) upper[keys[at] >>> 16]++;
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

/** 32-bit keys that sort as the values do; only of float64 may several values share a key. */
function sortKeys(values: VoxelArray): Uint32Array {
  if (values instanceof Uint32Array) return values;
  const rounded = values instanceof Int32Array ? values : new Float32Array(values);
  const keys = new Uint32Array(rounded.length);
  const bits = new Uint32Array(rounded.buffer, rounded.byteOffset, rounded.length);
  if (values instanceof Int32Array) {
    for (let at = 0; at < keys.length; at++) keys[at] = bits[at] ^ 0x80000000;
    return keys;
  }
  // Negative floats are stored as sign and magnitude: turning all their bits over reverses their order.
  for (let at = 0; at < keys.length; at++) {
    keys[at] = bits[at] ^ (bits[at] >>> 31 === 1 ? 0xffffffff : 0x80000000);
  }
  return keys;
}

function findRank(counts: Uint32Array, start: number, rank: number) {
  let bucket = 0;
  let rest = rank;
  while (rest >= counts[start + bucket]) rest -= counts[start + bucket++];
  return { bucket, rest };
}

/** Counts the lower 16 bits of the keys in each of the buckets that matter. */
function countLower(keys: Uint32Array, buckets: readonly number[]) {
  const slots = new Int32Array(BUCKETS).fill(-1);
  for (const [slot, bucket] of buckets.entries()) slots[bucket] = slot;
  const counts = new Uint32Array(buckets.length * BUCKETS);
  for (let at = 0; at < keys.length; at++) {
    const slot = slots[keys[at] >>> 16];
    if (slot >= 0) counts[slot * BUCKETS + (keys[at] & 0xffff)]++;
  }
  return { slots, counts };
}

/** The value of each key and rank within it: the key's own, or for float64 one of those that share it. */
function valuesOfKeys(
  values: VoxelArray,
  keys: Uint32Array,
  wanted: readonly { key: number; rest: number }[],
): number[] {
  if (!(values instanceof Float64Array)) return wanted.map(({ key }) => values[keys.indexOf(key)]);
  const sharing = new Map<number, Float64Array>();
  for (const { key } of wanted) {
    if (!sharing.has(key)) sharing.set(key, values.filter((_, at) => keys[at] === key).sort());
  }
  return wanted.map(({ key, rest }) => sharing.get(key)![rest]);
}
