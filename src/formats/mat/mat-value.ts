// What a MAT file holds: MATLAB's kinds of values as plain data.

import type { Tensor } from "../../base/index.ts";

/** A named value at the top of a MAT file. */
export interface MatVariable {
  readonly name: string;
  readonly value: MatValue;
  /** Declared `global` in MATLAB. */
  readonly global?: boolean;
}

/** Any value of MATLAB's; `kind` tells which. */
export type MatValue =
  | MatNumeric
  | MatLogical
  | MatChar
  | MatSparse
  | MatCell
  | MatStruct
  | MatObject
  | MatFunction
  | MatOpaque;

/** Numbers of MATLAB's class (double, single, int8 … uint64), column-major by strides, at least 2-D. */
export interface MatNumeric {
  readonly kind: "numeric";
  readonly tensor: Tensor;
}

/** Truth values, dtype bool. */
export interface MatLogical {
  readonly kind: "logical";
  readonly tensor: Tensor;
}

/** Text. `rows` has one string a row (of every page, where there are more than two dimensions). */
export interface MatChar {
  readonly kind: "char";
  readonly shape: readonly number[];
  /** 1×0 text is one empty row; otherwise no rows where a dimension is 0. */
  readonly rows: readonly string[];
}

/** A sparse matrix by columns: entries `columnStarts[j]` to `columnStarts[j + 1]` are those of column j. */
export interface MatSparse {
  readonly kind: "sparse";
  readonly shape: readonly [rows: number, columns: number];
  readonly columnStarts: Int32Array;
  readonly rowIndices: Int32Array;
  /** `[entries]` of dtype float64, complex128 or bool. */
  readonly values: Tensor;
}

/** A cell array: values of any kind. */
export interface MatCell {
  readonly kind: "cell";
  readonly shape: readonly number[];
  /** In column-major order. */
  readonly elements: readonly MatValue[];
}

/** A struct (1×1) or an array of structs with the same fields. */
export interface MatStruct {
  readonly kind: "struct";
  readonly shape: readonly number[];
  readonly fields: readonly MatField[];
}

/** A field of a struct or of all structs of an array. */
export interface MatField {
  readonly name: string;
  /** One value for each struct of the array, in column-major order. */
  readonly values: readonly MatValue[];
}

/** An object of a class in the old style: a struct with a class name. */
export interface MatObject {
  readonly kind: "object";
  readonly className: string;
  readonly shape: readonly number[];
  readonly fields: readonly MatField[];
}

/** A function handle: what MATLAB keeps about it, as data. Never run. */
export interface MatFunction {
  readonly kind: "function";
  readonly content: MatValue | undefined;
}

/** An object whose content only MATLAB understands (table, string, datetime, classdef). */
export interface MatOpaque {
  readonly kind: "opaque";
  readonly className: string;
}

/** The values of a field, one for each struct of the array; undefined if there is no such field. */
export function fieldValues(
  value: MatStruct | MatObject,
  name: string,
): readonly MatValue[] | undefined {
  return value.fields.find((field) => field.name === name)?.values;
}

/** Rows × columns in words, for messages: "2×3 struct". */
export function describeMatValue(value: MatValue): string {
  switch (value.kind) {
    case "numeric":
    case "logical":
      return `${value.tensor.shape.join("×")} ${value.kind === "logical" ? "logical" : value.tensor.dtype}`;
    case "object":
      return `${value.shape.join("×")} object of class ${value.className}`;
    case "opaque":
      return `object of class ${value.className}`;
    case "function":
      return "function handle";
    case "char":
    case "sparse":
    case "cell":
    case "struct":
      return `${value.shape.join("×")} ${value.kind}`;
  }
  return value satisfies never;
}
