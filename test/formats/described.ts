// What was read, in the words of the expected values: row-major numbers, structs by field name.

import type { Tensor } from "../../src/base/index.ts";
import { rowMajorStrides } from "../../src/base/index.ts";
import { dataInLayout } from "../../src/formats/elements/layout.ts";
import type { MatField, MatValue, MatVariable, NamedTensor } from "../../src/formats/index.ts";
import { matToTensor } from "../../src/formats/index.ts";

export type Described = Record<string, unknown>;

export function describedTensor(tensor: Tensor): Described {
  const { dtype, shape } = tensor;
  const data: readonly unknown[] = Array.from(
    dataInLayout(tensor, "row-major") as ArrayLike<unknown>,
  );
  const parts = data.map(describedNumber);
  const values = dtype.startsWith("complex")
    ? Array.from({ length: parts.length / 2 }, (_, at) => [parts[2 * at], parts[2 * at + 1]])
    : parts;
  return { dtype, shape: [...shape], values };
}

export function describedTensors(arrays: readonly NamedTensor[]): Described {
  return Object.fromEntries(arrays.map(({ name, tensor }) => [name, describedTensor(tensor)]));
}

export function describedVariables(variables: readonly MatVariable[]): Described {
  return Object.fromEntries(variables.map(({ name, value }) => [name, describedValue(value)]));
}

function describedValue(value: MatValue): Described {
  switch (value.kind) {
    case "numeric":
    case "logical":
      return { kind: value.kind, ...describedTensor(value.tensor) };
    case "sparse": {
      const entries = value.rowIndices.length;
      return { kind: "sparse", entries, ...describedTensor(matToTensor(value)) };
    }
    case "cell":
      return { kind: "cell", shape: value.shape, elements: value.elements.map(describedValue) };
    case "struct":
      return { kind: "struct", shape: value.shape, fields: describedFields(value.fields) };
    case "object": {
      const { className, shape, fields } = value;
      return { kind: "object", className, shape, fields: describedFields(fields) };
    }
    case "char":
      return { ...value };
    case "function":
    case "opaque":
      return { kind: value.kind };
  }
  return value satisfies never;
}

function describedFields(fields: readonly MatField[]): Described {
  return Object.fromEntries(fields.map(({ name, values }) => [name, values.map(describedValue)]));
}

/** JSON has no NaN, no infinities, and no integers beyond 2⁵³. */
function describedNumber(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** A tensor of C order. */
export function rowMajor(dtype: Tensor["dtype"], shape: number[], data: Tensor["data"]): Tensor {
  return { dtype, shape, strides: rowMajorStrides(shape), data };
}
