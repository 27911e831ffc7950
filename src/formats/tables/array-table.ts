// Several arrays as one table, and a table as arrays: a matrix of the numbers, the names of its columns,
// and each column of text.

import {
  type Column,
  makeTable,
  RoentgenError,
  type Table,
  type Tensor,
  type TextColumn,
} from "../../base/index.ts";
import type { NamedTensor } from "../data-file.ts";
import { tableFromTensor, tensorFromTable } from "./tensor-table.ts";

/** What the matrix and the names of its columns are called. */
const MATRIX = "features";
const MATRIX_NAMES = "feature_names";

/**
 * The table of arrays that have a row for each sample: a column of each vector, columns of each matrix.
 * A matrix takes its columns' names from an array of as many texts called feature_names.
 * @throws RoentgenError "shape-mismatch" where rows differ, and what `tableFromTensor` throws
 */
export function tableFromArrays(arrays: readonly NamedTensor[]): Table {
  const names = arrays.find(
    ({ name, tensor }) => name === MATRIX_NAMES && tensor.dtype === "string",
  );
  const samples = arrays.filter((array) => array !== names).map(asColumns(arrays.length === 1));
  const rowCounts = new Set(samples.map(({ tensor }) => tensor.shape[0]));
  if (samples.length === 0 || rowCounts.size > 1) throw unequalRows(arrays);
  return makeTable(samples.flatMap((array) => columnsOf(array, names?.tensor, samples.length)));
}

/**
 * The arrays of a table: `features` (`[rows, columns]` of numbers), `feature_names`, and a text array by
 * the name of each column of text.
 * @throws RoentgenError "value-missing" for text with missing values, which arrays can't hold;
 *   "value-invalid" for a column of text that is called as the matrix or its names are
 */
export function arraysFromTable(table: Table): NamedTensor[] {
  const numbers = table.columns.filter(({ kind }) => kind === "number");
  const texts = table.columns.filter((column): column is TextColumn => column.kind === "text");
  const taken = texts.find(({ name }) => name === MATRIX || name === MATRIX_NAMES);
  if (taken) throw takenName(taken.name);
  const arrays: NamedTensor[] = [];
  if (numbers.length > 0) {
    const matrix = tensorFromTable({ rowCount: table.rowCount, columns: numbers });
    arrays.push({ name: MATRIX, tensor: matrix });
    arrays.push({ name: MATRIX_NAMES, tensor: textTensor(numbers.map(({ name }) => name)) });
  }
  return [
    ...arrays,
    ...texts.map(({ name, values }) => ({ name, tensor: textTensor(whole(name, values)) })),
  ];
}

/** MATLAB has no vectors: a matrix of one row is one, if it is among other arrays. */
function asColumns(alone: boolean): (array: NamedTensor) => NamedTensor {
  return ({ name, tensor }) => {
    const { shape, strides } = tensor;
    if (alone || shape.length !== 2 || shape[0] !== 1 || shape[1] === 1) return { name, tensor };
    return { name, tensor: { ...tensor, shape: [shape[1]], strides: [strides[1]] } };
  };
}

function columnsOf(
  { name, tensor }: NamedTensor,
  names: Tensor | undefined,
  arrayCount: number,
): readonly Column[] {
  const width = tensor.shape[1] ?? 1;
  if (tensor.shape.length <= 1 || (width === 1 && arrayCount > 1)) {
    return tableFromTensor(tensor, { names: [name] }).columns;
  }
  const given = names && tableFromTensor(flat(names)).columns[0].values;
  if (given?.length === width) {
    return tableFromTensor(tensor, { names: given as readonly string[] }).columns;
  }
  const numbered = Array.from({ length: width }, (_, index) => `${name}${index + 1}`);
  return tableFromTensor(tensor, arrayCount > 1 ? { names: numbered } : {}).columns;
}

/** A row or column of a matrix as a vector. */
function flat(tensor: Tensor): Tensor {
  const axis = tensor.shape.findIndex((length) => length !== 1);
  const kept = Math.max(axis, 0);
  return { ...tensor, shape: [tensor.shape[kept] ?? 1], strides: [tensor.strides[kept] ?? 1] };
}

function textTensor(texts: readonly string[]): Tensor {
  return { dtype: "string", shape: [texts.length], strides: [1], data: [...texts] };
}

function whole(name: string, values: readonly (string | null)[]): string[] {
  const missing = values.indexOf(null);
  if (missing < 0) return values as string[];
  throw new RoentgenError("value-missing", {
    problem: `Cannot write the text of column "${name}" as an array`,
    found: `a missing value in row ${missing + 1}`,
    remedy: "Fill it in, leave the column out, or choose CSV, Parquet or Arrow.",
    subject: name,
  });
}

function takenName(name: string): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: `Cannot write a column of text called "${name}" among arrays`,
    remedy: `The numbers of the table are called ${MATRIX} and their names ${MATRIX_NAMES}: rename the column.`,
    subject: name,
  });
}

function unequalRows(arrays: readonly NamedTensor[]): RoentgenError {
  const shapes = arrays.map(({ name, tensor }) => `${name} [${tensor.shape.join(", ")}]`);
  return new RoentgenError("shape-mismatch", {
    problem: "Cannot make one table of these arrays",
    expected: "arrays with equally many rows",
    found: shapes.slice(0, 12).join(", ") || "none",
    remedy: "Save those that belong together in a file of their own.",
  });
}
