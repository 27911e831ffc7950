// Shapes of operators that sample images anew, and how Resize scales each axis.

import type { Dimension } from "../model.ts";
import { type ArgumentReader, axesWithin } from "./arguments.ts";
import { divideDown, multiply } from "./dimensions.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

/** How Resize or Upsample changes one axis. */
export interface AxisScale {
  readonly axis: number;
  readonly scale: number;
  readonly length: number;
}

/** Scales and new lengths of the axes that change, for an input of known shape; undefined where they are not known. */
export function resizedAxes(node: ResizeReader, shape: readonly number[]): AxisScale[] | undefined {
  const all = shape.map((_, axis) => axis);
  const axes = axesWithin(node, node.ints("axes") ?? all, shape.length);
  const { scales, sizes } = readTargets(node);
  if (scales && scales.length !== axes.length) node.fail(`a scale for each of ${axes.length} axes`);
  if (sizes && sizes.length !== axes.length) node.fail(`a size for each of ${axes.length} axes`);
  if (scales) {
    return axes.map((axis, at) => {
      const length = Math.floor(shape[axis] * scales[at]);
      return { axis, scale: scales[at], length };
    });
  }
  if (!sizes) return undefined;
  const each = axes.map((axis, at) => sizes[at] / shape[axis]);
  const policy = node.text("keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") {
    return axes.map((axis, at) => ({ axis, scale: each[at], length: sizes[at] }));
  }
  const scale = policy === "not_larger" ? Math.min(...each) : Math.max(...each);
  return axes.map((axis) => {
    // Half a pixel rounds up (ONNX, Resize, keep_aspect_ratio_policy).
    const length = Math.floor(scale * shape[axis] + 0.5);
    return { axis, scale, length };
  });
}

type ResizeReader = ArgumentReader & Pick<InferredNode, "text" | "floats" | "opset" | "inputCount">;

/** Scales and sizes: inputs 2 and 3 of Resize since opset 11, before that input 1 or an attribute. */
function readTargets(node: ResizeReader): { scales?: number[]; sizes?: number[] } {
  const nonEmpty = (values: number[] | undefined) => (values?.length ? values : undefined);
  if (node.floats("scales")) return { scales: node.floats("scales") };
  if (node.inputCount === 2) return { scales: nonEmpty(node.numbers(1)) };
  return {
    scales: node.hasInput(2) ? nonEmpty(node.numbers(2)) : undefined,
    sizes: node.hasInput(3) ? nonEmpty(node.numbers(3)) : undefined,
  };
}

/** Resize, Upsample. */
const resize: ShapeRule = (node) => {
  const x = node.input(0);
  if (!x?.shape) return [x && { type: x.type }];
  const { shape } = x;
  const isKnown = shape.every((length) => typeof length === "number");
  const axes = isKnown ? resizedAxes(node, shape as number[]) : undefined;
  if (axes) {
    const resized = [...shape];
    for (const { axis, length } of axes) resized[axis] = length;
    return [{ type: x.type, shape: resized }];
  }
  return [{ type: x.type, shape: symbolicLengths(node, shape) }];
};

/** Lengths where some of the input are symbols: those given as sizes, and multiples by whole scales. */
function symbolicLengths(node: InferredNode, shape: readonly Dimension[]): Dimension[] {
  const given = node.ints("axes") ?? shape.map((_, axis) => axis);
  const axes = axesWithin(node, given, shape.length);
  const { scales } = readTargets(node);
  const sizes = node.inputCount > 3 ? node.value(3) : undefined;
  const keepsRatio = node.text("keep_aspect_ratio_policy", "stretch") !== "stretch";
  const resized = [...shape];
  for (const [at, axis] of axes.entries()) {
    const length = shape[axis];
    const [scale, size] = [scales?.[at], keepsRatio ? undefined : sizes?.[at]];
    if (scale !== undefined && typeof length === "number")
      resized[axis] = Math.floor(length * scale);
    else if (Number.isInteger(scale)) resized[axis] = multiply(length, scale as number);
    else if (scale && Number.isInteger(1 / scale)) resized[axis] = divideDown(length, 1 / scale);
    else resized[axis] = size ?? node.unknown();
  }
  return resized;
}

/** GridSample: a sample for every point of the grid. */
const gridSample: ShapeRule = (node) => {
  const [x, grid] = [node.input(0), node.input(1)];
  if (!x?.shape || !grid?.shape) return [x && { type: x.type }];
  return [{ type: x.type, shape: [x.shape[0], x.shape[1], ...grid.shape.slice(1, -1)] }];
};

/** AffineGrid: a point for every element of the size [N, C, …]. */
const affineGrid: ShapeRule = (node) => {
  const theta = node.input(0);
  const size = node.value(1);
  const shape = size && [size[0], ...size.slice(2), size.length - 2];
  return [theta && { type: theta.type, shape }];
};

/** RoiAlign: a grid of samples a region. */
const roiAlign: ShapeRule = (node) => {
  const [x, regions] = [node.input(0), node.input(1)];
  const size = [node.int("output_height", 1), node.int("output_width", 1)];
  const shape = x?.shape && regions?.shape && [regions.shape[0], x.shape[1], ...size];
  return [x && { type: x.type, shape }];
};

/** MaxRoiPool: the same with the size as an attribute. */
const maxRoiPool: ShapeRule = (node) => {
  const [x, regions] = [node.input(0), node.input(1)];
  const size = node.ints("pooled_shape") ?? [];
  const shape = x?.shape && regions?.shape && [regions.shape[0], x.shape[1], ...size];
  return [x && { type: x.type, shape }];
};

/** NonMaxSuppression: batch, class and box of each that is kept. */
const suppression: ShapeRule = (node) => [{ type: "int64", shape: [node.unknown(), 3] }];

/** Rules by operator. */
export const resamplingShapes: ShapeRules = {
  Resize: resize,
  Upsample: resize,
  GridSample: gridSample,
  AffineGrid: affineGrid,
  RoiAlign: roiAlign,
  MaxRoiPool: maxRoiPool,
  NonMaxSuppression: suppression,
};
