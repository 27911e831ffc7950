// Which rows a set of splits ever puts on different sides.

import type { Split } from "../splits/split.ts";

/**
 * A number for each row; two rows are on different sides of some split just if theirs differ.
 * Rows that are always on the same side (or in no split) share one.
 */
export function sidesOfRows(splits: readonly Split[], rowCount: number): Int32Array {
  let sides = new Int32Array(rowCount);
  for (const { train, test } of splits) {
    const here = new Uint8Array(rowCount);
    for (const row of train) here[row] = 1;
    for (const row of test) here[row] = 2;
    const numbers = new Map<number, number>();
    sides = sides.map((before, row) => {
      const key = before * 3 + here[row];
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    });
  }
  return sides;
}
