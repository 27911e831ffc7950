// Tables that lie in a data set's folder: CSV, also gzipped, their columns as text or numbers by name.

import { inflated } from "#compression";
import { openFile, readFileBytes } from "#files";
import {
  getColumn,
  memorySource,
  RoentgenError,
  type Table,
  textValues,
  type WorkOptions,
} from "../../../base/index.ts";
import type { FolderFile } from "./dataset-folder.ts";

/** Reads a CSV file with a line of names. */
export async function readTableFile({ path }: FolderFile, work: WorkOptions): Promise<Table> {
  const { readCsv } = await import("../../../formats/index.ts");
  const source = path.endsWith(".gz")
    ? memorySource(await inflate(path), path)
    : await openFile(path);
  try {
    return await readCsv(source, { header: true }, work);
  } finally {
    await source.close();
  }
}

async function inflate(path: string): Promise<Uint8Array> {
  const compressed = await readFileBytes(path);
  const pieces: Uint8Array[] = [];
  const whole = (async function* () {
    yield compressed;
  })();
  for await (const piece of inflated(whole, { wrapping: "gzip", name: path })) pieces.push(piece);
  const { joinBytes } = await import("../../../formats/index.ts");
  return joinBytes(pieces);
}

/** A column as text, null where missing. */
export function textColumn(table: Table, name: string): readonly (string | null)[] {
  return textValues(getColumn(table, name));
}

/** A column that every row needs as text: names of images, patients. @throws RoentgenError "value-missing" for a gap */
export function keyColumn(table: Table, name: string): readonly string[] {
  const values = textColumn(table, name);
  const gap = values.indexOf(null);
  if (gap < 0) return values as readonly string[];
  throw new RoentgenError("value-missing", {
    problem: `Row ${gap + 1} has no "${name}"`,
    expected: "a name in every row of the published table",
    remedy: "The table was changed or is damaged; download it again.",
    subject: name,
  });
}

/** A column as numbers, NaN where missing or not a number. */
export function numberColumn(table: Table, name: string): readonly number[] {
  const column = getColumn(table, name);
  if (column.kind === "number") return Array.from(column.values);
  return column.values.map((text) =>
    text === null || text.trim() === "" ? Number.NaN : Number(text),
  );
}

/** Rows of a table by the text in a column, in the order that it appears. */
export function rowsBy(table: Table, name: string): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  textColumn(table, name).forEach((key, row) => {
    if (key === null) return;
    const known = rows.get(key);
    if (known) known.push(row);
    else rows.set(key, [row]);
  });
  return rows;
}
