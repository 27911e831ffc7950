// Writes tables as JSON lines: an object a row, without the members that are missing.

import type { Column, Table } from "../../base/index.ts";

/** Rows of a chunk. */
const CHUNK = 4096;

/** The bytes of a file, in chunks. Numbers that JSON does not have (infinite ones) are written as text. */
export function* writeJsonLines({ rowCount, columns }: Table): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let from = 0; from < rowCount; from += CHUNK) {
    const count = Math.min(CHUNK, rowCount - from);
    const lines = Array.from({ length: count }, (_, at) => lineOf(columns, from + at));
    yield encoder.encode(`${lines.join("\n")}\n`);
  }
}

function lineOf(columns: readonly Column[], row: number): string {
  const members = columns.flatMap(({ name, values }) => {
    const value = values[row];
    if (value === null || Number.isNaN(value)) return [];
    return [[name, Number.isFinite(value) ? value : String(value)] as const];
  });
  return JSON.stringify(Object.fromEntries(members));
}
