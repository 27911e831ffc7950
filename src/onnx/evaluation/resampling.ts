// Evaluation of operators that sample images anew. Keys: "Cubic convolution interpolation", 1981, for the cubic kernel.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import { type AxisScale, resizedAxes } from "../shapes/resampling.ts";
import { roundToEven } from "./half.ts";
import type { Numbers } from "./plain-tensor.ts";
import { linesOf, numbers } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";
import { indexVectors } from "./window-taps.ts";

/** An element of an axis, and how much of it a sample takes. */
interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** Resize, Upsample: one axis after the other. */
const resize: EvaluationRule = (node) => {
  const x = node.input(0);
  const axes = resizedAxes(node, x.shape) ?? node.fail("scales or sizes");
  const roi = node.text("coordinate_transformation_mode", "") === "tf_crop_and_resize";
  const regions = roi ? (node.optional(1)?.data ?? new Float64Array()) : new Float64Array();
  let y = x;
  const isOutside: boolean[][] = x.shape.map(() => []);
  for (const [at, one] of axes.entries()) {
    const region = { start: regions[at] ?? 0, end: regions[at + axes.length] ?? 1 };
    const coordinates = coordinatesOf(node, one, x.shape[one.axis], region);
    const isSame =
      coordinates.every((place, index) => place === index) && one.length === x.shape[one.axis];
    if (roi) isOutside[one.axis] = coordinates.map((c) => c < 0 || c > x.shape[one.axis] - 1);
    if (isSame) continue;
    const taps = coordinates.map((place) => tapsOf(node, place, x.shape[one.axis], one.scale));
    y = resampled(y, one.axis, taps);
  }
  return [roi ? extrapolated(y, isOutside, node.float("extrapolation_value", 0)) : y];
};

/** The tensor with every line along an axis replaced by samples. */
function resampled(x: Numbers, axis: number, taps: readonly (readonly Tap[])[]): Numbers {
  const shape = x.shape.with(axis, taps.length);
  const [from, to] = [linesOf(x.shape, [axis]), linesOf(shape, [axis])];
  const data = new Float64Array(elementCount(shape));
  for (const [line, start] of from.starts.entries()) {
    for (const [at, own] of taps.entries()) {
      const sum = own.reduce(
        (total, { index, weight }) => total + weight * x.data[start + from.steps[index]],
        0,
      );
      data[to.starts[line] + to.steps[at]] = sum;
    }
  }
  return { ...x, shape, data };
}

/** Samples outside of the image along any axis get a fixed value. */
function extrapolated(y: Numbers, isOutside: boolean[][], value: number): Numbers {
  const strides = rowMajorStrides(y.shape);
  const data = y.data.map((sample, at) => {
    const outside = strides.some(
      (stride, axis) => isOutside[axis][Math.floor(at / stride) % y.shape[axis]],
    );
    return outside ? value : sample;
  });
  return { ...y, data };
}

/** Where each sample of an axis lies in the input, by `coordinate_transformation_mode`. */
function coordinatesOf(
  node: EvaluatedNode,
  { scale, length: to }: AxisScale,
  from: number,
  { start, end }: { start: number; end: number },
): number[] {
  // Before opset 11 the origin of samples is a pixel's centre at the corner.
  const mode = node.text(
    "coordinate_transformation_mode",
    node.opset >= 11 ? "half_pixel" : "asymmetric",
  );
  const half = (at: number) => (at + 0.5) / scale - 0.5;
  const place: Readonly<Record<string, (at: number) => number>> = {
    half_pixel: half,
    half_pixel_symmetric: (at) => (from / 2) * (1 - to / (scale * from)) + half(at),
    pytorch_half_pixel: (at) => (to > 1 ? half(at) : 0),
    align_corners: (at) => (to > 1 ? (at * (from - 1)) / (to - 1) : 0),
    asymmetric: (at) => at / scale,
    tf_crop_and_resize: (at) =>
      to > 1
        ? start * (from - 1) + (at * (end - start) * (from - 1)) / (to - 1)
        : 0.5 * (start + end) * (from - 1),
  };
  const chosen = place[mode] ?? node.fail(`a known coordinate_transformation_mode, not "${mode}"`);
  return Array.from({ length: to }, (_, at) => chosen(at));
}

/** Elements that a sample at `place` is made of. */
function tapsOf(node: EvaluatedNode, place: number, length: number, scale: number): Tap[] {
  const mode = node.text("mode", "nearest");
  const within = (index: number) => Math.min(Math.max(index, 0), length - 1);
  if (mode === "nearest") return [{ index: within(nearest(node, place)), weight: 1 }];
  const a = node.float("cubic_coeff_a", -0.75);
  const kernel = mode === "cubic" ? (distance: number) => cubicWeight(distance, a) : linearWeight;
  // A smaller image without aliasing takes a wider kernel.
  const isSmooth = node.int("antialias", 0) === 1 && scale < 1;
  const stretch = isSmooth ? scale : 1;
  const reach = (mode === "cubic" ? 2 : 1) / stretch;
  const excludes = node.int("exclude_outside", 0) === 1;
  const taps: Tap[] = [];
  for (let index = Math.floor(place - reach) + 1; index < place + reach; index++) {
    const weight = kernel((index - place) * stretch);
    const isInside = index >= 0 && index < length;
    if (isInside || !excludes) taps.push({ index: within(index), weight });
  }
  const sum = taps.reduce((total, { weight }) => total + weight, 0);
  return taps.map(({ index, weight }) => ({ index, weight: weight / sum }));
}

