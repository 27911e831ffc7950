// Text columns that hold numbers: all of them (as strings), or most of them (as mistakes do).

import { type Column, RoentgenError, type TextColumn } from "../../base/index.ts";
import { rowsInWords } from "./rows-in-words.ts";

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

export interface ParsedText {
  /** NaN where missing or not a number. */
  readonly numbers: Float64Array;
  /** Rows with text that is no number. */
  readonly unreadable: readonly number[];
  readonly missing: number;
}

/** Reads each text as a number, as far as it is one. */
export function parseNumbers({ values }: TextColumn): ParsedText {
  const numbers = new Float64Array(values.length).fill(Number.NaN);
  const unreadable: number[] = [];
  let missing = 0;
  values.forEach((text, row) => {
    if (text === null) missing += 1;
    else if (NUMBER.test(text)) numbers[row] = Number(text);
    else unreadable.push(row);
  });
  return { numbers, unreadable, missing };
}

/**
 * Whether a text column is meant to hold measurements: at least half of its values are numbers,
 * and these are more various (over ten) than codes of categories would be.
 */
export function meantAsNumbers({ numbers, unreadable, missing }: ParsedText): boolean {
  const readable = numbers.length - missing - unreadable.length;
  if (readable === 0 || readable < unreadable.length) return false;
  if (unreadable.length === 0) return true;
  const distinct = new Set(numbers);
  distinct.delete(Number.NaN);
  return distinct.size > 10;
}

/** Text where numbers belong, with the first of it. */
export function notNumbers(
  name: string,
  rows: readonly number[],
  { values }: Pick<Column, "values">,
): RoentgenError {
  return new RoentgenError("type-mismatch", {
    problem: `Column "${name}" holds text where numbers belong`,
    found: `"${values[rows[0]]}" in ${rowsInWords(rows)} of ${values.length}`,
    remedy: "Correct these values, or leave them empty if they are missing.",
    subject: name,
  });
}
