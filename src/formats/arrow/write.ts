// Writing a table as an Arrow IPC file, which is also Feather version 2.

import {
  Table as ArrowTable,
  type Data,
  type DataType,
  Float32,
  Float64,
  makeData,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { type NumberValues, RoentgenError, type Table } from "../../base/index.ts";

/**
 * The file, uncompressed. Numbers become float64 (float32 where they are Float32Array), missing ones null;
 * text becomes utf8.
 * @param options.stream an IPC stream in place of a file
 * @throws RoentgenError "value-missing" for a table without columns
 */
export function writeArrow({ columns }: Table, { stream = false } = {}): Uint8Array {
  if (columns.length === 0) {
    throw new RoentgenError("value-missing", { problem: "Cannot write a table without columns" });
  }
  const vectors: Record<string, Vector> = Object.fromEntries(
    columns.map((column) => [
      column.name,
      column.kind === "text"
        ? vectorFromArray(column.values, new Utf8())
        : new Vector([numberData(column.values)]),
    ]),
  );
  return tableToIPC(new ArrowTable(vectors), stream ? "stream" : "file");
}

/** The numbers as they are, with a bit for each that says whether it is there. */
function numberData(values: NumberValues): Data<DataType> {
  const length = values.length;
  const bitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (let row = 0; row < length; row++) {
    if (Number.isNaN(values[row])) nullCount++;
    else bitmap[row >> 3] |= 1 << (row & 7);
  }
  const nullBitmap = nullCount > 0 ? bitmap : undefined;
  return values instanceof Float32Array
    ? makeData({ type: new Float32(), length, nullCount, nullBitmap, data: values })
    : makeData({ type: new Float64(), length, nullCount, nullBitmap, data: values });
}
