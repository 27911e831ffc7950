// Text that holds numbers, as columns have it that one typo turned into text.

import type { TextColumn } from "./table.ts";

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

/** Text read as numbers, row by row. */
export interface ParsedText {
  /** NaN where missing or not a number. */
  readonly numbers: Float64Array;
  /** Rows with text that is no number. */
  readonly unreadable: readonly number[];
  /** Rows with null or empty text. */
  readonly missing: number;
}

/** Reads each text as a number, as far as it is one. */
export function parseNumbers({ values }: Pick<TextColumn, "values">): ParsedText {
  const numbers = new Float64Array(values.length).fill(Number.NaN);
  const unreadable: number[] = [];
  let missing = 0;
  values.forEach((text, row) => {
    if (text === null || text === "") missing += 1;
    else if (NUMBER.test(text)) numbers[row] = Number(text);
    else unreadable.push(row);
  });
  return { numbers, unreadable, missing };
}
