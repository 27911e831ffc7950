// Gradients of transposed convolutions: they are a convolution's input gradient, so theirs is the convolution.
// Dumoulin, Visin: "A guide to convolution arithmetic for deep learning", 2016, chapter 4.

import type { Algebra, Term } from "../algebra.ts";
import { int, ints } from "../model.ts";
import { readWindow, transposedPadsBefore } from "../shapes/window.ts";
import { type Convolution, filterGradient, patches } from "./filter-gradient.ts";
import {
  axesUpTo,
  countOf,
  type ForwardNode,
  type GradientRule,
  type GradientRules,
} from "./rule.ts";

/** Y = Wᵀ ∗ X + B: dX = W ∗ dY, and dW is that of the convolution that takes Y's shape to X's. */
const convTranspose: GradientRule = (node, m, dy) => {
  const [x] = node.inputs;
  const reversed = reversedConvolution(node, m, dy);
  const rank = reversed.xShape.length;
  return [
    node.wants(0) ? forward(m, reversed) : undefined,
    node.wants(1) ? filterGradient(m, reversed, x) : undefined,
    node.wants(2) ? m.sum(dy, { axes: axesUpTo(rank).filter((axis) => axis !== 1) }) : undefined,
  ];
};

/** The convolution from dY to the shape of X. */
function reversedConvolution(node: ForwardNode, m: Algebra, dy: Term): Convolution {
  const [x, w] = node.inputs;
  const [inner, wShape] = [m.graph.shapeOf(x), m.graph.shapeOf(w)];
  const outer = m.graph.shapeOf(node.outputs[0]);
  const window = readWindow(node, node.ints("kernel_shape") ?? wShape.slice(2));
  const before = transposedPadsBefore(node, window, {
    inner: inner.slice(2),
    outer: outer.slice(2),
  });
  // What the windows cover beyond the end of Y was cut off; where they end before it, output_padding added zeros.
  const beyond = before.map((pad, axis) => {
    const reach = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
    return (inner[axis + 2] - 1) * window.strides[axis] + reach - pad - outer[axis + 2];
  });
  const covered = beyond.map((length, axis) => outer[axis + 2] + Math.min(0, length));
  const xShape = [...outer.slice(0, 2), ...covered];
  const pads = { before, after: beyond.map((length) => Math.max(0, length)) };
  const group = node.int("group", 1);
  return { x: cropped(m, dy, xShape), w, xShape, wShape, yShape: inner, group, window, pads };
}

/** Without the last elements, which no input reaches. */
function cropped(m: Algebra, term: Term, shape: readonly number[]): Term {
  const from = m.graph.shapeOf(term);
  if (from.every((length, axis) => length === shape[axis])) return term;
  const zeros = m.lengths(shape.map(() => 0));
  return m.op("Slice", [term, zeros, m.lengths(shape)]);
}

function forward(m: Algebra, { x, w, group, window, pads }: Convolution): Term {
  return m.op("Conv", [x, w], {
    kernel_shape: ints(window.kernel),
    strides: ints(window.strides),
    dilations: ints(window.dilations),
    group: int(group),
    pads: ints([...pads.before, ...pads.after]),
  });
}

/** Col2Im adds patches up to an image: each patch gets what lies under it in the image's gradient. */
const col2Im: GradientRule = (node, m, dy) => {
  const image = m.graph.shapeOf(dy);
  const [, block] = node.inputs.slice(1).map((name) => m.graph.valueOf(name)?.map(Number));
  if (!block) return node.fail("its block shape must be known before the model runs");
  const window = readWindow(node, block);
  const none = block.map(() => 0);
  const pads = window.pads ?? { before: none, after: none };
  const positions = block.map((length, axis) => {
    const reach = (length - 1) * window.dilations[axis] + 1;
    const free = image[axis + 2] + pads.before[axis] + pads.after[axis] - reach;
    return Math.floor(free / window.strides[axis]) + 1;
  });
  const yShape = [...image.slice(0, 2), ...positions];
  const columns = patches(m, { x: dy, xShape: image, yShape, window, pads });
  return [m.reshape(columns, [image[0], image[1] * countOf(block), countOf(positions)])];
};

/** Rules by operator. */
export const transposedConvolutionGradients: GradientRules = {
  ConvTranspose: convTranspose,
  Col2Im: col2Im,
};
