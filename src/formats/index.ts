// Bytes to data and back: tables and arrays, a folder a format, and the front door to all of them.

export {
  type CsvDialect,
  type CsvOptions,
  type CsvTable,
  MISSING_WORDS,
  readCsv,
} from "./csv/index.ts";
export type { ArrayFile, Data, DataFile, FormatName, NamedTensor, TableFile } from "./data-file.ts";
export { readData } from "./open.ts";
export { tableFromTensor, tensorFromTable } from "./tables/tensor-table.ts";
