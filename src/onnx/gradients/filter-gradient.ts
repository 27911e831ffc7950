// The gradient of a convolution's filters: for each element of the kernel the product of dY with what lies under it in X,
// summed over positions and batch. Three ways to the same sums; which is fastest in ONNX Runtime depends on the shape.

import type { Algebra, Term } from "../algebra.ts";
import { int } from "../model.ts";
import type { Window } from "../shapes/window.ts";
import { countOf } from "./rule.ts";

/** A convolution with all of its lengths in numbers. */
export interface Convolution {
  readonly x: Term;
  readonly w: Term;
  readonly xShape: readonly number[];
  readonly wShape: readonly number[];
  readonly yShape: readonly number[];
  readonly group: number;
  readonly window: Window;
  readonly pads: { readonly before: readonly number[]; readonly after: readonly number[] };
}

/** With so few channels a product for each element of the kernel would be too thin. */
const FEW_CHANNELS = 4;
/** With so few positions in an image its product is too short, and the whole batch is taken at once. */
const FEW_POSITIONS = 128;

/** dW, in the shape of W. */
export function filterGradient(m: Algebra, c: Convolution, dy: Term): Term {
  const [filters, channels, ...kernel] = c.wShape;
  if (channels <= FEW_CHANNELS && countOf(kernel) > 1) return byPatches(m, c, dy);
  const isDense = c.group === 1 && c.window.strides.every((stride) => stride === 1);
  const products =
    isDense && filters <= channels && countOf(kernel) > 1
      ? byShiftedOutput(m, c, dy)
      : bySlices(m, c, dy);
  // [elements, filters, channels] to [filters, channels, elements].
  const joined = products.length === 1 ? products[0] : m.op("Concat", products, { axis: int(0) });
  return m.reshape(m.transpose(m.reshape(joined, [-1, filters, channels]), [1, 2, 0]), c.wShape);
}

/** One product with all patches side by side (im2col). */
function byPatches(m: Algebra, c: Convolution, dy: Term): Term {
  const [batch, filters, ...size] = c.yShape;
  const positions = countOf(size);
  const elements = countOf(c.wShape.slice(1));
  const grouped = [batch, c.group, filters / c.group, positions];
  const columns = m.reshape(patches(m, c), [batch, c.group, elements, positions]);
  const products = m.matmul(m.reshape(dy, grouped), m.transpose(columns, [0, 1, 3, 2]));
  return m.reshape(m.sum(products, { axes: [0] }), c.wShape);
}

/** A product for each element of the kernel with the slice of X that lies under it; each [filters, channels]. */
function bySlices(m: Algebra, c: Convolution, dy: Term): Term[] {
  const [batch, filters, ...size] = c.yShape;
  const positions = countOf(size);
  const grouped = (channels: number) => [batch, c.group, channels / c.group, positions];
  const output = m.reshape(dy, grouped(filters));
  return slicesUnder(m, c).map((slice) => {
    const input = m.reshape(slice, grouped(c.xShape[1]));
    const product = m.sum(m.matmul(output, m.transpose(input, [0, 1, 3, 2])), { axes: [0] });
    return m.reshape(product, [1, filters, c.wShape[1]]);
  });
}

/**
 * A product for each element of the kernel, with dY shifted instead of X, which is cheaper where it has no more channels.
 * With dY laid out on the padded grid of X, zeros where it has no value, positions are numbers p on one axis and an offset
 * in space is an offset δ in p: dW(δ) = Σₚ X(p) dY(p − δ). Rows of dY are positions, so that a shift is one piece of memory.
 */
function byShiftedOutput(m: Algebra, c: Convolution, dy: Term): Term[] {
  const [batch, channels] = c.xShape;
  const filters = c.yShape[1];
  const padded = paddedInput(m, c);
  const grid = m.graph.shapeOf(padded).slice(2);
  const steps = grid.map((_, axis) => countOf(grid.slice(axis + 1)));
  const missing = grid.map((length, axis) => length - c.yShape[axis + 2]);
  const laid = m.op("Pad", [dy, m.lengths([0, 0, ...missing.map(() => 0), 0, 0, ...missing])]);
  const positions = countOf(grid);
  const rows = m.transpose(m.reshape(laid, [batch, filters, positions]), [0, 2, 1]);
  const columns = m.reshape(padded, [batch, channels, positions]);
  const shifts = offsetsOf(c.window.kernel).map((offset) =>
    offset.reduce((sum, at, axis) => sum + at * c.window.dilations[axis] * steps[axis], 0),
  );
  const farthest = shifts[shifts.length - 1];
  // The last positions of every image are zeros of dY, so that no shift brings one image's values under another.
  const isFolded = positions <= FEW_POSITIONS;
  const axis = isFolded ? 0 : 1;
  const length = isFolded ? batch * positions : positions;
  const input = isFolded ? m.reshape(m.transpose(columns, [1, 0, 2]), [channels, length]) : columns;
  const output = isFolded
    ? m.op("Pad", [m.reshape(rows, [length, filters]), m.lengths([farthest, 0, 0, 0])])
    : m.op("Pad", [rows, m.lengths([0, farthest, 0, 0, 0, 0])]);
  return shifts.map((shift) => {
    const [start, end] = [farthest - shift, farthest - shift + length];
    const slice = m.op("Slice", [output, m.lengths([start]), m.lengths([end]), m.lengths([axis])]);
    const product = m.matmul(input, slice);
    const summed = isFolded ? product : m.sum(product, { axes: [0] });
    return m.reshape(m.transpose(summed, [1, 0]), [1, filters, channels]);
  });
}

/** [N, C, elements of the kernel, positions]: for each position what lies under the kernel. */
export function patches(
  m: Algebra,
  c: Pick<Convolution, "x" | "xShape" | "yShape" | "window" | "pads">,
): Term {
  const [batch, channels] = c.xShape;
  const positions = countOf(c.yShape.slice(2));
  const slices = slicesUnder(m, c).map((slice) =>
    m.reshape(slice, [batch, channels, 1, positions]),
  );
  return slices.length === 1 ? slices[0] : m.op("Concat", slices, { axis: int(2) });
}

/** For each element of the kernel the part of X that lies under it, [N, C, size of Y…]. */
function slicesUnder(
  m: Algebra,
  c: Pick<Convolution, "x" | "xShape" | "yShape" | "window" | "pads">,
): Term[] {
  const { kernel, dilations, strides } = c.window;
  const size = c.yShape.slice(2);
  const padded = paddedInput(m, c);
  const grid = m.graph.shapeOf(padded).slice(2);
  const isWhole = countOf(kernel) === 1 && grid.every((length, axis) => length === size[axis]);
  if (isWhole) return [padded];
  const [axes, steps] = [m.lengths(size.map((_, axis) => axis + 2)), m.lengths(strides)];
  return offsetsOf(kernel).map((offset) => {
    const starts = offset.map((at, axis) => at * dilations[axis]);
    const ends = starts.map((at, axis) => at + (size[axis] - 1) * strides[axis] + 1);
    return m.op("Slice", [padded, m.lengths(starts), m.lengths(ends), axes, steps]);
  });
}

function paddedInput(m: Algebra, { x, pads }: Pick<Convolution, "x" | "pads">): Term {
  const { before, after } = pads;
  const isPadded = [...before, ...after].some((length) => length > 0);
  return isPadded ? m.op("Pad", [x, m.lengths([0, 0, ...before, 0, 0, ...after])]) : x;
}

/** Index vectors of all elements of a kernel, the last axis fastest. */
function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (all, length) => all.flatMap((at) => Array.from({ length }, (_, index) => [...at, index])),
    [[]],
  );
}
