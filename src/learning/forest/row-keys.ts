// Rows as integers of the same order as their float32 values, so that a tree is walked without branches.

import type { Features } from "../../base/index.ts";
import { sharedBuffer } from "./bins.ts";

/** Rows walked together; the number of rows in the keys is a multiple of it. */
export const LANES = 4;

/** A missing value goes right where its key is largest, left where it is smallest. */
const RIGHTMOST = 0x7fffffff;
const LEFTMOST = -0x80000000;

/** Keys row by row: `[rows, stride]`, in memory that workers share. */
export interface RowKeys {
  readonly rowCount: number;
  /** The number of features, or twice that where values are missing. */
  readonly stride: number;
  readonly keys: Int32Array;
  /**
   * Where the second half of a row begins, for nodes that send missing values left (the first half
   * sends them right); 0 where no value is missing and one half does.
   */
  readonly missingLeftOffset: number;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** A float32 as an integer: a < b exactly where key(a) < key(b). NaN is largest. */
export function floatKey(value: number): number {
  if (Number.isNaN(value)) return RIGHTMOST;
  // Adding 0 turns −0 into 0, so that the two share a key.
  float[0] = value + 0;
  return bits[0] < 0 ? bits[0] ^ 0x7fffffff : bits[0];
}

/** Turns columns into rows of keys. */
export function encodeRows({ columns, rowCount }: Features): RowKeys {
  const featureCount = columns.length;
  const missing = columns.some((values) => values.some(Number.isNaN));
  const stride = missing ? 2 * featureCount : featureCount;
  const padded = Math.ceil(rowCount / LANES) * LANES;
  const keys = new Int32Array(sharedBuffer(4 * padded * stride));
  const missingLeftOffset = missing ? featureCount : 0;
  // In stretches of rows, so that the lines written stay in the cache until they are full.
  for (let first = 0; first < rowCount; first += 256) {
    const end = Math.min(rowCount, first + 256);
    for (let feature = 0; feature < featureCount; feature++) {
      const values = columns[feature];
      for (let row = first; row < end; row++) {
        const key = floatKey(values[row]);
        keys[row * stride + feature] = key;
        if (!missing) continue;
        keys[row * stride + featureCount + feature] = key === RIGHTMOST ? LEFTMOST : key;
      }
    }
  }
  return { rowCount, stride, keys, missingLeftOffset };
}
