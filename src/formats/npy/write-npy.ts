// Writes numpy's .npy arrays, format version 1.0 (numpy/lib/format.py).

import type { Tensor, TensorData } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import { nativeByteOrder } from "../elements/byte-order.ts";
import { elementTypes } from "../elements/element-types.ts";
import { floatsToHalfs } from "../elements/half-float.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import { checkTensor, dataInLayout, hasLayout } from "../elements/layout.ts";
import { encodeUnicode } from "./text-elements.ts";

/** The array as a file. Text becomes numpy's U; Fortran order is kept; other strides become C order. */
export function writeNpy(tensor: Tensor): Uint8Array {
  return joinBytes([...npyChunks(tensor)]);
}

/** The same file in pieces, with no copy of numbers that already lie in C or Fortran order. */
export function* npyChunks(tensor: Tensor): Generator<Uint8Array> {
  checkTensor(tensor);
  const columnMajor = !hasLayout(tensor, "row-major") && hasLayout(tensor, "column-major");
  const data = dataInLayout(tensor, columnMajor ? "column-major" : "row-major");
  const { kind, bytes } = elementBytes(tensor, data);
  yield headerBytes(kind, columnMajor, tensor.shape);
  yield bytes;
}

/** numpy's name of the element type, and the elements' bytes in this machine's order. */
function elementBytes({ dtype }: Tensor, data: TensorData): { kind: string; bytes: Uint8Array } {
  if (Array.isArray(data)) {
    refuseTrailingNul(data);
    const { bytes, width } = encodeUnicode(data);
    return { kind: `U${width}`, bytes };
  }
  const stored = dtype === "float16" ? floatsToHalfs(data as Float32Array) : data;
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  return { kind: numpyName(dtype as keyof typeof elementTypes), bytes };
}

function numpyName(dtype: keyof typeof elementTypes): string {
  const letter = dtype === "bool" ? "b" : dtype[0];
  return `${letter}${elementTypes[dtype].byteLength}`;
}

/** Padded with spaces so that the elements begin at a multiple of 64 bytes. */
function headerBytes(kind: string, columnMajor: boolean, shape: readonly number[]): Uint8Array {
  const single = kind.endsWith("1") && !kind.startsWith("U");
  const mark = single ? "|" : nativeByteOrder === "little" ? "<" : ">";
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const order = columnMajor ? "True" : "False";
  const dict = `{'descr': '${mark}${kind}', 'fortran_order': ${order}, 'shape': (${axes}), }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const header = `\x93NUMPY\x01\x00${lengthField(length - 10)}${dict.padEnd(length - 11)}\n`;
  return Uint8Array.from(header, (character) => character.charCodeAt(0));
}

function lengthField(length: number): string {
  return String.fromCharCode(length & 0xff, length >>> 8);
}

/** NUL pads the elements, so one at the end of a text would be lost. */
function refuseTrailingNul(texts: readonly string[]): void {
  const index = texts.findIndex((text) => text.endsWith("\0"));
  if (index < 0) return;
  throw new RoentgenError("value-invalid", {
    problem: "Cannot write text as .npy",
    expected: "text that does not end in a NUL character",
    found: `one at position ${index}`,
  });
}
