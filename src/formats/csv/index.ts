// CSV, TSV and their kin: text in lines and cells.

export { type CsvDialect, type CsvOptions, type CsvTable, MISSING_WORDS } from "./options.ts";
export { readCsv } from "./read.ts";
export { type CsvWriteOptions, writeCsv } from "./write.ts";
