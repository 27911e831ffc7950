// Gradients of pools.

import type { Algebra, Term } from "../algebra.ts";
import { ints, text } from "../model.ts";
import { readWindow, type Window, windowPads } from "../shapes/window.ts";
import {
  axesUpTo,
  countOf,
  type ForwardNode,
  type GradientRule,
  type GradientRules,
  indicator,
  rankOf,
} from "./rule.ts";
import { type AxisMatrix, transposedAlongAxes } from "./separable.ts";

/** A pool with all of its lengths in numbers. */
interface Pool {
  readonly window: Window;
  readonly shape: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function readPool(node: ForwardNode, m: Algebra): Pool {
  const shape = m.graph.shapeOf(node.inputs[0]);
  const window = readWindow(node, node.ints("kernel_shape") ?? []);
  return { window, shape, ...windowPads(window, shape.slice(2)) };
}

/** Whether windows cover the input without gap, overlap or padding. */
function isTiling({ window, shape, before, after }: Pool): boolean {
  const { kernel, strides, dilations } = window;
  const isPlain = [...before, ...after].every((pad) => pad === 0);
  return (
    isPlain &&
    kernel.every(
      (length, axis) =>
        length === strides[axis] && dilations[axis] === 1 && shape[axis + 2] % length === 0,
    )
  );
}

/** MaxPool: each output's gradient goes to the element that it was taken from. */
const maxPool: GradientRule = (node, m, dy) => {
  if (node.int("storage_order", 0)) return node.fail("it has no gradient with storage_order 1");
  const pool = readPool(node, m);
  const indices = node.output(1);
  if (isTiling(pool)) {
    const { kernel, strides } = pool.window;
    const attributes = { kernel_shape: ints(kernel), strides: ints(strides) };
    return [m.op("MaxUnpool", [dy, indices, m.lengths(pool.shape)], attributes)];
  }
  const empty = m.fill(0, [countOf(pool.shape)], dy);
  const places = [m.reshape(indices, [-1]), m.reshape(dy, [-1])];
  const spread = m.op("ScatterElements", [empty, ...places], { reduction: text("add") });
  return [m.reshape(spread, pool.shape)];
};

/** MaxUnpool: each element's gradient is read where it was put. */
const maxUnpool: GradientRule = (node, m, dy) => {
  const [x, indices] = node.inputs;
  const { window, shape } = readPool(node, m);
  const covered = shape.slice(2).map((length, axis) => {
    const cut = (window.pads?.before[axis] ?? 0) + (window.pads?.after[axis] ?? 0);
    return (length - 1) * window.strides[axis] + window.kernel[axis] - cut;
  });
  // Beyond, ONNX counts indices in what the windows cover, ONNX Runtime in the output.
  const isCovered = m.graph.shapeOf(dy).every((one, axis) => axis < 2 || one === covered[axis - 2]);
  if (!isCovered) return node.fail("its output is larger than what its windows cover");
  const picked = m.op("GatherElements", [m.reshape(dy, [-1]), m.reshape(indices, [-1])]);
  return [m.reshape(picked, m.shapeTensor(x))];
};

/** AveragePool: an output's gradient is shared by the elements of its window. */
const averagePool: GradientRule = (node, m, dy) => {
  const pool = readPool(node, m);
  const { kernel, strides } = pool.window;
  if (isTiling(pool)) return [repeated(m, m.div(dy, countOf(kernel)), strides)];
  const countsPadding = node.int("count_include_pad", 0) === 1;
  const matrices = windowMatrices(pool, m.graph.shapeOf(dy)).map(({ matrix, inside }) =>
    matrix.map((row, at) => {
      // A window that ceil_mode lets reach beyond the padding counts no more than the padding.
      const count = countsPadding ? inside[at] : row.reduce((sum, one) => sum + one, 0);
      return row.map((one) => one / count);
    }),
  );
  return [transposedAlongAxes(m, dy, [undefined, undefined, ...matrices])];
};

/** Every element as often as the factor of each spatial axis says. */
function repeated(m: Algebra, term: Term, factors: readonly number[]): Term {
  const scales = Float32Array.of(1, 1, ...factors);
  const shape = [scales.length];
  return m.op("Resize", [term, "", m.graph.constant({ type: "float32", shape, data: scales })], {
    mode: text("nearest"),
    coordinate_transformation_mode: text("asymmetric"),
    nearest_mode: text("floor"),
  });
}

/** For each spatial axis: which inputs lie under which output, and how many positions, padding included. */
function windowMatrices(
  { window, shape, before, after }: Pool,
  output: readonly number[],
): { matrix: Float64Array[]; inside: number[] }[] {
  return window.kernel.map((length, axis) => {
    const [input, dilation] = [shape[axis + 2], window.dilations[axis]];
    const inside: number[] = [];
    const matrix = Array.from({ length: output[axis + 2] }, (_, at) => {
      const row = new Float64Array(input);
      const start = at * window.strides[axis] - before[axis];
      const places = Array.from({ length }, (_, step) => start + step * dilation);
      for (const place of places) if (place >= 0 && place < input) row[place] = 1;
      inside.push(places.filter((place) => place < input + after[axis]).length);
      return row;
    });
    return { matrix, inside };
  });
}

/** y = (Σ |x|ᵖ)^(1/p) over a window: dx = sign(x) |x|ᵖ⁻¹ Σ y¹⁻ᵖ dy over the windows that x is in. */
const lpPool: GradientRule = (node, m, dy) => {
  const pool = readPool(node, m);
  const [[x], [y], p] = [node.inputs, node.outputs, node.int("p", 2)];
  const matrices: AxisMatrix[] = windowMatrices(pool, m.graph.shapeOf(dy)).map(
    ({ matrix }) => matrix,
  );
  const shares = m.mul(dy, normSlope(m, y, p));
  const spread = transposedAlongAxes(m, shares, [undefined, undefined, ...matrices]);
  return [m.mul(spread, signedPower(m, x, p))];
};

/** y¹⁻ᵖ, and 0 at y = 0. */
function normSlope(m: Algebra, y: Term, p: number): Term {
  const isZero = m.compare("Equal", y, 0);
  return m.where(isZero, 0, m.pow(m.where(isZero, 1, y), 1 - p));
}

/** sign(x) |x|ᵖ⁻¹. */
function signedPower(m: Algebra, x: Term, p: number): Term {
  if (p === 1) return m.op("Sign", [x]);
  return p === 2 ? x : m.mul(m.op("Sign", [x]), m.pow(m.op("Abs", [x]), p - 1));
}

/** The mean over all spatial axes: every element gets its share. */
const globalAveragePool: GradientRule = ({ inputs: [x] }, m, dy) => {
  const count = countOf(m.graph.shapeOf(x).slice(2));
  return [m.expandLike(m.div(dy, count), x)];
};

/** The largest element gets the gradient; equal ones share it evenly. */
const globalMaxPool: GradientRule = ({ inputs: [x], outputs: [y] }, m, dy) => {
  const isLargest = m.compare("Equal", x, y);
  const axes = axesUpTo(rankOf(m, x)).slice(2);
  const count = m.sum(indicator(m, isLargest, dy), { axes, keepDims: true });
  return [m.where(isLargest, m.div(dy, count), 0)];
};

const globalLpPool: GradientRule = (node, m, dy) => {
  const [[x], [y], p] = [node.inputs, node.outputs, node.int("p", 2)];
  return [m.mul(m.mul(dy, normSlope(m, y, p)), signedPower(m, x, p))];
};

/** Rules by operator. */
export const poolingGradients: GradientRules = {
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,
  AveragePool: averagePool,
  LpPool: lpPool,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
  GlobalLpPool: globalLpPool,
};
