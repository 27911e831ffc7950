// Reads a .npy array a few rows at a time, from the first to the last, so that it need not fit into memory.

import { RoentgenError, rowMajorStrides, type Tensor } from "../../base/index.ts";
import { type ByteReader, readBytes } from "../elements/byte-reader.ts";
import { type NumericDType, numbersFromBytes } from "../elements/element-types.ts";
import { type NpyHeader, publicHeader, readHeader } from "./header.ts";

/** An array of which rows (entries along the first axis) have been read, or none yet. */
export interface NpyRows {
  readonly header: NpyHeader;
  /** The next rows, as many as are asked for; fewer where the array ends. */
  next(count: number): Promise<Tensor>;
}

/**
 * Begins with an array that starts at the reader's next byte.
 * @throws RoentgenError "format-unsupported" for text and for Fortran order, whose rows do not lie together; what `readNpy` throws
 */
export async function openNpyRows(reader: ByteReader): Promise<NpyRows> {
  const header = await readHeader(reader);
  const { dtype, byteOrder, shape, dataBytes, columnMajor, encoding } = header;
  if (columnMajor || encoding.text !== undefined || shape.length === 0) {
    throw new RoentgenError("format-unsupported", {
      problem: `Cannot read ${reader.name} row by row`,
      expected: "numbers in C order",
      found: columnMajor ? "Fortran order" : header.descr,
      remedy: "Read it as a whole.",
      subject: reader.name,
    });
  }
  let left = shape[0];
  return {
    header: publicHeader(header),
    async next(count) {
      const rows = Math.min(count, left);
      const bytes = await readBytes(reader, rows * (dataBytes / Math.max(1, shape[0])));
      left -= rows;
      const part = [rows, ...shape.slice(1)];
      const data = numbersFromBytes(bytes, dtype as NumericDType, byteOrder);
      return { dtype, shape: part, strides: rowMajorStrides(part), data };
    },
  };
}
