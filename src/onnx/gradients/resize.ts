// Gradient of Resize: interpolation is a constant matrix along each axis, so dx is the transposed matrices applied to dy.
// Coordinates and weights: ONNX, docs/Operators.md, Resize-19; Keys: "Cubic convolution interpolation", 1981, eq. 4.

import type { Algebra } from "../algebra.ts";
import { int, ints } from "../model.ts";
import { axisOf } from "../shapes/dimensions.ts";
import { axesUpTo, type ForwardNode, type GradientRule, type GradientRules } from "./rule.ts";
import { type AxisMatrix, transposedAlongAxes } from "./separable.ts";

/** How one axis is resized. */
interface AxisResize {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  /** Start and end of the region for tf_crop_and_resize, as fractions. */
  readonly region: readonly [number, number];
}

/** An input position that an output position takes, and its share; positions beyond the ends are the ends. */
type Tap = readonly [position: number, weight: number];

const resize: GradientRule = (node, m, dy) => {
  const [shape, resized] = [m.graph.shapeOf(node.inputs[0]), m.graph.shapeOf(dy)];
  const axes = axesOf(node, m, { shape, resized });
  const factors = wholeFactors(node, axes);
  if (factors) return [summedBlocks(m, dy, factors)];
  const matrices = axes.map(
    (axis): AxisMatrix => (isKept(axis) ? undefined : matrixOf(node, axis)),
  );
  return [transposedAlongAxes(m, dy, matrices)];
};

function axesOf(
  node: ForwardNode,
  m: Algebra,
  { shape, resized }: { shape: readonly number[]; resized: readonly number[] },
): AxisResize[] {
  const [region, scales] = [node.inputs[1], node.inputs[2]].map((name) =>
    name ? m.graph.constantOf(name)?.data : undefined,
  );
  if (node.inputs[2] && !scales) node.fail("its scales must be constants");
  if (node.text("keep_aspect_ratio_policy", "stretch") !== "stretch") {
    node.fail("it has no gradient where the aspect ratio is kept");
  }
  const given = (node.ints("axes") ?? axesUpTo(shape.length)).map((axis) =>
    axisOf(axis, shape.length),
  );
  return shape.map((input, axis) => {
    const at = given.indexOf(axis);
    const output = resized[axis];
    const [start, end] = [at, at + given.length].map((index) =>
      Number(region?.[index] ?? Number.NaN),
    );
    const scale = scales?.length && at >= 0 ? Number(scales[at]) : output / input;
    return { input, output, scale, region: Number.isNaN(start) || at < 0 ? [0, 1] : [start, end] };
  });
}

function isKept({ input, output, scale, region: [start, end] }: AxisResize): boolean {
  return input === output && scale === 1 && start === 0 && end === 1;
}

/** Whole factors of spatial axes by which every element is only repeated; undefined where it is not so. */
function wholeFactors(node: ForwardNode, axes: readonly AxisResize[]): number[] | undefined {
  const [batch, channel, ...spatial] = axes;
  if (node.text("mode", "nearest") !== "nearest" || spatial.length === 0) return undefined;
  if (!isKept(batch) || !isKept(channel)) return undefined;
  const isRepeated = spatial.every((axis) => {
    const factor = axis.output / axis.input;
    if (!Number.isInteger(factor)) return false;
    return Array.from({ length: axis.output }, (_, at) => nearest(node, axis, at)).every(
      (position, at) => position === Math.floor(at / factor),
    );
  });
  return isRepeated ? spatial.map(({ input, output }) => output / input) : undefined;
}

/** Sums over blocks, by way of their mean. */
function summedBlocks(m: Algebra, dy: string, factors: readonly number[]): string {
  const count = factors.reduce((product, factor) => product * factor, 1);
  if (count === 1) return dy;
  const pooled = m.op("AveragePool", [dy], {
    kernel_shape: ints(factors),
    strides: ints(factors),
    ceil_mode: int(0),
  });
  return m.mul(pooled, count);
}

function matrixOf(node: ForwardNode, axis: AxisResize): Float64Array[] {
  return Array.from({ length: axis.output }, (_, at) => {
    const row = new Float64Array(axis.input);
    for (const [position, weight] of tapsOf(node, axis, at)) {
      row[Math.min(Math.max(position, 0), axis.input - 1)] += weight;
    }
    return row;
  });
}

function tapsOf(node: ForwardNode, axis: AxisResize, at: number): Tap[] {
  const x = coordinate(node, axis, at);
  // tf_crop_and_resize puts a constant outside of the input.
  const isCrop = node.text("coordinate_transformation_mode", "half_pixel") === "tf_crop_and_resize";
  if (isCrop && (x < 0 || x > axis.input - 1)) return [];
  const mode = node.text("mode", "nearest");
  if (mode === "nearest") return [[nearest(node, axis, at), 1]];
  const stretch = node.int("antialias", 0) === 1 ? Math.min(axis.scale, 1) : 1;
  const kernel = mode === "linear" ? triangle : cubicKernel(node.float("cubic_coeff_a", -0.75));
  const reach = (mode === "linear" ? 1 : 2) / stretch;
  const taps: [number, number][] = [];
  for (let position = Math.floor(x - reach) + 1; position < x + reach; position++) {
    taps.push([position, kernel(Math.abs(position - x) * stretch)]);
  }
  const isInside = ([position]: Tap) => position >= 0 && position < axis.input;
  const excludes = node.int("exclude_outside", 0) === 1 || stretch < 1;
  const used = excludes ? taps.filter(isInside) : taps;
  const total = excludes || stretch < 1 ? used.reduce((sum, [, weight]) => sum + weight, 0) : 1;
  return used.map(([position, weight]) => [position, weight / total]);
}

const triangle = (distance: number) => Math.max(0, 1 - distance);

function cubicKernel(a: number): (distance: number) => number {
  return (d) => {
    if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  };
}

function nearest(node: ForwardNode, axis: AxisResize, at: number): number {
  const x = coordinate(node, axis, at);
  const rounded = {
    round_prefer_floor: Math.ceil(x - 0.5),
    round_prefer_ceil: Math.floor(x + 0.5),
    floor: Math.floor(x),
    ceil: Math.ceil(x),
  }[node.text("nearest_mode", "round_prefer_floor")];
  return Math.min(
    Math.max(rounded ?? node.fail("its nearest_mode is not known"), 0),
    axis.input - 1,
  );
}

/** Where in the input an output position lies. */
function coordinate(node: ForwardNode, axis: AxisResize, at: number): number {
  const { input, output, scale } = axis;
  const [start, end] = axis.region;
  const halfPixel = (at + 0.5) / scale - 0.5;
  switch (node.text("coordinate_transformation_mode", "half_pixel")) {
    case "half_pixel":
      return halfPixel;
    case "half_pixel_symmetric":
      return halfPixel + (input / 2) * (1 - output / (scale * input));
    case "pytorch_half_pixel":
      return output > 1 ? halfPixel : 0;
    case "asymmetric":
      return at / scale;
    case "align_corners":
      return output > 1 ? (at * (input - 1)) / (output - 1) : 0;
    case "tf_crop_and_resize":
      return output > 1
        ? (input - 1) * (start + (at * (end - start)) / (output - 1))
        : 0.5 * (start + end) * (input - 1);
    default:
      return node.fail("its coordinate_transformation_mode is not known");
  }
}

/** Rules by operator. */
export const resizeGradients: GradientRules = { Resize: resize };
