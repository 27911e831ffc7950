import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  columnMajorStrides,
  makeTable,
  rowMajorStrides,
  type Tensor,
  type TensorData,
} from "../../../src/base/index.ts";
import { tableFromTensor, tensorFromTable } from "../../../src/formats/index.ts";

function matrix(dtype: Tensor["dtype"], data: TensorData, shape: number[], order = "C"): Tensor {
  const strides = order === "C" ? rowMajorStrides(shape) : columnMajorStrides(shape);
  return { dtype, shape, strides, data };
}

describe("tableFromTensor", () => {
  test("views the memory of a column-major matrix of floats", () => {
    for (const data of [Float64Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 2, 3, 4, 5, 6)]) {
      const table = tableFromTensor(matrix("float64", data, [3, 2], "F"));
      expect(table.columns.map(({ name }) => name)).toEqual(["x1", "x2"]);
      expect(table.columns[1].values).toEqual(data.subarray(3));
      expect((table.columns[1].values as Float64Array).buffer).toBe(data.buffer);
    }
  });

  test("gathers the columns of a row-major matrix, in the same precision", () => {
    const table = tableFromTensor(matrix("float32", Float32Array.of(1, 2, 3, 4), [2, 2]));
    expect(table.columns[1].values).toEqual(Float32Array.of(2, 4));
  });

  test.each<[Tensor["dtype"], TensorData, number[]]>([
    ["int8", Int8Array.of(-1, 2), [-1, 2]],
    ["uint32", Uint32Array.of(4294967295, 0), [4294967295, 0]],
    ["int64", BigInt64Array.of(-9007199254740991n, 5n), [-9007199254740991, 5]],
    ["uint64", BigUint64Array.of(9007199254740991n, 5n), [9007199254740991, 5]],
    ["bool", Uint8Array.of(0, 1), [0, 1]],
  ])("makes float64 of %s", (dtype, data, values) => {
    const [column] = tableFromTensor(matrix(dtype, data, [2])).columns;
    expect(column).toEqual({ kind: "number", name: "x1", values: Float64Array.from(values) });
  });

  test("makes text of strings and takes the names it is given", () => {
    const tensor = matrix("string", ["a", "b", "c", "d"], [2, 2]);
    const { columns } = tableFromTensor(tensor, { names: ["p", "q"] });
    expect(columns[1]).toEqual({ kind: "text", name: "q", values: ["b", "d"] });
  });

  test.each<[string, Tensor, string]>([
    ["three dimensions", matrix("float64", new Float64Array(8), [2, 2, 2]), "shape-mismatch"],
    ["a single value", matrix("float64", new Float64Array(1), []), "shape-mismatch"],
    ["complex numbers", matrix("complex128", new Float64Array(4), [2]), "type-mismatch"],
    ["2^53", matrix("int64", BigInt64Array.of(9007199254740992n), [1]), "value-invalid"],
  ])("refuses %s", (_case, tensor, code) => {
    expect(() => tableFromTensor(tensor)).toThrowError(expect.objectContaining({ code }));
  });

  test("refuses names that are too few", () => {
    const tensor = matrix("float64", new Float64Array(4), [2, 2]);
    expect(() => tableFromTensor(tensor, { names: ["a"] })).toThrow(/2 names/);
  });
});

describe("tensorFromTable", () => {
  test("is undone by tableFromTensor", () => {
    const shape = fc.record({
      rows: fc.integer({ min: 0, max: 5 }),
      width: fc.integer({ min: 1, max: 4 }),
      single: fc.boolean(),
    });
    const values = fc.array(fc.float(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(shape, values, ({ rows, width, single }, list) => {
        const columns = Array.from({ length: width }, (_, index) => {
          const part = list.slice(index * rows, (index + 1) * rows);
          const numbers = single ? Float32Array.from(part) : Float64Array.from(part);
          return { kind: "number" as const, name: `x${index + 1}`, values: numbers };
        });
        const table = makeTable(columns);
        expect(tableFromTensor(tensorFromTable(table))).toEqual(table);
      }),
    );
  });

  test("is float64 where precisions are mixed", () => {
    const tensor = tensorFromTable(
      makeTable([
        { kind: "number", name: "a", values: Float32Array.of(1, 2) },
        { kind: "number", name: "b", values: Float64Array.of(0.1, Number.NaN) },
      ]),
    );
    expect(tensor).toEqual({
      dtype: "float64",
      shape: [2, 2],
      strides: [1, 2],
      data: Float64Array.of(1, 2, 0.1, Number.NaN),
    });
  });

  test("refuses text, naming the columns", () => {
    const table = makeTable([{ kind: "text", name: "diagnosis", values: ["benign"] }]);
    expect(() => tensorFromTable(table)).toThrow(/diagnosis.*CSV, Parquet or Arrow/);
  });
});
