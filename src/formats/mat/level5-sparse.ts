// Sparse matrices of MAT-files level 5: row indices, column starts, then the entries.

import type { Tensor } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { NumericData } from "../elements/element-types.ts";
import type { ArrayHeader } from "./level5-matrix.ts";
import { interleave } from "./level5-matrix.ts";
import { readAllNumbers, readNumbers } from "./level5-numbers.ts";
import type { ElementCursor } from "./level5-tags.ts";
import type { MatSparse } from "./mat-value.ts";

export function readSparse(cursor: ElementCursor, header: ArrayHeader): MatSparse {
  const { complex, logical, shape } = header;
  const allRows = readAllNumbers(cursor, "int32") as Int32Array;
  const columnStarts = readNumbers(cursor, "int32", shape[1] + 1) as Int32Array;
  const count = columnStarts[columnStarts.length - 1];
  // Room for more entries than there are (nzmax) may follow the last.
  const real = firstNumbers(readAllNumbers(cursor, logical ? "bool" : "float64"), count);
  const imaginary = complex ? firstNumbers(readAllNumbers(cursor, "float64"), count) : undefined;
  const data = imaginary ? interleave(real, imaginary) : real;
  const dtype = complex ? "complex128" : logical ? "bool" : "float64";
  const values: Tensor = { dtype, shape: [count], strides: [1], data };
  const rowIndices = firstNumbers(allRows, count) as Int32Array;
  const [rows, columns] = shape;
  const sparse: MatSparse = {
    kind: "sparse",
    shape: [rows, columns],
    columnStarts,
    rowIndices,
    values,
  };
  checkSparse(sparse, shape.length, cursor.name);
  return sparse;
}

/** Refuses indices that point outside the matrix. */
export function checkSparse(sparse: MatSparse, axes: number, name: string): void {
  const { shape, columnStarts, rowIndices, values } = sparse;
  const rising = columnStarts.every((start, column) => start >= (columnStarts[column - 1] ?? 0));
  const sound =
    axes === 2 &&
    columnStarts[0] === 0 &&
    rising &&
    rowIndices.length === values.shape[0] &&
    rowIndices.every((row) => row >= 0 && row < shape[0]);
  if (sound) return;
  throw damaged(name, {
    expected: `entries within a sparse matrix of ${shape.join("×")}`,
    found: "indices that point outside it or do not fit together",
  });
}

function firstNumbers(numbers: NumericData, count: number): NumericData {
  return numbers.length > count ? numbers.slice(0, Math.max(0, count)) : numbers;
}
