// Writing a table as Parquet: optional columns, Snappy, a dictionary where it helps.

import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { type Column, RoentgenError, type Table } from "../../base/index.ts";

/**
 * The file. Numbers become DOUBLE (FLOAT where they are Float32Array), missing ones null; text becomes
 * STRING.
 * @throws RoentgenError "value-missing" for a table without columns
 */
export function writeParquet({ columns }: Table): Uint8Array {
  if (columns.length === 0) {
    throw new RoentgenError("value-missing", { problem: "Cannot write a table without columns" });
  }
  const columnData = columns.map(columnSource);
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: "roentgen" }));
}

function columnSource(column: Column): ColumnSource {
  const { name, values } = column;
  if (column.kind === "text") return { name, type: "STRING", data: values as string[] };
  const type = values instanceof Float32Array ? "FLOAT" : "DOUBLE";
  const numbers = column.values;
  if (!numbers.some(Number.isNaN)) return { name, type, nullable: false, data: numbers };
  return { name, type, data: Array.from(numbers, (value) => (Number.isNaN(value) ? null : value)) };
}
