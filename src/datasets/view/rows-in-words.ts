// Row numbers for messages, counted from 1 as people do.

/** "row 4", "rows 4, 9 and 12", "rows 4, 9, 12, 15, 16 and 31 more". */
export function rowsInWords(rows: ArrayLike<number>, shown = 5): string {
  const numbers = Array.from({ length: Math.min(rows.length, shown) }, (_, i) => rows[i] + 1);
  if (rows.length === 1) return `row ${numbers[0]}`;
  if (rows.length > shown) return `rows ${numbers.join(", ")} and ${rows.length - shown} more`;
  return `rows ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}
