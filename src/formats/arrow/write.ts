// Writing a table as an Arrow IPC file, which is also Feather version 2.

import {
  Table as ArrowTable,
  type Data,
  Field,
  Float32,
  Float64,
  LargeUtf8,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  tableToIPC,
  Utf8,
} from "apache-arrow";
import { type NumberValues, RoentgenError, type Table } from "../../base/index.ts";

/** Beyond this, offsets need 64 bits. */
const MOST_UTF8 = 2 ** 31 - 1;

/**
 * The file, uncompressed. Numbers become float64 (float32 where they are Float32Array), missing ones null;
 * text becomes utf8.
 * @param options.stream an IPC stream in place of a file
 * @throws RoentgenError "value-missing" for a table without columns
 */
export function writeArrow({ columns, rowCount }: Table, { stream = false } = {}): Uint8Array {
  if (columns.length === 0) {
    throw new RoentgenError("value-missing", { problem: "Cannot write a table without columns" });
  }
  const written = new Map<ArrayBufferLike, number>();
  const children: Data[] = columns.map((column) =>
    column.kind === "text" ? textData(column.values) : numberData(apart(column.values, written)),
  );
  const fields = columns.map(({ name }, index) => new Field(name, children[index].type, true));
  const type = new Struct(fields);
  const batch = new RecordBatch(
    new Schema(fields),
    makeData({ type, length: rowCount, nullCount: 0, children }),
  );
  return tableToIPC(new ArrowTable([batch]), stream ? "stream" : "file");
}

/**
 * The library takes views of one buffer that overlap or go backwards for one piece, and writes too little:
 * those are copied.
 */
function apart(values: NumberValues, written: Map<ArrayBufferLike, number>): NumberValues {
  const { buffer, byteOffset, byteLength } = values;
  if (byteOffset < (written.get(buffer) ?? 0)) return values.slice();
  written.set(buffer, byteOffset + byteLength);
  return values;
}

/** The numbers as they are, and which of them are there. */
function numberData(values: NumberValues): Data {
  const { length } = values;
  const validity = presence(length, (row) => !Number.isNaN(values[row]));
  return values instanceof Float32Array
    ? makeData({ type: new Float32(), length, ...validity, data: values })
    : makeData({ type: new Float64(), length, ...validity, data: values });
}

/** The texts one after the other as UTF-8, and where each begins. */
function textData(texts: readonly (string | null)[]): Data {
  const { length } = texts;
  const validity = presence(length, (row) => texts[row] !== null);
  const encoder = new TextEncoder();
  const offsets = new BigInt64Array(length + 1);
  let data = new Uint8Array(1024);
  let filled = 0;
  texts.forEach((text, row) => {
    if (text !== null) {
      data = withRoom(data, filled + 3 * text.length);
      filled += encoder.encodeInto(text, data.subarray(filled)).written;
    }
    offsets[row + 1] = BigInt(filled);
  });
  data = data.subarray(0, filled);
  if (filled > MOST_UTF8) {
    return makeData({ type: new LargeUtf8(), length, ...validity, data, valueOffsets: offsets });
  }
  const valueOffsets = Int32Array.from({ length: length + 1 }, (_, row) => Number(offsets[row]));
  return makeData({ type: new Utf8(), length, ...validity, data, valueOffsets });
}

function withRoom(bytes: Uint8Array<ArrayBuffer>, needed: number): Uint8Array<ArrayBuffer> {
  if (needed <= bytes.length) return bytes;
  const grown = new Uint8Array(Math.max(needed, 2 * bytes.length));
  grown.set(bytes);
  return grown;
}

/** A bit for each row that has a value; none where all have. */
function presence(length: number, isThere: (row: number) => boolean) {
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (let row = 0; row < length; row++) {
    if (isThere(row)) nullBitmap[row >> 3] |= 1 << (row & 7);
    else nullCount++;
  }
  return nullCount > 0 ? { nullCount, nullBitmap } : { nullCount };
}
