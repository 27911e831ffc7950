// The table of a data set, in any format that tables come in.

import { openFile } from "#files";
import {
  type ByteSource,
  memorySource,
  RoentgenError,
  type Table,
  type WorkOptions,
} from "../../../base/index.ts";

/** Endings of tables that are looked for beside images. */
export const TABLE_ENDINGS = /\.(csv|tsv|tab|parquet|pq|arrow|feather|jsonl|ndjson)$/i;

/** @throws RoentgenError "type-mismatch" for a file of arrays, and what reading throws */
export async function readTable(
  path: string,
  work: Pick<WorkOptions, "signal"> = {},
): Promise<Table> {
  const source = await openFile(path);
  try {
    return await tableOf(source, work);
  } finally {
    await source.close();
  }
}

/** Bytes that tell what the columns of a table of text are. */
const HEAD_BYTES = 2 ** 18;

/** The first rows of a table of text, all rows of any other. @throws as `readTable` */
export async function readTableHead(path: string): Promise<Table> {
  const { formatOfFile } = await tableFormats();
  const source = await openFile(path);
  try {
    const isText = ["csv", "tsv", "jsonl"].includes(await formatOfFile(source));
    if (!isText || source.byteLength <= HEAD_BYTES) return await tableOf(source);
    const bytes = await source.read(0, HEAD_BYTES);
    const lines = bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
    // A cell that goes over several lines may have been cut.
    return await tableOf(memorySource(lines, source.name)).catch(() => tableOf(source));
  } finally {
    await source.close();
  }
}

const LINE_FEED = 10;

/** Loaded when there is a table: their libraries take as long to load as all else that reads images. */
const tableFormats = () => import("../../../formats/index.ts");

async function tableOf(source: ByteSource, work: Pick<WorkOptions, "signal"> = {}): Promise<Table> {
  const { readData } = await tableFormats();
  const data = await readData(source, work);
  if (data.kind === "table") return data.table;
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot read ${source.name} as a list of images`,
    expected: "a table: CSV, TSV, Parquet, Arrow or JSON lines",
    found: "arrays",
    subject: source.name,
  });
}
