import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/base/index.ts";
import { columnMajorStrides, memorySource } from "../../../src/base/index.ts";
import { npyChunks, readNpy, readNpyHeader, writeNpy } from "../../../src/formats/index.ts";
import { rowMajor } from "../described.ts";

const read = (bytes: Uint8Array) => readNpy(memorySource(bytes, "test.npy"));

function npyFile(header: string, data: ArrayLike<number> = [], version = 1): Uint8Array {
  const { length } = header;
  const lengthField = [length & 255, (length >>> 8) & 255, ...(version === 1 ? [] : [0, 0])];
  const text = Array.from(header, (character) => character.charCodeAt(0));
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0];
  return Uint8Array.from([...magic, ...lengthField, ...text, ...Array.from(data)]);
}

const dict = (descr: string, shape: string, order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

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
    rowMajor("string", [0], []),
  ];
  it.each(cases)("$dtype of shape $shape", async (tensor) => {
    expect(await read(writeNpy(tensor))).toEqual(tensor);
  });

  it("column-major order is kept", async () => {
    const shape = [2, 3];
    const strides = columnMajorStrides(shape);
    const data = Int16Array.of(1, 2, 3, 4, 5, 6);
    const tensor: Tensor = { dtype: "int16", shape, strides, data };
    expect(await read(writeNpy(tensor))).toEqual(tensor);
  });

  it("a part of a larger array is written by itself, in C order", async () => {
    // The second and third column of every other row of a 4×4 array.
    const data = Float64Array.from({ length: 16 }, (_, at) => at).subarray(1);
    const part: Tensor = { dtype: "float64", shape: [2, 2], strides: [8, 1], data };
    expect(await read(writeNpy(part))).toEqual(
      rowMajor("float64", [2, 2], Float64Array.of(1, 2, 9, 10)),
    );
  });
});

it("numbers that lie in order are written without a copy", () => {
  const data = new Float64Array(1000);
  const chunks = [...npyChunks(rowMajor("float64", [10, 100], data))];
  expect(chunks.at(-1)?.buffer).toBe(data.buffer);
});

it("elements begin at a multiple of 64 bytes, as numpy aligns them", async () => {
  for (const rank of [0, 1, 3, 9, 20]) {
    const shape = new Array<number>(rank).fill(1);
    const bytes = writeNpy(rowMajor("float64", shape, new Float64Array(1)));
    expect((await readNpyHeader(memorySource(bytes))).dataOffset % 64).toBe(0);
  }
});

