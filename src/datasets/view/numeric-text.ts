// Text columns that hold numbers: all of them (as strings), or most of them (as mistakes do).

import { type Column, type ParsedText, RoentgenError } from "../../base/index.ts";
import { rowsInWords } from "./rows-in-words.ts";

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
