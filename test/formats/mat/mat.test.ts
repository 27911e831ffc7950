import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteSource, Tensor } from "../../../src/base/index.ts";
import { columnMajorStrides, memorySource } from "../../../src/base/index.ts";
import type { MatValue } from "../../../src/formats/index.ts";
import {
  fieldValues,
  listMat,
  matChunks,
  matToTensor,
  readMat,
  tensorToMat,
  writeMat,
} from "../../../src/formats/index.ts";
import { rowMajor } from "../described.ts";
import { matVariables } from "./arbitrary-values.ts";

const read = (bytes: Uint8Array) => readMat(memorySource(bytes, "test.mat"));
const number = (...values: number[]): MatValue =>
  tensorToMat(rowMajor("float64", [values.length], Float64Array.from(values)));
const text = (value: string): MatValue => ({
  kind: "char",
  shape: [1, value.length],
  rows: [value],
});

describe("what is written reads back equal", () => {
  it.each([{ compress: false }, { compress: true }])("any values, with %o", async (options) => {
    const property = fc.asyncProperty(matVariables, async (variables) => {
      expect(await read(writeMat(variables, options))).toEqual(variables);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it("what is compressed can be decompressed by zlib, whatever the values", () => {
    const property = fc.property(matVariables, (variables) => {
      const bytes = Buffer.from(writeMat(variables, { compress: true }));
      for (let at = 128; at < bytes.length; ) {
        const end = at + 8 + bytes.readUInt32LE(at + 4);
        const element = inflateSync(bytes.subarray(at + 8, end));
        expect(element.readUInt32LE(4)).toBe(element.length - 8);
        at = end;
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("global variables stay global", async () => {
    const variables = [{ name: "x", value: number(1), global: true }];
    expect(await read(writeMat(variables))).toEqual(variables);
  });

  it("objects of the old style keep class and fields", async () => {
    const fields = [{ name: "expr", values: [text("x^2")] }];
    const value: MatValue = { kind: "object", className: "inline", shape: [1, 1], fields };
    expect(await read(writeMat([{ name: "f", value }]))).toEqual([{ name: "f", value }]);
  });

  it("the same variables give the same bytes, in pieces or whole", () => {
    const variables = [{ name: "x", value: number(1, 2) }];
    expect(Buffer.concat([...matChunks(variables)]).equals(writeMat(variables))).toBe(true);
  });
});

it("numbers in column-major order are written without a copy", () => {
  const data = new Float64Array(100);
  const shape = [10, 10];
  const tensor: Tensor = { dtype: "float64", shape, strides: columnMajorStrides(shape), data };
  const chunks = [...matChunks([{ name: "x", tensor }])];
  expect(chunks.some((chunk) => chunk.buffer === data.buffer)).toBe(true);
});

describe("arrays become MATLAB values", () => {
  const cases: [string, Tensor, Partial<Record<string, unknown>>][] = [
    ["a vector a column", rowMajor("float64", [3], Float64Array.of(1, 2, 3)), { shape: [3, 1] }],
    ["a single value 1×1", rowMajor("float32", [], Float32Array.of(1)), { shape: [1, 1] }],
    [
      "half precision single",
      rowMajor("float16", [1, 1], Float32Array.of(1)),
      { dtype: "float32" },
    ],
    [
      "a matrix of C order itself",
      rowMajor("int16", [2, 2], Int16Array.of(1, 2, 3, 4)),
      { shape: [2, 2] },
    ],
  ];
  it.each(cases)("%s", async (_, tensor, expected) => {
    const [{ value }] = await read(writeMat([{ name: "x", tensor }]));
    expect(value).toMatchObject({ kind: "numeric", tensor: expected });
  });

  it("C order turns into column-major order", async () => {
    const tensor = rowMajor("float64", [2, 3], Float64Array.of(1, 2, 3, 4, 5, 6));
    const [{ value }] = await read(writeMat([{ name: "x", tensor }]));
    expect(matToTensor(value).data).toEqual(Float64Array.of(1, 4, 2, 5, 3, 6));
  });

  it("text a cell of text, empty text 0×0", async () => {
    const tensor = rowMajor("string", [2], ["benign", ""]);
    const [{ value }] = await read(writeMat([{ name: "x", tensor }]));
    const blank: MatValue = { kind: "char", shape: [0, 0], rows: [] };
    expect(value).toEqual({ kind: "cell", shape: [2, 1], elements: [text("benign"), blank] });
  });
});

describe("MATLAB values become arrays", () => {
  it("a cell of text is an array of strings", () => {
    const cell: MatValue = { kind: "cell", shape: [1, 2], elements: [text("a"), text("b")] };
    expect(matToTensor(cell)).toMatchObject({ dtype: "string", shape: [1, 2], data: ["a", "b"] });
  });

  it("a cell of single numbers is an array of numbers, [] a missing one", () => {
    const none = tensorToMat(rowMajor("float64", [0, 0], new Float64Array(0)));
    const cell: MatValue = { kind: "cell", shape: [3, 1], elements: [number(1), none, number(3)] };
    expect(matToTensor(cell).data).toEqual(Float64Array.of(1, Number.NaN, 3));
  });

  it("text of several rows is one string a row", () => {
    const rows: MatValue = { kind: "char", shape: [2, 3], rows: ["abc", "de "] };
    expect(matToTensor(rows)).toEqual(rowMajor("string", [2], ["abc", "de "]));
  });

  it("a sparse matrix is written out in full, unless it would not fit", () => {
    const sparse = {
      kind: "sparse",
      columnStarts: Int32Array.of(0, 1),
      rowIndices: Int32Array.of(1),
      values: rowMajor("float64", [1], Float64Array.of(7)),
    } as const;
    expect(matToTensor({ ...sparse, shape: [3, 1] }).data).toEqual(Float64Array.of(0, 7, 0));
    const huge: MatValue = { ...sparse, shape: [2 ** 31 - 1, 1] };
    expect(() => matToTensor(huge, "x")).toThrow(/sparse matrix x.*at most/);
  });

  const field = { name: "age", values: [number(1)] };
  const refused: [string, MatValue, RegExp][] = [
    [
      "a struct",
      { kind: "struct", shape: [1, 1], fields: [field] },
      /1×1 struct.*Name one of its fields: age/,
    ],
    ["a mixed cell", { kind: "cell", shape: [1, 2], elements: [text("a"), number(1)] }, /1×2 cell/],
    ["a table", { kind: "opaque", className: "table" }, /class table.*table2array/],
    ["a function", { kind: "function", content: undefined }, /function handle/],
  ];
  it.each(refused)("%s is refused with a remedy", (_, value, words) => {
    expect(() => matToTensor(value, "features")).toThrow(words);
    expect(() => matToTensor(value, "features")).toThrow(/Cannot use features as an array/);
  });
});

it("fields of a struct are found by name", () => {
  const values = [number(1), number(2)];
  const value: MatValue = { kind: "struct", shape: [1, 2], fields: [{ name: "age", values }] };
  expect(fieldValues(value, "age")).toBe(values);
  expect(fieldValues(value, "sex")).toBeUndefined();
});

describe.each([{ compress: false }, { compress: true }])("of a file written with %o", (options) => {
  const noise = Float64Array.from({ length: 20_000 }, (_, at) => Math.sin(at * at));
  const bytes = writeMat(
    [
      { name: "large", tensor: rowMajor("float64", [200, 100], noise) },
      { name: "truth", tensor: rowMajor("bool", [2, 2], Uint8Array.of(1, 0, 1, 1)) },
      { name: "z", tensor: rowMajor("complex64", [1, 2], new Float32Array(4)) },
      { name: "labels", value: text("benign") },
    ],
    options,
  );

  it("names, classes and shapes are listed from the first bytes of each variable", async () => {
    const { source, bytesRead } = counting(memorySource(bytes));
    const plain = { complex: false, sparse: false };
    expect(await listMat(source)).toEqual([
      { name: "large", className: "double", shape: [200, 100], ...plain },
      { name: "truth", className: "logical", shape: [2, 2], ...plain },
      { name: "z", className: "single", shape: [1, 2], ...plain, complex: true },
      { name: "labels", className: "char", shape: [1, 6], ...plain },
    ]);
    expect(bytesRead()).toBeLessThan(10_000);
  });

  it("only the variables that are asked for are read", async () => {
    const { source, bytesRead } = counting(memorySource(bytes));
    const variables = await readMat(source, { names: ["labels"] });
    expect(variables).toEqual([{ name: "labels", value: text("benign") }]);
    expect(bytesRead()).toBeLessThan(10_000);
  });

  it("an unknown name lists those that there are", async () => {
    const reading = readMat(memorySource(bytes), { names: ["label"] });
    await expect(reading).rejects.toMatchObject({ code: "value-missing" });
    await expect(reading).rejects.toThrow(/large, truth, z, labels/);
  });
});

function counting(inner: ByteSource): { source: ByteSource; bytesRead: () => number } {
  let count = 0;
  const source: ByteSource = {
    ...inner,
    read: (offset, length) => {
      count += length;
      return inner.read(offset, length);
    },
    readInto: (offset, target) => {
      count += target.length;
      return inner.readInto(offset, target);
    },
  };
  return { source, bytesRead: () => count };
}

describe("files that can't be read fail in words", () => {
  const header = writeMat([]);
  const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
  const element = (type: number, ...content: Uint8Array[]) => {
    const body = Buffer.concat(content);
    return Buffer.concat([
      words(type, body.length),
      body,
      Buffer.alloc((8 - (body.length % 8)) % 8),
    ]);
  };
  const array = (kind: number, shape: number[], ...content: Uint8Array[]) =>
    element(14, element(6, words(kind, 0)), element(5, words(...shape)), element(1), ...content);
  const file = (...elements: Uint8Array[]) => Buffer.concat([header, ...elements]);
  const nested = (depth: number): Uint8Array =>
    depth === 0 ? element(14) : array(1, [1, 1], nested(depth - 1));
  const doubles = (...values: number[]) =>
    element(9, new Uint8Array(Float64Array.from(values).buffer));
  const level4 = (...numbers: number[]) => words(...numbers);

  const corrupt = "file-corrupt";
  const cut = "file-truncated";
  const cases: [string, Uint8Array, string, RegExp][] = [
    ["another kind of file", new TextEncoder().encode("x".repeat(50)), corrupt, /a MAT-file/],
    ["no bytes", new Uint8Array(0), corrupt, /a MAT-file/],
    ["zeros alone", new Uint8Array(200), corrupt, /a matrix of a MAT-file/],
    ["no byte order mark", file().fill(0, 126), corrupt, /IM or MI/],
    [
      "a cut-off variable",
      file(array(6, [2, 2], doubles(1, 2, 3, 4))).subarray(0, -8),
      cut,
      /a variable of/,
    ],
    [
      "4 GB announced by 200 bytes",
      file(words(14, 0xfffffff0), new Uint8Array(64)),
      cut,
      /a variable of 4294967280/,
    ],
    [
      "fewer numbers than the dimensions say",
      file(array(6, [2, 2], doubles(1, 2, 3))),
      corrupt,
      /4 numbers.*found 3/,
    ],
    [
      "dimensions beyond counting",
      file(array(6, [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1], doubles(1))),
      corrupt,
      /dimensions/,
    ],
    ["negative dimensions", file(array(6, [0xffffffff, 1], doubles())), corrupt, /dimensions -1×1/],
    [
      "a cell of a billion elements without any",
      file(array(1, [1e9, 1])),
      corrupt,
      /1000000000 arrays/,
    ],
    ["cells within each other without end", file(nested(500)), corrupt, /128 cells or structs/],
    [
      "an element longer than its variable",
      file(element(14, words(6, 800), new Uint8Array(24))),
      cut,
      /800 bytes/,
    ],
    ["an unknown class", file(array(77, [1, 1], doubles(1))), "format-unsupported", /class 77/],
    [
      "numbers stored as text",
      file(array(6, [1, 1], element(16, words(1, 2)))),
      corrupt,
      /numbers.*type 16/,
    ],
    [
      "text that is not UTF-8",
      file(array(4, [1, 2], element(16, Uint8Array.of(0xff, 0xfe)))),
      corrupt,
      /UTF-8/,
    ],
    [
      "more characters than the dimensions say",
      file(array(4, [1, 1], element(16, Uint8Array.of(65, 66)))),
      corrupt,
      /1 characters.*found 2/,
    ],
    [
      "sparse indices outside the matrix",
      file(array(5, [2, 1], element(5, words(7)), element(5, words(0, 1)), doubles(1))),
      corrupt,
      /sparse matrix of 2×1/,
    ],
    [
      "compressed data that are not",
      file(element(15, new Uint8Array(32).fill(7))),
      corrupt,
      /zlib/,
    ],
    [
      "a variable of another type",
      file(element(9, new Uint8Array(8))),
      corrupt,
      /a variable at position 128/,
    ],
    ["level 4 of a machine long gone", level4(2000, 1, 1, 0, 1), "format-unsupported", /VAX D/],
    [
      "level 4 that announces 8 GB",
      Buffer.concat([level4(0, 1e9, 1, 0, 2), new Uint8Array(180)]),
      cut,
      /1000000000×1 numbers/,
    ],
    [
      "level 4 with a sparse matrix of no rows",
      Buffer.concat([level4(2, 0, 3, 0, 1), new Uint8Array(1)]),
      corrupt,
      /sparse/,
    ],
  ];
  it.each(cases)("%s", async (_, bytes, code, message) => {
    const reading = read(bytes);
    await expect(reading).rejects.toMatchObject({ name: "RoentgenError", code });
    await expect(reading).rejects.toThrow(message);
  });

  it("a compressed variable that fails its checksum", async () => {
    const bytes = writeMat([{ name: "x", value: number(1, 2, 3) }], { compress: true });
    bytes[bytes.length - 1] ^= 1;
    await expect(read(bytes)).rejects.toThrow(/checksum/);
  });

  it("a compressed variable that claims more than can come out of it", async () => {
    const bytes = writeMat([{ name: "x", value: number(...new Array(1000).fill(0)) }], {
      compress: true,
    });
    const cutShort = bytes.slice(0, -8);
    new DataView(cutShort.buffer).setUint32(132, cutShort.length - 136, true);
    await expect(read(cutShort)).rejects.toMatchObject({ name: "RoentgenError" });
  });
});

describe("what MATLAB could not read is not written", () => {
  it.each(["2x", "a b", "", "größe", "x".repeat(64)])("a variable named %j", (name) => {
    expect(() => writeMat([{ name, value: number(1) }])).toThrow(/letters, digits and underscores/);
  });

  it("the same name twice", () => {
    const variable = { name: "x", value: number(1) };
    expect(() => writeMat([variable, variable])).toThrow(/"x" twice/);
  });

  it("function handles and opaque objects", () => {
    const value: MatValue = { kind: "opaque", className: "table" };
    expect(() => writeMat([{ name: "t", value }])).toThrow(/object of class table/);
  });

  it("structs whose fields differ in length", () => {
    const fields = [
      { name: "a", values: [number(1)] },
      { name: "b", values: [] },
    ];
    const value: MatValue = { kind: "struct", shape: [1, 1], fields };
    expect(() => writeMat([{ name: "s", value }])).toThrow(/2 values/);
  });
});

it("reading leaves the source's bytes as they were", async () => {
  const bytes = writeMat([{ name: "x", value: number(1, 2) }]);
  const before = bytes.slice();
  const [{ value }] = await read(bytes);
  (matToTensor(value).data as Float64Array)[0] = 9;
  expect(bytes).toEqual(before);
});
