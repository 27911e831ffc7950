import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/base/index.ts";
import { columnMajorStrides, memorySource, rowMajorStrides } from "../../../src/base/index.ts";
import { readNpy, readNpyHeader, writeNpy } from "../../../src/formats/index.ts";

function npyFile(header: string, data: Uint8Array | number[] = [], version = 1): Uint8Array {
  const length = version === 1 ? [header.length & 255, header.length >>> 8] : lengthOf4(header);
  const text = Array.from(header, (character) => character.charCodeAt(0));
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    ...length,
    ...text,
    ...data,
  ]);
}

function lengthOf4(header: string): number[] {
  return [header.length & 255, header.length >>> 8, 0, 0];
}

function header(descr: string, shape: string, order = "False"): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
}

const read = (bytes: Uint8Array) => readNpy(memorySource(bytes, "test.npy"));
const rowMajor = (dtype: Tensor["dtype"], shape: number[], data: Tensor["data"]): Tensor => ({
  dtype,
  shape,
  strides: rowMajorStrides(shape),
  data,
});

describe("what is written reads back equal", () => {
  const cases: Tensor[] = [
    rowMajor("bool", [2, 2], Uint8Array.of(0, 1, 1, 0)),
    rowMajor("int8", [3], Int8Array.of(-128, 0, 127)),
    rowMajor("uint8", [3], Uint8Array.of(0, 1, 255)),
    rowMajor("int16", [2], Int16Array.of(-32768, 32767)),
    rowMajor("uint16", [2], Uint16Array.of(0, 65535)),
    rowMajor("int32", [2], Int32Array.of(-(2 ** 31), 2 ** 31 - 1)),
    rowMajor("uint32", [2], Uint32Array.of(0, 2 ** 32 - 1)),
    rowMajor("int64", [2], BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)),
    rowMajor("uint64", [2], BigUint64Array.of(0n, 2n ** 64n - 1n)),
    rowMajor("float16", [4], Float32Array.of(0, -1.5, 65504, 2 ** -24)),
    rowMajor("float32", [3], Float32Array.of(Math.fround(0.1), Number.NaN, -0)),
    rowMajor("float64", [1, 3], Float64Array.of(0.1, Number.POSITIVE_INFINITY, 5e-324)),
    rowMajor("complex64", [2], Float32Array.of(1, 2, 3, 4)),
    rowMajor("complex128", [2], Float64Array.of(1, 2, 3, 4)),
    rowMajor("string", [2, 2], ["benign", "bösartig", "", "𝔸 beyond the BMP"]),
    rowMajor("float64", [], Float64Array.of(3.5)),
    rowMajor("float64", [0, 5], new Float64Array(0)),
  ];
  it.each(cases)("$dtype of shape $shape", async (tensor) => {
    expect(await read(writeNpy(tensor))).toEqual(tensor);
  });

  it("keeps column-major order", async () => {
    const shape = [2, 3];
    const strides = columnMajorStrides(shape);
    const tensor: Tensor = {
      dtype: "int16",
      shape,
      strides,
      data: Int16Array.of(1, 2, 3, 4, 5, 6),
    };
    expect(await read(writeNpy(tensor))).toEqual(tensor);
  });
});

it("names the array in the header without reading its elements", async () => {
  const bytes = writeNpy(rowMajor("float32", [5, 3], new Float32Array(15)));
  expect(await readNpyHeader(memorySource(bytes))).toEqual({
    version: 1,
    descr: "<f4",
    dtype: "float32",
    byteOrder: "little",
    itemBytes: 4,
    shape: [5, 3],
    columnMajor: false,
    dataOffset: 128,
    dataBytes: 60,
  });
});

it("refuses 8 GB announced by a file of 200 bytes before it allocates anything", async () => {
  const bytes = npyFile(header("'<f8'", "(1000000000,)"), new Uint8Array(120));
  await expect(read(bytes)).rejects.toMatchObject({
    name: "RoentgenError",
    code: "file-truncated",
  });
});
void fc;
