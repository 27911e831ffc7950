// A column built value by value from a typed file: numbers, until one comes that only text can keep.

import type { Column } from "../../base/index.ts";

/** What a cell may be: an integer beyond ±(2^53 − 1) comes as text. */
export type Cell = number | string | null;

export interface ColumnBuilder {
  add(cell: Cell): void;
  finish(): Column;
}

/**
 * @param kind what the file says the column holds; "number" gives way to text if text comes
 * @param single whether the numbers are float32
 */
export function columnBuilder(
  name: string,
  rowCount: number,
  { kind, single = false }: { kind: "number" | "text"; single?: boolean },
): ColumnBuilder {
  const size = kind === "number" ? rowCount : 0;
  let numbers = single ? new Float32Array(size) : new Float64Array(size);
  let texts: (string | null)[] | undefined = kind === "text" ? [] : undefined;
  let row = 0;

  function add(cell: Cell): void {
    if (texts) texts.push(cell === null ? null : String(cell));
    else if (typeof cell === "string") {
      texts = Array.from(numbers.subarray(0, row), (value) =>
        Number.isNaN(value) ? null : String(value),
      );
      numbers = new Float64Array(0);
      texts.push(cell);
    } else numbers[row] = cell ?? Number.NaN;
    row++;
  }

  return {
    add,
    finish: () =>
      texts ? { kind: "text", name, values: texts } : { kind: "number", name, values: numbers },
  };
}

/** An integer as a number where that is exact, else its digits. */
export function exactInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** unscaled × 10^−scale as a number where its digits survive that (15 always do), else as text. */
export function exactDecimal(unscaled: bigint, scale: number): number | string {
  const digits = unscaled.toString().replace("-", "");
  if (digits.length <= 15) return Number(`${unscaled}e${-scale}`);
  if (scale <= 0) return `${unscaled}${"0".repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
