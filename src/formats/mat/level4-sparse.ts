// Sparse matrices of MAT-files level 4: one row an entry (row, column, value), the last row the size.

import type { Tensor } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { MatSparse } from "./mat-value.ts";

/** Sorts the entries by columns; of equal places, values add up. */
export function sparseFromTriplets(
  table: Float64Array,
  rowCount: number,
  columnCount: number,
  file: string,
): MatSparse {
  const count = rowCount - 1;
  const column = (index: number) => table.subarray(index * rowCount, index * rowCount + count);
  const shape = [table[count], table[rowCount + count]] as const;
  if (count < 0 || columnCount < 3 || columnCount > 4 || !shape.every(isLength)) {
    throw damaged(file, {
      expected: "a sparse matrix as rows of 3 or 4 numbers",
      found: `${rowCount} rows of ${columnCount}`,
    });
  }
  const [rows, columns, real] = [column(0), column(1), column(2)];
  const imaginary = columnCount === 4 ? column(3) : undefined;
  const within =
    rows.every((row) => isIndex(row, shape[0])) && columns.every((at) => isIndex(at, shape[1]));
  // Each column costs memory that the file need not hold bytes for.
  if (!within || shape[1] > mostColumns) {
    throw damaged(file, {
      expected: `entries within a sparse matrix of ${shape.join("×")}`,
      found: "indices that point outside it",
    });
  }
  const order = Uint32Array.from(rows, (_, entry) => entry).sort(
    (a, b) => columns[a] - columns[b] || rows[a] - rows[b],
  );
  return assemble({ shape, rows, columns, real, imaginary, order });
}

interface Triplets {
  readonly shape: readonly [number, number];
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  readonly real: Float64Array;
  readonly imaginary?: Float64Array;
  /** Entries in column-major order. */
  readonly order: Uint32Array;
}

const mostColumns = 2 ** 24;

function assemble({ shape, rows, columns, real, imaginary, order }: Triplets): MatSparse {
  const columnStarts = new Int32Array(shape[1] + 1);
  const rowIndices = new Int32Array(order.length);
  const parts = imaginary ? 2 : 1;
  const data = new Float64Array(order.length * parts);
  let written = -1;
  let previous = -1;
  for (const entry of order) {
    const place = (columns[entry] - 1) * shape[0] + rows[entry] - 1;
    const isNew = place !== previous;
    previous = place;
    if (isNew) columnStarts[columns[entry]]++;
    if (isNew) written++;
    rowIndices[written] = rows[entry] - 1;
    // Not added to the zero that is there, which would lose the sign of -0.
    const at = written * parts;
    data[at] = isNew ? real[entry] : data[at] + real[entry];
    if (imaginary) data[at + 1] = isNew ? imaginary[entry] : data[at + 1] + imaginary[entry];
  }
  for (let at = 1; at < columnStarts.length; at++) columnStarts[at] += columnStarts[at - 1];
  const count = written + 1;
  const values: Tensor = {
    dtype: imaginary ? "complex128" : "float64",
    shape: [count],
    strides: [1],
    data: data.slice(0, count * parts),
  };
  return { kind: "sparse", shape, columnStarts, rowIndices: rowIndices.slice(0, count), values };
}

function isLength(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

function isIndex(value: number, length: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= length;
}
