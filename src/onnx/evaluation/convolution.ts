// Evaluation of convolutions and their transposes, straight from the definition.

import { elementCount } from "../../base/index.ts";
import { transposedPads } from "../shapes/convolution.ts";
import { readWindow, windowPads } from "../shapes/window.ts";
import type { Numbers } from "./plain-tensor.ts";
import { numbers, zeros } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";
import { windowTaps } from "./window-taps.ts";

const conv: EvaluationRule = (node) => [
  convolved(node, node.input(0), node.input(1), node.optional(2)),
];

/** Y[n, m, p] = B[m] + Σ over channels c of the group and elements k of W[m, c, k] X[n, c, under k at p]. */
export function convolved(node: EvaluatedNode, x: Numbers, w: Numbers, bias?: Numbers): Numbers {
  const shape = node.outputShape();
  const [batch, filters, ...output] = shape;
  const window = readWindow(node, node.ints("kernel_shape") ?? w.shape.slice(2));
  const input = x.shape.slice(2);
  const { before } = windowPads(window, input);
  const { positions, elements, taps } = windowTaps(window, { input, output, before });
  const [channels, size] = [x.shape[1], elementCount(input)];
  const perGroup = w.shape[1];
  const filtersPerGroup = filters / node.int("group", 1);
  const data = new Float64Array(elementCount(shape));
  for (let n = 0, at = 0; n < batch; n++) {
    for (let m = 0; m < filters; m++) {
      const first = Math.floor(m / filtersPerGroup) * perGroup;
      for (let p = 0; p < positions; p++, at++) {
        let sum = bias ? bias.data[m] : 0;
        for (let c = 0; c < perGroup; c++) {
          const plane = (n * channels + first + c) * size;
          const weights = (m * perGroup + c) * elements;
          for (let k = 0; k < elements; k++) {
            const tap = taps[p * elements + k];
            if (tap >= 0) sum += w.data[weights + k] * x.data[plane + tap];
          }
        }
        data[at] = sum;
      }
    }
  }
  return numbers(shape, data, x.type);
}

/** ConvTranspose: X is spread out over Y as a convolution of Y would have gathered it. */
const convTranspose: EvaluationRule = (node) => {
  const [x, w, bias] = [node.input(0), node.input(1), node.optional(2)];
  const y = zeros(node.outputShape(), x.type);
  const [batch, filters, ...size] = y.shape;
  const window = readWindow(node, node.ints("kernel_shape") ?? w.shape.slice(2));
  const output = x.shape.slice(2);
  const { before } = transposedPads(node, window, output, size);
  const { positions, elements, taps } = windowTaps(window, { input: size, output, before });
  const [channels, perGroup] = [x.shape[1], w.shape[1]];
  const channelsPerGroup = channels / node.int("group", 1);
  const planeSize = elementCount(size);
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const first = Math.floor(c / channelsPerGroup) * perGroup;
      for (let m = 0; m < perGroup; m++) {
        const plane = (n * filters + first + m) * planeSize;
        const weights = (c * perGroup + m) * elements;
        for (let p = 0; p < positions; p++) {
          const value = x.data[(n * channels + c) * positions + p];
          for (let k = 0; k < elements; k++) {
            const tap = taps[p * elements + k];
            if (tap >= 0) y.data[plane + tap] += w.data[weights + k] * value;
          }
        }
      }
    }
  }
  if (!bias) return [y];
  return [
    { ...y, data: y.data.map((v, at) => v + bias.data[Math.floor(at / planeSize) % filters]) },
  ];
};

/** Col2Im: blocks added up where they overlap. */
const col2Im: EvaluationRule = (node) => {
  const x = node.input(0);
  const y = zeros(node.outputShape(), x.type);
  const [batch, channels, ...size] = y.shape;
  const kernel = node.numbers(2) ?? [];
  const window = readWindow(node, kernel);
  const { before, after } = windowPads(window, size);
  const output = size.map((length, axis) => {
    const reach = (kernel[axis] - 1) * window.dilations[axis] + 1;
    return Math.floor((length + before[axis] + after[axis] - reach) / window.strides[axis]) + 1;
  });
  const { positions, elements, taps } = windowTaps(window, { input: size, output, before });
  const planeSize = elementCount(size);
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let k = 0; k < elements; k++) {
      for (let p = 0; p < positions; p++) {
        const tap = taps[p * elements + k];
        const value = x.data[(plane * elements + k) * positions + p];
        if (tap >= 0) y.data[plane * planeSize + tap] += value;
      }
    }
  }
  return [y];
};

/** Rules by operator. */
export const convolutionRules: EvaluationRules = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Col2Im: col2Im,
};
