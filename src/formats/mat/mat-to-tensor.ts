// A MAT value used as an array: what a table or a learner needs of it.

import type { Tensor } from "../../base/index.ts";
import { columnMajorStrides, elementCount, RoentgenError } from "../../base/index.ts";
import { elementTypes, partsOf } from "../elements/element-types.ts";
import type { MatCell, MatChar, MatSparse, MatValue } from "./mat-value.ts";
import { describeMatValue } from "./mat-value.ts";

/** Elements of a sparse matrix written out in full, zeros and all; 2²⁸ doubles are 2 GiB. */
const mostDenseElements = 2 ** 28;

/**
 * The value as an array: numbers and truth values as they are, sparse matrices in full, text as one
 * string a row, cells of text or of single numbers as an array of the cell's shape.
 * @param subject the variable, for messages
 * @throws RoentgenError "type-mismatch" for structs, objects, functions and mixed cells; "too-large"
 */
export function matToTensor(value: MatValue, subject = "the variable"): Tensor {
  switch (value.kind) {
    case "numeric":
    case "logical":
      return value.tensor;
    case "sparse":
      return sparseToTensor(value, subject);
    case "char":
      return textTensor(value);
    case "cell":
      return cellToTensor(value, subject);
    case "struct":
    case "object":
    case "function":
    case "opaque":
      throw notAnArray(value, subject);
  }
  return value satisfies never;
}

function sparseToTensor({ shape, columnStarts, rowIndices, values }: MatSparse, subject: string) {
  const count = elementCount(shape);
  if (count > mostDenseElements) {
    throw new RoentgenError("too-large", {
      problem: `Cannot write out the sparse matrix ${subject} in full`,
      expected: `at most ${mostDenseElements} elements`,
      found: `${shape.join("×")}`,
      subject,
    });
  }
  const { dtype } = values;
  const parts = partsOf(dtype);
  const bytes = count * elementTypes[dtype as "float64"].byteLength;
  const data = new elementTypes[dtype as "float64"].array(new ArrayBuffer(bytes)) as Float64Array;
  const entries = values.data as Float64Array;
  for (let column = 0; column < shape[1]; column++) {
    for (let entry = columnStarts[column]; entry < columnStarts[column + 1]; entry++) {
      const at = (column * shape[0] + rowIndices[entry]) * parts;
      for (let part = 0; part < parts; part++) data[at + part] = entries[entry * parts + part];
    }
  }
  return { dtype, shape, strides: columnMajorStrides(shape), data } satisfies Tensor;
}

function textTensor({ rows }: MatChar): Tensor {
  return { dtype: "string", shape: [rows.length], strides: [1], data: [...rows] };
}

function cellToTensor(cell: MatCell, subject: string): Tensor {
  const { shape, elements } = cell;
  const strides = columnMajorStrides(shape);
  const texts = elements.map(singleText);
  if (texts.every((text) => text !== undefined)) {
    return { dtype: "string", shape, strides, data: texts };
  }
  const numbers = elements.map(singleNumber);
  if (numbers.every((number) => number !== undefined)) {
    return { dtype: "float64", shape, strides, data: Float64Array.from(numbers) };
  }
  throw notAnArray(cell, subject);
}

function singleText(value: MatValue): string | undefined {
  if (value.kind !== "char" || value.rows.length > 1) return undefined;
  return value.rows[0] ?? "";
}

/** One real number; [] is a missing one. */
function singleNumber(value: MatValue): number | undefined {
  if (value.kind !== "numeric" && value.kind !== "logical") return undefined;
  const { dtype, data } = value.tensor;
  if (dtype === "complex64" || dtype === "complex128" || data.length > 1) return undefined;
  return data.length === 0 ? Number.NaN : Number(data[0]);
}

function notAnArray(value: MatValue, subject: string): RoentgenError {
  return new RoentgenError("type-mismatch", {
    problem: `Cannot use ${subject} as an array`,
    expected: "numbers, truth values, text, or a cell array of texts or of single numbers",
    found: `a ${describeMatValue(value)}`,
    remedy: remedyFor(value),
    subject,
  });
}

function remedyFor(value: MatValue): string {
  if (value.kind === "opaque") {
    return value.className === "table"
      ? "In MATLAB save table2array(t), or write the table as CSV with writetable."
      : "In MATLAB convert it before saving: double(x) for numbers, cellstr(x) for text.";
  }
  if (value.kind === "struct") {
    return `Name one of its fields: ${value.fields
      .map(({ name }) => name)
      .slice(0, 12)
      .join(", ")}.`;
  }
  return "In MATLAB convert it before saving: double(x) for numbers, cellstr(x) for text.";
}
