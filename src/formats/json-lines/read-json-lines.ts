// Reads tables of JSON lines (jsonlines.org, version 1.0): an object a line, its members the columns.

import {
  type ByteSource,
  counted,
  makeTable,
  type Table,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { type Cell, columnBuilder } from "../tables/column-builder.ts";

/** A table, and what its reader should know. */
export interface JsonLinesTable {
  readonly table: Table;
  readonly notes: readonly string[];
}

/**
 * Reads a table. Columns are the members of all objects in order of appearance; a member that an object lacks is missing. Truth
 * values become "true" and "false", lists of plain values their parts joined by "|", other lists and objects their JSON.
 * @throws RoentgenError "file-corrupt" with the line that is no object
 */
export async function readJsonLines(
  source: ByteSource,
  { signal }: Pick<WorkOptions, "signal"> = {},
): Promise<JsonLinesTable> {
  const bytes = await source.read(0, source.byteLength);
  const text = decode(bytes, source.name);
  const rows: Record<string, unknown>[] = [];
  const names = new Set<string>();
  const lines = text.split("\n");
  for (const [at, line] of lines.entries()) {
    if (at % 4096 === 0) throwIfCancelled(signal, "Reading JSON lines");
    if (line.trim() === "") continue;
    const row = parseLine(line, at + 1, source.name);
    for (const name of Object.keys(row)) names.add(name);
    rows.push(row);
  }
  if (rows.length * names.size > MOST_CELLS) throw tooWide(source.name, rows.length, names.size);
  const changed = { lists: 0 };
  const columns = [...names].map((name) => {
    const builder = columnBuilder(name, rows.length, { kind: "number" });
    for (const row of rows)
      builder.add(cellOf(Object.hasOwn(row, name) ? row[name] : null, changed));
    return builder.finish();
  });
  const notes =
    changed.lists > 0 ? [`${counted(changed.lists, "list")} of values became text.`] : [];
  return { table: makeTable(columns), notes };
}

/** Objects that share no members make a table of the square of their number; a file for it would be larger than memory. */
const MOST_CELLS = 2 ** 27;

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw damaged(name, { expected: "text in UTF-8", found: "other bytes", cause });
  }
}

function parseLine(line: string, number: number, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw damaged(name, { expected: `a JSON object in line ${number}`, found: "no JSON", cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw damaged(name, { expected: `a JSON object in line ${number}`, found: "another value" });
}

function cellOf(value: unknown, changed: { lists: number }): Cell {
  if (value === null || value === undefined || typeof value === "number") return value ?? null;
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "boolean") return String(value);
  changed.lists += 1;
  const isPlain = Array.isArray(value) && value.every((part) => typeof part !== "object");
  return isPlain ? value.join("|") : JSON.stringify(value);
}

function tooWide(name: string, rows: number, columns: number) {
  return damaged(name, {
    expected: "objects with the same members",
    found: `${rows} objects with ${columns} different members`,
  });
}
