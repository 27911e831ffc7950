// The table of a data set, in any format that tables come in.

import { openFile } from "#files";
import { RoentgenError, type Table, type WorkOptions } from "../../../base/index.ts";
import { readData } from "../../../formats/index.ts";

/** Endings of tables that are looked for beside images. */
export const TABLE_ENDINGS = /\.(csv|tsv|tab|parquet|pq|arrow|feather|jsonl|ndjson)$/i;

/** @throws RoentgenError "type-mismatch" for a file of arrays, and what reading throws */
export async function readTable(
  path: string,
  work: Pick<WorkOptions, "signal"> = {},
): Promise<Table> {
  const source = await openFile(path);
  try {
    const data = await readData(source, work);
    if (data.kind === "table") return data.table;
  } finally {
    await source.close();
  }
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot read ${path} as a list of images`,
    expected: "a table: CSV, TSV, Parquet, Arrow or JSON lines",
    found: "arrays",
    subject: path,
  });
}
