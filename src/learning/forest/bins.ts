// Features quantised to at most 255 bins and one for missing values, so that a split search counts
// instead of sorting (Ke et al.: "LightGBM", NIPS 2017, section 3.1; cut points are quantiles).

import type { Features, NumberValues } from "../../base/index.ts";
import type { BinColumn } from "./criterion.ts";

/** The bin of missing values, whatever the number of bins. */
export const MISSING_BIN = 255;

/** Places per feature in the tables of bin limits. */
export const BIN_STRIDE = 256;

/** Quantised features; every array may be shared with workers. */
export interface BinnedFeatures {
  readonly rowCount: number;
  readonly featureCount: number;
  /** Bin of each value, feature by feature: `[feature * rowCount + row]`. */
  readonly bins: Uint8Array;
  /** The same row by row: `[row * featureCount + feature]`. */
  readonly rowBins: Uint8Array;
  /** Bins in use of each feature, that of missing values not counted. */
  readonly binCounts: Int32Array;
  /** Smallest and largest value in each bin: `[feature * BIN_STRIDE + bin]`, in float32. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
}

/**
 * Quantises features by their exact quantiles, in float32 as ONNX compares them. A feature with no
 * more distinct values than bins keeps every value apart. Values beyond float32 become ±Infinity,
 * which order and bin as any other.
 * @param limit most bins a feature may have, 2 … 255
 */
export function binFeatures({ columns, rowCount }: Features, limit: number): BinnedFeatures {
  const featureCount = columns.length;
  const binned: BinnedFeatures = {
    rowCount,
    featureCount,
    bins: new Uint8Array(sharedBuffer(featureCount * rowCount)),
    rowBins: new Uint8Array(sharedBuffer(featureCount * rowCount)),
    binCounts: new Int32Array(sharedBuffer(featureCount * 4)),
    lowest: new Float32Array(sharedBuffer(featureCount * BIN_STRIDE * 4)),
    highest: new Float32Array(sharedBuffer(featureCount * BIN_STRIDE * 4)),
  };
  const keys = new Uint32Array(rowCount);
  const spare = new Uint32Array(rowCount);
  for (let feature = 0; feature < featureCount; feature++) {
    const count = orderedKeys(columns[feature], keys);
    const sorted = radixSort(keys.subarray(0, count), spare.subarray(0, count));
    const limits = cutIntoBins(sorted, limit);
    describeBins(binned, feature, sorted, limits);
    assignBins(binned, feature, columns[feature]);
  }
  transpose(binned);
  return binned;
}

/** Nodes of up to this many rows read bins row by row. */
const LOCAL_ROWS = 2048;

/**
 * Points a column at a feature: down the column where a node has many rows, since then neighbours are
 * read together; across the rows where it has few, since then a row's bins share a cache line and
 * stay near while the subtree is grown.
 */
export function pointTo(
  { bins, rowBins, rowCount, featureCount }: BinnedFeatures,
  feature: number,
  nodeRows: number,
  column: BinColumn,
): void {
  const local = nodeRows <= LOCAL_ROWS;
  column.bins = local ? rowBins : bins;
  column.offset = local ? feature : feature * rowCount;
  column.stride = local ? featureCount : 1;
}

/** Copies the bins row by row, in stretches of rows that stay in the cache. */
function transpose({ bins, rowBins, rowCount, featureCount }: BinnedFeatures): void {
  for (let first = 0; first < rowCount; first += 512) {
    const end = Math.min(rowCount, first + 512);
    for (let feature = 0; feature < featureCount; feature++) {
      const offset = feature * rowCount;
      for (let row = first; row < end; row++) {
        rowBins[row * featureCount + feature] = bins[offset + row];
      }
    }
  }
}

/** Memory that workers share where the platform allows it. */
export function sharedBuffer(byteLength: number): ArrayBuffer {
  // Browsers without cross-origin isolation lack it; there the work is done in one thread.
  if (typeof SharedArrayBuffer === "undefined") return new ArrayBuffer(byteLength);
  return new SharedArrayBuffer(byteLength) as unknown as ArrayBuffer;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Writes the non-missing values as integers of the same order; returns how many there are. */
function orderedKeys(values: NumberValues, keys: Uint32Array): number {
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    keys[count++] = orderedKey(value);
  }
  return count;
}

/** A float32's bits as an integer of the same order. */
function orderedKey(value: number): number {
  // Adding 0 turns −0 into 0, so that the two share a key.
  float[0] = value + 0;
  const word = bits[0];
  return (word >>> 31 ? ~word : word | 0x80000000) >>> 0;
}

function keyValue(key: number): number {
  bits[0] = key >>> 31 ? key & 0x7fffffff : ~key;
  return float[0];
}

/** Sorts ascending by three passes of 11, 11 and 10 bits; the result is one of the two arrays. */
function radixSort(keys: Uint32Array, spare: Uint32Array): Uint32Array {
  let from = keys;
  let to = spare;
  const starts = new Int32Array(2048);
  for (let shift = 0; shift < 32; shift += 11) {
    starts.fill(0);
    for (let i = 0; i < from.length; i++) starts[(from[i] >>> shift) & 2047] += 1;
    let sum = 0;
    for (let digit = 0; digit < 2048; digit++) {
      const count = starts[digit];
      starts[digit] = sum;
      sum += count;
    }
    for (let i = 0; i < from.length; i++) {
      const key = from[i];
      to[starts[(key >>> shift) & 2047]++] = key;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Ends (exclusive) of the bins in the sorted keys. Equal values never straddle two bins. */
function cutIntoBins(sorted: Uint32Array, limit: number): number[] {
  const ends = distinctEnds(sorted, limit);
  if (ends) return ends;
  const cuts: number[] = [];
  let start = 0;
  while (start < sorted.length) {
    // Each bin takes its share of what is left, so that one long run of ties does not starve the rest.
    const share = (sorted.length - start) / (limit - cuts.length);
    let end = Math.min(sorted.length, start + Math.max(1, Math.round(share)));
    while (end < sorted.length && sorted[end] === sorted[end - 1]) end++;
    cuts.push(end);
    start = end;
  }
  return cuts;
}

/** One bin a distinct value, or undefined where there are more than `limit`. */
function distinctEnds(sorted: Uint32Array, limit: number): number[] | undefined {
  const ends: number[] = [];
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[i - 1]) continue;
    if (ends.length === limit) return undefined;
    ends.push(i);
  }
  return ends;
}

function describeBins(
  { binCounts, lowest, highest }: BinnedFeatures,
  feature: number,
  sorted: Uint32Array,
  ends: readonly number[],
): void {
  binCounts[feature] = ends.length;
  let start = 0;
  for (let bin = 0; bin < ends.length; bin++) {
    lowest[feature * BIN_STRIDE + bin] = keyValue(sorted[start]);
    highest[feature * BIN_STRIDE + bin] = keyValue(sorted[ends[bin] - 1]);
    start = ends[bin];
  }
}

function assignBins(
  { bins, binCounts, highest, rowCount }: BinnedFeatures,
  feature: number,
  values: NumberValues,
): void {
  const last = Math.max(0, binCounts[feature] - 1);
  const limits = highest.subarray(feature * BIN_STRIDE, feature * BIN_STRIDE + last);
  const starts = firstBins(limits);
  const offset = feature * rowCount;
  for (let row = 0; row < rowCount; row++) {
    const value = values[row];
    if (Number.isNaN(value)) {
      bins[offset + row] = MISSING_BIN;
      continue;
    }
    const key = orderedKey(value);
    let bin = starts[key >>> 16];
    while (bin < last && limits[bin] < float[0]) bin++;
    bins[offset + row] = bin;
  }
}

/** For the upper 16 bits of a key, the first bin that its values can be in. */
function firstBins(limits: Float32Array): Uint8Array {
  const starts = new Uint8Array(65536);
  let from = 0;
  for (let bin = 0; bin < limits.length; bin++) {
    const to = orderedKey(limits[bin]) >>> 16;
    starts.fill(bin, from, to + 1);
    from = Math.max(from, to + 1);
  }
  return starts.fill(limits.length, from);
}

/** A float32 threshold t with `left <= t < right`, as near to the middle as there is one. */
export function thresholdBetween(left: number, right: number): number {
  const middle = Math.fround(left / 2 + right / 2);
  return middle >= left && middle < right ? middle : left;
}