it("the header tells what an array is without its elements", async () => {
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

describe("harmless deviations are read", () => {
  const eight = new Uint8Array(new Float64Array([2.5]).buffer);
  const cases: [string, string][] = [
    ["keys in another order", "{'shape': (1,), 'fortran_order': False, 'descr': '<f8'}"],
    ["double quotes and no final comma", `{"descr": "<f8", "fortran_order": False, "shape": (1,)}`],
    ["integers of Python 2", "{'descr': '<f8', 'fortran_order': False, 'shape': (1L,), }"],
    ["native order without a mark", "{'descr': 'f8', 'fortran_order': False, 'shape': (1,), }"],
    ["order marked as native", "{'descr': '=f8', 'fortran_order': False, 'shape': (1,), }"],
    ["line breaks and tabs", "{'descr':\t'<f8',\n'fortran_order': False,\n'shape': (1,)}\n\n"],
  ];
  it.each(cases)("%s", async (_, header) => {
    expect(await read(npyFile(header, eight))).toEqual(
      rowMajor("float64", [1], Float64Array.of(2.5)),
    );
  });

  it("bytes after the array", async () => {
    const bytes = npyFile(dict("'<f8'", "(1,)"), [...eight, 1, 2, 3]);
    expect((await read(bytes)).data).toEqual(Float64Array.of(2.5));
  });

  it("truth values other than 0 and 1", async () => {
    const bytes = npyFile(dict("'|b1'", "(3,)"), [0, 2, 255]);
    expect((await read(bytes)).data).toEqual(Uint8Array.of(0, 1, 1));
  });

  it("bytes of text that are not UTF-8, as Latin-1", async () => {
    const bytes = npyFile(dict("'|S2'", "(2,)"), [0xe4, 0, 0x80, 0x41]);
    expect((await read(bytes)).data).toEqual(["ä", "\u0080A"]);
  });
});

describe("files that can't be read fail in words", () => {
  const corrupt = "file-corrupt";
  const cases: [string, Uint8Array, string, RegExp][] = [
    ["another kind of file", new Uint8Array(200), corrupt, /begins with \\x93NUMPY/],
    ["no bytes at all", new Uint8Array(0), "file-truncated", /8 more bytes/],
    ["an unknown version", npyFile(dict("'<f8'", "()"), [], 4), corrupt, /found 4.0/],
    [
      "8 GB announced by 200 bytes",
      npyFile(dict("'<f8'", "(1000000000,)"), new Uint8Array(120)),
      "file-truncated",
      /8000000000 more bytes/,
    ],
    [
      "more elements than numbers can count",
      npyFile(dict("'<f8'", "(9007199254740991, 9007199254740991)")),
      corrupt,
      /impossible shape/,
    ],
    [
      "a header longer than the file",
      npyFile(dict("'<f8'", "()")).subarray(0, 60),
      "file-truncated",
      /more bytes/,
    ],
    [
      "an endless header",
      Uint8Array.from([...npyFile("", [], 2).subarray(0, 8), 0, 0, 0, 127]),
      corrupt,
      /at most 1048576 bytes/,
    ],
    ["a negative extent", npyFile(dict("'<f8'", "(-1,)")), corrupt, /shape \(a tuple\)/],
    ["a shape that is not a tuple", npyFile(dict("'<f8'", "3")), corrupt, /shape \(a tuple\)/],
    ["a missing key", npyFile("{'descr': '<f8', 'shape': ()}"), corrupt, /fortran_order/],
    [
      "an extra key",
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (), 'x': 1}"),
      corrupt,
      /fortran_order/,
    ],
    [
      "an expression in the header",
      npyFile(dict("'<f8'", "(__import__('os'),)")),
      corrupt,
      /where a string, an integer, a tuple/,
    ],
    ["brackets without end", npyFile("(".repeat(5000)), corrupt, /32 levels/],
    ["text without end", npyFile("{'descr"), corrupt, /closing '/],
    ["an unknown element type", npyFile(dict("'<q8'", "()")), corrupt, /element type/],
    ["an impossible width", npyFile(dict("'<f3'", "()")), corrupt, /'<f3'/],
    [
      "code points beyond Unicode",
      npyFile(dict("'<U1'", "()"), [0, 0, 0x11, 0]),
      corrupt,
      /U\+10FFFF/,
    ],
    ["a billion texts of width 0", npyFile(dict("'<U0'", "(1000000000,)")), "too-large", /width 0/],
    [
      "raw bytes",
      npyFile(dict("'|V8'", "()"), new Uint8Array(8)),
      "format-unsupported",
      /raw bytes/,
    ],
    [
      "nested elements",
      npyFile(dict("('<f4', (2,))", "()"), new Uint8Array(8)),
      "format-unsupported",
      /structured/,
    ],
    [
      "complex numbers of extended precision",
      npyFile(dict("'<c32'", "()"), new Uint8Array(32)),
      "format-unsupported",
      /complex128/,
    ],
  ];
  it.each(cases)("%s", async (_, bytes, code, words) => {
    const reading = read(bytes);
    await expect(reading).rejects.toMatchObject({ name: "RoentgenError", code });
    await expect(reading).rejects.toThrow(words);
  });

  it("text that ends in NUL is refused when writing, since it would be lost", () => {
    expect(() => writeNpy(rowMajor("string", [1], ["a\0"]))).toThrow(/NUL/);
  });

  it("a tensor that reaches beyond its data is refused when writing", () => {
    expect(() => writeNpy(rowMajor("float64", [3, 3], new Float64Array(8)))).toThrow(/at least 9/);
  });
});

it("reading leaves the source's bytes as they were", async () => {
  const bytes = npyFile(dict("'>f8'", "(2,)"), new Uint8Array(new Float64Array([1, 2]).buffer));
  const before = bytes.slice();
  await read(bytes);
  expect(bytes).toEqual(before);
});
