// The values of a page from their encoding. (parquet-format, Encodings.md)

import type { ParquetType, SchemaElement } from "hyparquet";
import { byteStreamSplit } from "hyparquet/src/encoding.js";
import { readPlain } from "hyparquet/src/plain.js";
import { readDeltaLengths, readDeltaPrefixes, readDeltas } from "./delta.ts";
import { readRunLengths } from "./run-lengths.ts";

/** A value as it is stored: INT64 and INT96 are bigint, byte arrays Uint8Array. */
export type StoredValue = number | bigint | boolean | Uint8Array;

/**
 * @param dictionary values that indices refer to
 * @throws RangeError or Error where the bytes don't hold what they must
 */
export function decodeValues(
  bytes: Uint8Array,
  { encoding, count, element }: { encoding: string; count: number; element: SchemaElement },
  dictionary: ArrayLike<StoredValue> | undefined,
): ArrayLike<StoredValue> {
  const type = element.type as ParquetType;
  const reader = {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    offset: 0,
  };
  if (count === 0) return [];
  switch (encoding) {
    case "PLAIN":
      checkPlain(bytes, type, count, element.type_length);
      return readPlain(reader, type, count, element.type_length) as ArrayLike<StoredValue>;
    case "PLAIN_DICTIONARY":
    case "RLE_DICTIONARY":
      return lookUp(readRunLengths(bytes.subarray(1), bytes[0], count), dictionary);
    case "RLE":
      if (type !== "BOOLEAN") throw new RangeError(`RLE of ${type}`);
      return Array.from(readRunLengths(bytes.subarray(4), 1, count), (bit) => bit === 1);
    case "BYTE_STREAM_SPLIT":
      checkPlain(bytes, type, count, element.type_length);
      return byteStreamSplit(reader, count, type, element.type_length) as ArrayLike<StoredValue>;
    case "DELTA_BINARY_PACKED": {
      const { values } = readDeltas(bytes, count);
      return type === "INT32"
        ? Int32Array.from({ length: count }, (_, index) => Number(BigInt.asIntN(32, values[index])))
        : values;
    }
    case "DELTA_LENGTH_BYTE_ARRAY":
      return readDeltaLengths(bytes, count);
    case "DELTA_BYTE_ARRAY":
      return readDeltaPrefixes(bytes, count);
    default:
      throw new RangeError(`values of encoding ${encoding}`);
  }
}

function lookUp(
  indices: Uint32Array,
  dictionary: ArrayLike<StoredValue> | undefined,
): StoredValue[] {
  const values = new Array<StoredValue>(indices.length);
  const size = dictionary?.length ?? 0;
  for (let row = 0; row < indices.length; row++) {
    if (indices[row] >= size) throw new RangeError("an index beyond the dictionary");
    values[row] = dictionary![indices[row]];
  }
  return values;
}

/** Refuses before allocation what can't be that many values. */
function checkPlain(bytes: Uint8Array, type: ParquetType, count: number, width = 0): void {
  const least = {
    BOOLEAN: 1 / 8,
    INT32: 4,
    INT64: 8,
    INT96: 12,
    FLOAT: 4,
    DOUBLE: 8,
    BYTE_ARRAY: 4,
    FIXED_LEN_BYTE_ARRAY: width,
  }[type];
  if (!(least > 0) || count * least > bytes.length) throw new RangeError("fewer values than rows");
}
