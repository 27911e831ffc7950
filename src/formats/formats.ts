// Every format of tables and arrays: how a file of it is recognised, who reads it and who writes it.

import type { ByteSource, Table, WorkOptions } from "../base/index.ts";
import { readArrow, writeArrow } from "./arrow/index.ts";
import { type CsvOptions, readCsv, writeCsv } from "./csv/index.ts";
import type { Data, FormatName, NamedTensor } from "./data-file.ts";
import { readJsonLines } from "./json-lines/read-json-lines.ts";
import { writeJsonLines } from "./json-lines/write-json-lines.ts";
import { matChunks } from "./mat/write-mat.ts";
import { readMatArrays } from "./mat-arrays.ts";
import { readNpy } from "./npy/read-npy.ts";
import { npyChunks } from "./npy/write-npy.ts";
import { readNpz } from "./npz/read-npz.ts";
import { npzChunks } from "./npz/write-npz.ts";
import { readParquet, writeParquet } from "./parquet/index.ts";

/** Contents and what their reader should know. */
type Contents = Data & { readonly notes?: readonly string[] };

/** Options of reading a file of any format. */
export interface ReadOptions extends WorkOptions {
  /** For text files. */
  csv?: CsvOptions;
}

interface AnyFormat {
  readonly name: FormatName;
  readonly title: string;
  /** With the dot, lower case; the first is the usual one. */
  readonly extensions: readonly string[];
  /** Whether a file whose first bytes (up to 640) read so in Latin-1 is of this format. */
  recognise?(head: string): boolean;
  read(source: ByteSource, options: ReadOptions): Promise<Contents>;
}

interface TableFormat extends AnyFormat {
  readonly holds: "table";
  write(table: Table): Iterable<Uint8Array>;
}

interface ArrayFormat extends AnyFormat {
  readonly holds: "arrays";
  /** How many arrays a file can hold. */
  readonly most: number;
  write(arrays: readonly NamedTensor[]): Iterable<Uint8Array>;
}

export type Format = TableFormat | ArrayFormat;

export const FORMATS: readonly Format[] = [
  {
    name: "csv",
    title: "comma- or semicolon-separated values",
    extensions: [".csv", ".txt", ".data", ".dat"],
    holds: "table",
    read: (source, options) => readText(source, options, options.csv),
    write: (table) => writeCsv(table),
  },
  {
    name: "tsv",
    title: "tab-separated values",
    extensions: [".tsv", ".tab"],
    holds: "table",
    read: (source, options) => readText(source, options, { delimiter: "\t", ...options.csv }),
    write: (table) => writeCsv(table, { delimiter: "\t" }),
  },
  {
    name: "jsonl",
    title: "JSON lines",
    extensions: [".jsonl", ".ndjson"],
    holds: "table",
    read: async (source, work) => ({ kind: "table", ...(await readJsonLines(source, work)) }),
    write: (table) => writeJsonLines(table),
  },
  {
    name: "parquet",
    title: "Apache Parquet",
    extensions: [".parquet", ".pq"],
    holds: "table",
    recognise: (head) => head.startsWith("PAR1") || head.startsWith("PARE"),
    read: async (source, work) => ({ kind: "table", table: await readParquet(source, work) }),
    write: (table) => [writeParquet(table)],
  },
  {
    name: "arrow",
    title: "Apache Arrow, Feather version 2",
    extensions: [".arrow", ".feather", ".ipc", ".arrows"],
    holds: "table",
    recognise: (head) =>
      head.startsWith("ARROW1") || head.startsWith("FEA1") || head.startsWith("\xff\xff\xff\xff"),
    read: async (source, work) => ({ kind: "table", table: await readArrow(source, work) }),
    write: (table) => [writeArrow(table)],
  },
  {
    name: "npy",
    title: "NumPy array",
    extensions: [".npy"],
    holds: "arrays",
    most: 1,
    recognise: (head) => head.startsWith("\x93NUMPY"),
    read: async (source) => ({
      kind: "arrays",
      arrays: [{ name: stem(source.name), tensor: await readNpy(source) }],
    }),
    write: ([{ tensor }]) => npyChunks(tensor),
  },
  {
    name: "npz",
    title: "NumPy arrays by name",
    extensions: [".npz"],
    holds: "arrays",
    most: Number.POSITIVE_INFINITY,
    recognise: (head) => head.startsWith("PK\x03\x04") && head.slice(0, 256).includes(".npy"),
    read: async (source) => ({ kind: "arrays", arrays: await readNpz(source) }),
    write: (arrays) => npzChunks(arrays),
  },
  {
    name: "mat",
    title: "MATLAB, versions 4 to 7.3 (written as 5)",
    extensions: [".mat"],
    holds: "arrays",
    most: Number.POSITIVE_INFINITY,
    recognise: (head) => /^MATLAB [57]\./.test(head),
    read: (source) => readMatArrays(source),
    write: (arrays) => matChunks(arrays),
  },
];

/** A format as help and documentation list it. */
export interface FormatSupport {
  readonly name: FormatName;
  readonly title: string;
  readonly extensions: readonly string[];
  readonly holds: "table" | "arrays";
  readonly read: boolean;
  readonly write: boolean;
  readonly node: boolean;
  readonly browser: boolean;
}

/** What is supported where. */
export const supportedFormats: readonly FormatSupport[] = FORMATS.map(
  ({ name, title, extensions, holds }) => ({
    ...{ name, title, extensions, holds },
    ...{ read: true, write: true, node: true, browser: true },
  }),
);

/** The format whose extension a path has. */
export function formatOfPath(path: string): Format | undefined {
  const lower = path.toLowerCase();
  return FORMATS.find(({ extensions }) =>
    extensions.some((extension) => lower.endsWith(extension)),
  );
}

async function readText(
  source: ByteSource,
  { csv: _, ...work }: ReadOptions,
  csv: CsvOptions | undefined,
): Promise<Contents> {
  const { rowCount, columns, notes } = await readCsv(source, csv, work);
  return { kind: "table", table: { rowCount, columns }, notes };
}

/** A path's last part without its extension. */
function stem(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/(?<=.)\.[^.]*$/, "");
}
