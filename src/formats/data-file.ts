// What a data file holds, whatever its format: one table, or arrays by name.

import type { Table, Tensor } from "../base/index.ts";

/** An array of a file. */
export interface NamedTensor {
  /** The variable's name; the file's own name without its extension where the format has none. */
  readonly name: string;
  readonly tensor: Tensor;
}

/** Contents of a file that is a table (CSV, JSON lines, Parquet, Arrow). */
export interface TableFile {
  readonly kind: "table";
  readonly table: Table;
}

/** Contents of a file of arrays (.npy, .npz, .mat). */
export interface ArrayFile {
  readonly kind: "arrays";
  /** In file order. */
  readonly arrays: readonly NamedTensor[];
}

/** Contents to be written. */
export type Data = TableFile | ArrayFile;

/** Contents as they were read, from which format, and what the reader should know, as sentences. */
export type DataFile = Data & {
  readonly format: FormatName;
  readonly notes: readonly string[];
};

/** Formats that are read and written. */
export type FormatName = "csv" | "tsv" | "jsonl" | "parquet" | "arrow" | "npy" | "npz" | "mat";
