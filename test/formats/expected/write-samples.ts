// Writes one of every kind of array as .npy, .npz and .mat for check-written.py to read with numpy, scipy and Octave.
//
//   node --conditions=roentgen-source test/formats/expected/write-samples.ts FOLDER

import { mkdirSync, writeFileSync } from "node:fs";
import type { Tensor } from "../../../src/base/index.ts";
import { columnMajorStrides } from "../../../src/base/index.ts";
import type { MatValue, MatVariable, NamedTensor } from "../../../src/formats/index.ts";
import { tensorToMat, writeMat, writeNpy, writeNpz } from "../../../src/formats/index.ts";
import { describedTensor, describedTensors, describedVariables, rowMajor } from "../described.ts";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });

const columns: Tensor = {
  dtype: "int16",
  shape: [2, 3, 4],
  strides: columnMajorStrides([2, 3, 4]),
  data: Int16Array.from({ length: 24 }, (_, at) => at),
};
const arrays: NamedTensor[] = [
  { name: "bool", tensor: rowMajor("bool", [2, 2], Uint8Array.of(0, 1, 1, 0)) },
  { name: "int8", tensor: rowMajor("int8", [2], Int8Array.of(-128, 127)) },
  { name: "uint8", tensor: rowMajor("uint8", [2], Uint8Array.of(0, 255)) },
  { name: "int16", tensor: rowMajor("int16", [1, 2], Int16Array.of(-32768, 32767)) },
  { name: "uint16", tensor: rowMajor("uint16", [2, 1], Uint16Array.of(0, 65535)) },
  { name: "int32", tensor: rowMajor("int32", [2], Int32Array.of(-(2 ** 31), 2 ** 31 - 1)) },
  { name: "uint32", tensor: rowMajor("uint32", [2], Uint32Array.of(0, 2 ** 32 - 1)) },
  { name: "int64", tensor: rowMajor("int64", [2], BigInt64Array.of(-(2n ** 63n), 7n)) },
  { name: "uint64", tensor: rowMajor("uint64", [2], BigUint64Array.of(0n, 2n ** 64n - 1n)) },
  { name: "float16", tensor: rowMajor("float16", [3], Float32Array.of(-1.5, 65504, 2 ** -24)) },
  { name: "float32", tensor: rowMajor("float32", [2], Float32Array.of(0.1, Number.NaN)) },
  { name: "float64", tensor: rowMajor("float64", [2, 2], Float64Array.of(0.1, 1, 2, -0)) },
  { name: "complex64", tensor: rowMajor("complex64", [2], Float32Array.of(1, 2, 3, 4)) },
  { name: "complex128", tensor: rowMajor("complex128", [1, 2], Float64Array.of(1, 2, 3, 4)) },
  { name: "text", tensor: rowMajor("string", [2, 2], ["benign", "bösartig", "", "日本"]) },
  { name: "single", tensor: rowMajor("float64", [], Float64Array.of(3.5)) },
  { name: "empty", tensor: rowMajor("float64", [0, 5], new Float64Array(0)) },
  { name: "columns", tensor: columns },
];

const matrix = tensorToMat(arrays[11].tensor);
const char = (...rows: string[]): MatValue => ({
  kind: "char",
  shape: [rows.length, rows[0].length],
  rows,
});
const variables: MatVariable[] = [
  ...arrays.map(({ name, tensor }) => ({ name, value: tensorToMat(tensor) })),
  { name: "rows", value: char("one  ", "three") },
  { name: "cell", value: { kind: "cell", shape: [2, 1], elements: [char("a"), matrix] } },
  {
    name: "people",
    value: {
      kind: "struct",
      shape: [1, 2],
      fields: [
        { name: "age", values: [matrix, tensorToMat(arrays[15].tensor)] },
        { name: "name", values: [char("Ada"), char("Grace Hopper")] },
      ],
    },
  },
  { name: "nothing", value: { kind: "struct", shape: [1, 1], fields: [] } },
  { name: "sparse", value: sparse(rowMajor("float64", [3], Float64Array.of(1.5, 2, -3))) },
  { name: "sparsetruth", value: sparse(rowMajor("bool", [3], Uint8Array.of(1, 1, 1))) },
  {
    name: "sparsecomplex",
    value: sparse(rowMajor("complex128", [3], Float64Array.of(1, 2, 3, 4, 5, 6))),
  },
  {
    name: "sparseempty",
    value: {
      ...sparse(rowMajor("float64", [0], new Float64Array(0))),
      columnStarts: new Int32Array(4),
      rowIndices: new Int32Array(0),
    },
  },
];

function sparse(values: Tensor): Extract<MatValue, { kind: "sparse" }> {
  const columnStarts = Int32Array.of(0, 1, 1, 3);
  return {
    kind: "sparse",
    shape: [3, 3],
    columnStarts,
    rowIndices: Int32Array.of(2, 0, 1),
    values,
  };
}

for (const { name, tensor } of arrays) writeFileSync(`${folder}/${name}.npy`, writeNpy(tensor));
writeFileSync(`${folder}/stored.npz`, writeNpz(arrays));
writeFileSync(`${folder}/deflated.npz`, writeNpz(arrays, { compress: true }));
writeFileSync(`${folder}/plain.mat`, writeMat(variables));
writeFileSync(`${folder}/compressed.mat`, writeMat(variables, { compress: true }));
const expected = {
  npy: Object.fromEntries(arrays.map(({ name, tensor }) => [name, describedTensor(tensor)])),
  npz: describedTensors(arrays),
  mat: describedVariables(variables),
};
writeFileSync(`${folder}/expected.json`, JSON.stringify(expected));
