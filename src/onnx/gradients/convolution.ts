// Gradients of convolutions.
// Dumoulin, Visin: "A guide to convolution arithmetic for deep learning", 2016, chapter 4.

import type { Algebra, Term } from "../algebra.ts";
import { int, ints } from "../model.ts";
import { readWindow, windowPads } from "../shapes/window.ts";
import { turnedFilters } from "../turned-filters.ts";
import { type Convolution, filterGradient } from "./filter-gradient.ts";
import type { ForwardNode, GradientRule, GradientRules } from "./rule.ts";

/** Y = X ∗ W + B. */
const conv: GradientRule = (node, m, dy) => {
  const convolution = readConvolution(node, m);
  return [
    node.wants(0) ? inputGradient(m, convolution, dy) : undefined,
    node.wants(1) ? filterGradient(m, convolution, dy) : undefined,
    node.wants(2) ? m.sum(dy, { axes: allBut(convolution.yShape.length, 1) }) : undefined,
  ];
};

function readConvolution(node: ForwardNode, m: Algebra): Convolution {
  const [x, w] = node.inputs;
  const [xShape, wShape] = [m.graph.shapeOf(x), m.graph.shapeOf(w)];
  const window = readWindow(node, node.ints("kernel_shape") ?? wShape.slice(2));
  const yShape = m.graph.shapeOf(node.outputs[0]);
  const pads = windowPads(window, xShape.slice(2));
  return { x, w, xShape, wShape, yShape, group: node.int("group", 1), window, pads };
}

/** dX: with stride 1 a convolution of dY with the filters turned around; else the transposed convolution. */
function inputGradient(m: Algebra, c: Convolution, dy: Term): Term {
  const { strides, dilations, kernel } = c.window;
  const reach = kernel.map((length, axis) => (length - 1) * dilations[axis]);
  const before = reach.map((length, axis) => length - c.pads.before[axis]);
  const after = reach.map((length, axis) => length - c.pads.after[axis]);
  const isDense = strides.every((stride) => stride === 1);
  // A forward convolution with more padding than its kernel reaches would need negative padding here.
  if (isDense && [...before, ...after].every((pad) => pad >= 0)) {
    return m.op("Conv", [dy, turnedFilters(m, c)], {
      kernel_shape: ints(kernel),
      dilations: ints(dilations),
      group: int(c.group),
      pads: ints([...before, ...after]),
    });
  }
  return transposedConvolution(m, c, dy);
}

function transposedConvolution(m: Algebra, c: Convolution, dy: Term): Term {
  const { strides, dilations, kernel } = c.window;
  // What the last window does not reach gets no gradient.
  const uncovered = strides.map((stride, axis) => {
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    const covered = (c.yShape[axis + 2] - 1) * stride + reach;
    return c.xShape[axis + 2] - (covered - c.pads.before[axis] - c.pads.after[axis]);
  });
  return m.op("ConvTranspose", [dy, c.w], {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    dilations: ints(dilations),
    group: int(c.group),
    pads: ints([...c.pads.before, ...c.pads.after]),
    output_padding: ints(uncovered),
  });
}

function allBut(rank: number, kept: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== kept);
}

/** Rules by operator. */
export const convolutionGradients: GradientRules = { Conv: conv };