function nearest(node: EvaluatedNode, place: number): number {
  const mode = node.text("nearest_mode", node.opset >= 11 ? "round_prefer_floor" : "floor");
  if (mode === "floor") return Math.floor(place);
  if (mode === "ceil") return Math.ceil(place);
  return mode === "round_prefer_ceil" ? Math.floor(place + 0.5) : Math.ceil(place - 0.5);
}

function linearWeight(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}

/** Keys 1981, with a free parameter for what he has as −1/2. */
function cubicWeight(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
}

/** GridSample: at each point of the grid, in −1 … 1 from one side of the image to the other, its last axis x first. */
const gridSample: EvaluationRule = (node) => {
  const [x, grid] = [node.input(0), node.input(1)];
  const shape = node.outputShape();
  const size = x.shape.slice(2);
  const rank = size.length;
  const points = elementCount(grid.shape.slice(1, -1));
  const [channels, plane] = [x.shape[1], elementCount(size)];
  const strides = rowMajorStrides(size);
  const data = new Float64Array(elementCount(shape));
  for (let n = 0; n < x.shape[0]; n++) {
    for (let point = 0; point < points; point++) {
      const start = (n * points + point) * rank;
      const taps = size.map((length, axis) => {
        const place = grid.data[start + rank - 1 - axis];
        return gridTaps(node, place, length);
      });
      const corners = indexVectors(taps.map((own) => own.length)).map((at) => ({
        place: at.reduce((sum, tap, axis) => sum + taps[axis][tap].index * strides[axis], 0),
        weight: at.reduce((product, tap, axis) => product * taps[axis][tap].weight, 1),
      }));
      for (let c = 0; c < channels; c++) {
        const first = (n * channels + c) * plane;
        const sum = corners.reduce(
          (total, { place, weight }) => total + weight * x.data[first + place],
          0,
        );
        data[(n * channels + c) * points + point] = sum;
      }
    }
  }
  return [numbers(shape, data, x.type)];
};

/** Elements along one axis that a grid point takes. */
function gridTaps(node: EvaluatedNode, normalized: number, length: number): Tap[] {
  const isAligned = node.int("align_corners", 0) === 1;
  const mode = node.text("mode", "linear");
  const padding = node.text("padding_mode", "zeros");
  const [low, high] = isAligned ? [0, length - 1] : [-0.5, length - 0.5];
  const exact = low + ((normalized + 1) / 2) * (high - low);
  const isCubic = mode === "cubic" || mode === "bicubic";
  const bounds = { low, high, length, padding };
  const around = mode === "nearest" ? roundToEven(exact) : exact;
  // The cubic kernel is padded element by element, the others at their place.
  const place = isCubic ? around : paddedPlace(around, bounds);
  const tap = (index: number, weight: number): Tap[] => {
    const isInside = index >= 0 && index < length;
    if (isInside) return [{ index, weight }];
    if (padding === "zeros") return [{ index: 0, weight: 0 }];
    return [{ index: paddedPlace(index, bounds), weight }];
  };
  if (mode === "nearest") return tap(place, 1);
  const first = Math.floor(place) - (isCubic ? 1 : 0);
  return Array.from({ length: isCubic ? 4 : 2 }, (_, at) => first + at).flatMap((index) =>
    tap(index, isCubic ? cubicWeight(index - place, -0.75) : linearWeight(index - place)),
  );
}

/** A place outside of the image moved to its border, or reflected at `low` and `high`. */
function paddedPlace(
  place: number,
  { low, high, length, padding }: { low: number; high: number; length: number; padding: string },
): number {
  if (place >= low && place <= high) return place;
  if (padding === "border") return Math.min(Math.max(place, 0), length - 1);
  if (padding !== "reflection" || high === low) return padding === "reflection" ? 0 : place;
  const span = high - low;
  const phase = (((place - low) % (2 * span)) + 2 * span) % (2 * span);
  return low + Math.min(phase, 2 * span - phase);
}

/** AffineGrid: the points of a grid over −1 … 1, moved by an affine map. */
const affineGrid: EvaluationRule = (node) => {
  const theta = node.input(0);
  const shape = node.outputShape();
  const size = shape.slice(1, -1);
  const rank = size.length;
  const isAligned = node.int("align_corners", 0) === 1;
  const along = (at: number, length: number) =>
    isAligned ? (length > 1 ? (2 * at) / (length - 1) - 1 : 0) : (2 * at + 1) / length - 1;
  const data = Array.from({ length: shape[0] }, (_, n) =>
    indexVectors(size).map((index) => {
      const point = [...index.map((at, axis) => along(at, size[axis])).reverse(), 1];
      return Array.from({ length: rank }, (__, row) =>
        point.reduce(
          (sum, p, column) => sum + p * theta.data[(n * rank + row) * (rank + 1) + column],
          0,
        ),
      );
    }),
  );
  return [numbers(shape, data.flat(2), theta.type)];
};

/** Rules by operator. */
export const resamplingRules: EvaluationRules = {
  Resize: resize,
  Upsample: resize,
  GridSample: gridSample,
  AffineGrid: affineGrid,
};
