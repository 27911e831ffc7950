// Reads numpy's .npy arrays: header, then the elements straight into the tensor's memory.

import type { ByteSource, Tensor, TensorData } from "../../base/index.ts";
import {
  columnMajorStrides,
  elementCount,
  RoentgenError,
  rowMajorStrides,
} from "../../base/index.ts";
import type { ByteReader } from "../elements/byte-reader.ts";
import { sequentialReader } from "../elements/byte-reader.ts";
import type { NumericDType } from "../elements/element-types.ts";
import { allocateBytes, numbersFromBytes } from "../elements/element-types.ts";
import type { NpyHeader, ParsedHeader } from "./header.ts";
import { publicHeader, readHeader } from "./header.ts";
import { decodeBytes, decodeUnicode } from "./text-elements.ts";

/** Elements without any bytes (zero-width text) cost memory that no file length bounds. */
const mostEmptyTexts = 2 ** 20;

/**
 * Reads an array: any shape, both byte orders; Fortran order is kept, by strides, without a copy.
 * @throws RoentgenError "file-truncated", "file-corrupt", "format-unsupported" (objects, records, dates, extended precision), "too-large"
 */
export async function readNpy(source: ByteSource): Promise<Tensor> {
  return readNpyFrom(sequentialReader(source));
}

/** What the array is, without its elements. */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  return publicHeader(await readHeader(sequentialReader(source)));
}

/** Reads an array that begins at the reader's next byte. */
export async function readNpyFrom(reader: ByteReader): Promise<Tensor> {
  const header = await readHeader(reader);
  const { dtype, shape, columnMajor } = header;
  const data = await readElements(reader, header);
  const strides = columnMajor ? columnMajorStrides(shape) : rowMajorStrides(shape);
  return { dtype, shape, strides, data };
}

async function readElements(reader: ByteReader, header: ParsedHeader): Promise<TensorData> {
  const { dtype, byteOrder, itemBytes, encoding, dataBytes } = header;
  const count = elementCount(header.shape);
  if (itemBytes === 0 && count > mostEmptyTexts) {
    throw new RoentgenError("too-large", {
      problem: `Cannot read ${reader.name}`,
      expected: `at most ${mostEmptyTexts} elements of width 0`,
      found: `${count}`,
      subject: reader.name,
    });
  }
  const bytes = allocateBytes(dataBytes, reader.name);
  await reader.readInto(bytes);
  if (encoding.text === "unicode") {
    return decodeUnicode(bytes, { count, itemBytes, byteOrder }, reader.name);
  }
  if (encoding.text === "bytes") return decodeBytes(bytes, count, itemBytes);
  return numbersFromBytes(bytes, dtype as NumericDType, byteOrder);
}
