// An array as a MAT value: MATLAB has at least two dimensions and its own classes.

import type { Tensor } from "../../base/index.ts";
import { dataInLayout } from "../elements/layout.ts";
import type { MatValue } from "./mat-value.ts";

/**
 * Numbers, logical values or text. A single value becomes 1×1, a vector a column, strings a cell
 * array of text, a single string text; float16 becomes single.
 */
export function tensorToMat(tensor: Tensor): MatValue {
  if (tensor.dtype === "string") return textToMat(tensor);
  const matrix = asMatrix(tensor);
  if (tensor.dtype === "bool") return { kind: "logical", tensor: matrix };
  return {
    kind: "numeric",
    tensor: tensor.dtype === "float16" ? { ...matrix, dtype: "float32" } : matrix,
  };
}

function asMatrix(tensor: Tensor): Tensor {
  const [rows = 1, columns = 1, ...more] = tensor.shape;
  const [rowStep = 1, columnStep = rows, ...moreSteps] = tensor.strides;
  return {
    ...tensor,
    shape: [rows, columns, ...more],
    strides: [rowStep, columnStep, ...moreSteps],
  };
}

function textToMat(tensor: Tensor): MatValue {
  const texts = dataInLayout(tensor, "column-major") as string[];
  const elements = texts.map(charValue);
  if (tensor.shape.length === 0) return elements[0];
  return { kind: "cell", shape: asMatrix(tensor).shape, elements };
}

/** A row of text; empty text is 0×0, as MATLAB's ''. */
function charValue(text: string): MatValue {
  return text === ""
    ? { kind: "char", shape: [0, 0], rows: [] }
    : { kind: "char", shape: [1, text.length], rows: [text] };
}
