// The numbers of a column that a model takes numbers from, however a file brought them.

import { type Column, type NumberValues, parseNumbers, RoentgenError } from "../../base/index.ts";

/**
 * The numbers of a column, NaN where missing. Text that is all numbers counts as numbers, and a column
 * that is empty throughout (it reads as text) as missing.
 * @throws RoentgenError "type-mismatch", naming the first text that is no number
 */
export function modelNumbers(column: Column): NumberValues {
  if (column.kind === "number") return column.values;
  const { numbers, unreadable } = parseNumbers(column);
  if (unreadable.length === 0) return numbers;
  const [row] = unreadable;
  const others = unreadable.length - 1;
  throw new RoentgenError("type-mismatch", {
    problem: `Column "${column.name}" does not suit the model`,
    expected: "numbers, as in the training rows",
    found: `the text "${column.values[row]}" in row ${row + 1}${others > 0 ? ` and text in ${others} more` : ""}`,
    remedy: "Correct these values, or leave them empty if they are missing.",
    subject: column.name,
  });
}
