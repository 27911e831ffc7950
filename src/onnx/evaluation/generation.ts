// Evaluation of operators that make tensors from parameters, and of those that ask for shapes.

import { elementCount } from "../../base/index.ts";
import { shapeSlice } from "../shapes/generation.ts";
import { plainTensor } from "./plain-tensor.ts";
import { numbers } from "./positions.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

const constant: EvaluationRule = (node) => {
  const value = node.tensor("value");
  if (value) return [plainTensor(value)];
  const [type, shape] = [node.outputType(), node.outputShape()];
  if (type === "string") {
    const data = node.texts("value_strings") ?? [node.text("value_string", "")];
    return [{ type, shape, data }];
  }
  const data =
    type === "int64"
      ? (node.ints("value_ints") ?? [node.int("value_int", 0)])
      : (node.floats("value_floats") ?? [node.float("value_float", 0)]);
  return [numbers(shape, data, type)];
};

const shape: EvaluationRule = (node) => {
  const lengths = shapeSlice(node, node.any(0).shape);
  return [numbers([lengths.length], lengths, "int64")];
};

const size: EvaluationRule = (node) => [numbers([], [node.any(0).data.length], "int64")];

const constantOfShape: EvaluationRule = (node) => {
  const value = node.tensor("value");
  const lengths = node.outputShape();
  const filled = new Float64Array(elementCount(lengths)).fill(
    value ? Number(plainTensor(value).data[0]) : 0,
  );
  return [numbers(lengths, filled, node.outputType())];
};

const range: EvaluationRule = (node) => {
  const [start, limit, delta] = [0, 1, 2].map((index) => node.input(index).data[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  const data = Float64Array.from({ length: count }, (_, at) => start + at * delta);
  return [numbers([count], data, node.input(0).type)];
};

/** EyeLike: ones on the k-th diagonal. */
const eyeLike: EvaluationRule = (node) => {
  const [rows, columns] = node.any(0).shape;
  const k = node.int("k", 0);
  const data = Float64Array.from({ length: rows * columns }, (_, at) =>
    Number((at % columns) - Math.floor(at / columns) === k),
  );
  return [numbers([rows, columns], data, node.outputType())];
};

/** OneHot: the on value at each index along the new axis; indices outside give none. */
const oneHot: EvaluationRule = (node) => {
  const [indices, values] = [node.input(0), node.input(2)];
  const [off, on] = values.data;
  const lengths = node.outputShape();
  const axis = node.int("axis", -1);
  const at = axis < 0 ? axis + lengths.length : axis;
  const depth = lengths[at];
  const inner = elementCount(lengths.slice(at + 1));
  const data = Float64Array.from({ length: elementCount(lengths) }, (_, place) => {
    const index = indices.data[Math.floor(place / (inner * depth)) * inner + (place % inner)];
    const position = Math.floor(place / inner) % depth;
    return (index < 0 ? index + depth : index) === position ? on : off;
  });
  return [numbers(lengths, data, values.type)];
};

/** Sum of cosines a₀ − a₁ cos(2πn/N) + a₂ cos(4πn/N); a symmetric window divides by N − 1. */
function cosineWindow(coefficients: readonly number[]): EvaluationRule {
  return (node) => {
    const length = node.input(0).data[0];
    const period = node.int("periodic", 1) ? length : length - 1;
    const data = Float64Array.from({ length }, (_, n) =>
      coefficients.reduce(
        (sum, a, k) => sum + (-1) ** k * a * Math.cos((2 * Math.PI * k * n) / period),
        0,
      ),
    );
    return [numbers([length], data, node.outputType())];
  };
}

/** MelWeightMatrix: triangles over the spectrum, evenly spaced on the mel scale 2595 log₁₀(1 + f / 700). */
const melWeights: EvaluationRule = (node) => {
  const [bins, length, rate, low, high] = [0, 1, 2, 3, 4].map((index) => node.input(index).data[0]);
  const spectrum = Math.floor(length / 2) + 1;
  const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
  const step = (mel(high) - mel(low)) / (bins + 2);
  const corners = Array.from({ length: bins + 2 }, (_, at) => {
    const hertz = 700 * (10 ** ((mel(low) + at * step) / 2595) - 1);
    return Math.floor(((length + 1) * hertz) / rate);
  });
  const data = new Float64Array(spectrum * bins);
  for (let bin = 0; bin < bins; bin++) {
    const [left, center, right] = corners.slice(bin, bin + 3);
    if (center === left) data[center * bins + bin] = 1;
    for (let at = left; at <= center && center > left; at++) {
      data[at * bins + bin] = (at - left) / (center - left);
    }
    for (let at = center; at < right; at++) data[at * bins + bin] = (right - at) / (right - center);
  }
  return [numbers([spectrum, bins], data, node.outputType())];
};

/** Rules by operator. */
export const generationRules: EvaluationRules = {
  Constant: constant,
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
  Range: range,
  EyeLike: eyeLike,
  OneHot: oneHot,
  HannWindow: cosineWindow([0.5, 0.5]),
  HammingWindow: cosineWindow([25 / 46, 21 / 46]),
  BlackmanWindow: cosineWindow([0.42, 0.5, 0.08]),
  MelWeightMatrix: melWeights,
};
