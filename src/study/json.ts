// JSON whose text depends on the data alone, so that equal studies write equal files.

/**
 * Serialises with keys sorted by code unit, two spaces of indentation and a final line end. Typed arrays
 * become arrays; what is undefined is left out; NaN and infinities, which JSON lacks, become null.
 */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, sorted, 2)}\n`;
}

/** The same on one line, for logs. */
export function stableJsonLine(value: unknown): string {
  return `${JSON.stringify(value, sorted)}\n`;
}

function sorted(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
