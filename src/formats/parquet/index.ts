// Apache Parquet: tables in compressed columns.

export { readParquet } from "./read.ts";
export { writeParquet } from "./write.ts";
