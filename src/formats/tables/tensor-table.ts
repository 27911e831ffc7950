// A matrix as a table and a table as a matrix, without copying where the layout allows.

import {
  type Column,
  columnMajorStrides,
  makeTable,
  type NumberValues,
  RoentgenError,
  type Table,
  type Tensor,
} from "../../base/index.ts";
import { numberedNames } from "./column-names.ts";

/**
 * A table of a 2-D tensor's columns, or of the one column that a 1-D tensor is.
 * Floating-point columns whose elements lie side by side are views of the tensor's memory; float32 and
 * float16 stay Float32Array, every other dtype becomes Float64Array, bool 0 and 1, strings text.
 * @param options.names one a column; x1, x2, … by default
 * @throws RoentgenError "shape-mismatch" (not 1-D or 2-D, or another number of names),
 *   "type-mismatch" (complex), "value-invalid" (an integer beyond ±(2^53 − 1))
 */
export function tableFromTensor(
  tensor: Tensor,
  { names }: { names?: readonly string[] } = {},
): Table {
  const [rowCount, columnCount] = matrixShape(tensor);
  const columnNames = names ?? numberedNames(columnCount);
  if (columnNames.length !== columnCount) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot make a table of an array",
      expected: `${columnCount} names, one for each column`,
      found: `${columnNames.length}`,
    });
  }
  const columns = columnNames.map((name, index) => columnOf(tensor, rowCount, index, name));
  return makeTable(columns);
}

/**
 * The `[rows, columns]` matrix of a table of numbers: float64, or float32 if every column is, in
 * column-major order.
 * @throws RoentgenError "type-mismatch" naming the columns of text
 */
export function tensorFromTable({ rowCount, columns }: Table): Tensor {
  refuseText(columns);
  const single =
    columns.length > 0 && columns.every(({ values }) => values instanceof Float32Array);
  const size = rowCount * columns.length;
  const data = single ? new Float32Array(size) : new Float64Array(size);
  columns.forEach(({ values }, index) => {
    data.set(values as NumberValues, index * rowCount);
  });
  const shape = [rowCount, columns.length];
  return { dtype: single ? "float32" : "float64", shape, strides: columnMajorStrides(shape), data };
}

function matrixShape({ shape, dtype }: Tensor): [rows: number, columns: number] {
  if (dtype === "complex64" || dtype === "complex128") {
    throw new RoentgenError("type-mismatch", {
      problem: "Cannot make a table of complex numbers",
      remedy: "Save magnitude and phase, or real and imaginary part, as columns of their own.",
    });
  }
  if (shape.length === 1) return [shape[0], 1];
  if (shape.length === 2) return [shape[0], shape[1]];
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot make a table of an array",
    expected: "1 or 2 dimensions (rows, columns)",
    found: `shape [${shape.join(", ")}]`,
    remedy: "Reshape it so that each sample is one row.",
  });
}

function columnOf(tensor: Tensor, rowCount: number, index: number, name: string): Column {
  const { data, strides } = tensor;
  const start = index * (strides[1] ?? 0);
  const step = strides[0];
  if (tensor.dtype === "string") {
    const texts = data as string[];
    const values = Array.from({ length: rowCount }, (_, row) => texts[start + row * step]);
    return { kind: "text", name, values };
  }
  return { kind: "number", name, values: numbersOf(data, { start, step, rowCount, name }) };
}

function numbersOf(
  data: Tensor["data"],
  place: { start: number; step: number; rowCount: number; name: string },
): NumberValues {
  const { start, step, rowCount, name } = place;
  const real = data instanceof Float64Array || data instanceof Float32Array;
  if (real && step === 1) return data.subarray(start, start + rowCount);
  const values =
    data instanceof Float32Array ? new Float32Array(rowCount) : new Float64Array(rowCount);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let row = 0; row < rowCount; row++) {
      values[row] = exactNumber(data[start + row * step], name, row);
    }
    return values;
  }
  const numbers = data as Float64Array;
  for (let row = 0, at = start; row < rowCount; row++, at += step) values[row] = numbers[at];
  return values;
}

function exactNumber(value: bigint, column: string, row: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RoentgenError("value-invalid", {
    problem: `Cannot make numbers of column "${column}"`,
    expected: "integers within ±(2^53 − 1)",
    found: `${value} in row ${row + 1}`,
    remedy: "If these are identifiers, save them as text.",
    subject: column,
  });
}

function refuseText(columns: readonly Column[]): void {
  const text = columns.filter(({ kind }) => kind === "text").map(({ name }) => name);
  if (text.length === 0) return;
  const more = text.length > 8 ? ` and ${text.length - 8} more` : "";
  throw new RoentgenError("type-mismatch", {
    problem: "Cannot make a numeric array of a table with text",
    found: `text in ${text.slice(0, 8).join(", ")}${more}`,
    remedy: "Leave these columns out, code them as numbers, or choose CSV, Parquet or Arrow.",
    subject: text[0],
  });
}
