// Evaluation of operators that cut out and put together along axes.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import {
  type AxisSlice,
  axesWithin,
  axisAttribute,
  axisSlice,
  padAmounts,
  splitLengths,
} from "../shapes/arguments.ts";
import { isTexts, type PlainTensor } from "./plain-tensor.ts";
import { expanded, positions, take } from "./positions.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

const concat: EvaluationRule = (node) => {
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.any(index));
  return [concatenated(inputs, axisAttribute(node, inputs[0].shape.length, 0))];
};

/** Tensors one after the other along an axis. */
export function concatenated(inputs: readonly PlainTensor[], axis: number): PlainTensor {
  const { type, shape: first } = inputs[0];
  const length = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
  const outer = elementCount(first.slice(0, axis));
  const parts: (string | number)[] = [];
  for (let block = 0; block < outer; block++) {
    for (const { shape, data } of inputs) {
      const size = elementCount(shape.slice(axis));
      for (let at = 0; at < size; at++) parts.push(data[block * size + at]);
    }
  }
  const data = type === "string" ? (parts as string[]) : Float64Array.from(parts as number[]);
  return { type, shape: first.with(axis, length), data };
}

const split: EvaluationRule = (node) => {
  const x = node.any(0);
  const axis = axisAttribute(node, x.shape.length, 0);
  const lengths = splitLengths(node, x.shape[axis]) ?? [];
  let start = 0;
  return lengths.map((count) => {
    const part = sliced(x, [{ axis, start, step: 1, count }]);
    start += count;
    return part;
  });
};

/** The part of a tensor that slices of some axes leave. */
export function sliced<Tensor extends PlainTensor>(
  x: Tensor,
  slices: readonly AxisSlice[],
): Tensor {
  const strides = rowMajorStrides(x.shape);
  const [shape, steps] = [[...x.shape], [...strides]];
  let offset = 0;
  for (const { axis, start, step, count } of slices) {
    shape[axis] = count;
    steps[axis] = strides[axis] * step;
    offset += strides[axis] * start;
  }
  return take(x, shape, positions(shape, steps, offset));
}

/** Slice: bounds are inputs since opset 10, attributes before. */
const slice: EvaluationRule = (node) => {
  const x = node.any(0);
  const starts = node.ints("starts") ?? node.numbers(1) ?? [];
  const ends = node.ints("ends") ?? node.numbers(2) ?? [];
  const given = node.ints("axes") ?? (node.hasInput(3) ? node.numbers(3) : undefined);
  const axes = axesWithin(node, given ?? starts.map((_, at) => at), x.shape.length);
  const steps = node.hasInput(4) ? node.numbers(4) : undefined;
  const slices = axes.map((axis, at) =>
    axisSlice(axis, x.shape[axis], { start: starts[at], end: ends[at], step: steps?.[at] ?? 1 }),
  );
  return [sliced(x, slices)];
};

/** For a position along a padded axis the position that it repeats; undefined where a constant stands. */
type PadMode = (at: number, length: number) => number | undefined;

const padModes: Readonly<Record<string, PadMode>> = {
  constant: (at, length) => (at >= 0 && at < length ? at : undefined),
  edge: (at, length) => Math.min(Math.max(at, 0), length - 1),
  wrap: (at, length) => ((at % length) + length) % length,
  reflect: (at, length) => {
    if (length === 1) return 0;
    const period = 2 * (length - 1);
    const phase = ((at % period) + period) % period;
    return Math.min(phase, period - phase);
  },
};

const pad: EvaluationRule = (node) => {
  const x = node.any(0);
  const amounts = padAmounts(node, x.shape.length) ?? node.fail("amounts that are known");
  const mode = padModes[node.text("mode", "constant")];
  const value = node.hasInput(2) ? node.any(2).data[0] : node.float("value", 0);
  const shape = node.outputShape();
  const data = gathered(x, shape, value, (index, axis) =>
    mode(index - amounts.before[axis], x.shape[axis]),
  );
  return [{ type: x.type, shape, data }];
};

/** Elements picked axis by axis; where one axis gives no position, `value` stands. */
function gathered(
  x: PlainTensor,
  shape: readonly number[],
  value: number | string,
  pick: (index: number, axis: number) => number | undefined,
): PlainTensor["data"] {
  const strides = rowMajorStrides(x.shape);
  let places: (number | undefined)[] = [0];
  for (const [axis, length] of shape.entries()) {
    const along = Array.from({ length }, (_, index) => pick(index, axis));
    places = places.flatMap((start) =>
      along.map((at) =>
        start === undefined || at === undefined ? undefined : start + at * strides[axis],
      ),
    );
  }
  const elements = places.map((at) => (at === undefined ? value : x.data[at]));
  return isTexts(x.data) ? (elements as string[]) : Float64Array.from(elements as number[]);
}

/** CenterCropPad: the middle of an axis, or zeros around it; the odd element is taken from or put at the end. */
const centerCropPad: EvaluationRule = (node) => {
  const x = node.any(0);
  const shape = node.outputShape();
  const shifts = shape.map((length, axis) => Math.floor(Math.abs(x.shape[axis] - length) / 2));
  const data = gathered(x, shape, 0, (index, axis) => {
    const isCut = x.shape[axis] > shape[axis];
    const at = isCut ? index + shifts[axis] : index - shifts[axis];
    return at >= 0 && at < x.shape[axis] ? at : undefined;
  });
  return [{ type: x.type, shape, data }];
};

const expand: EvaluationRule = (node) => [expanded(node.any(0), node.outputShape())];

const tile: EvaluationRule = (node) => {
  const x = node.any(0);
  const shape = node.outputShape();
  const data = gathered(x, shape, 0, (index, axis) => index % x.shape[axis]);
  return [{ type: x.type, shape, data }];
};

/** Trilu: the part above or below a diagonal of each matrix, zeros elsewhere. */
const trilu: EvaluationRule = (node) => {
  const x = node.input(0);
  const k = node.optional(1)?.data[0] ?? 0;
  const isUpper = node.int("upper", 1) === 1;
  const [rows, columns] = x.shape.slice(-2);
  const data = x.data.map((value, at) => {
    const row = Math.floor(at / columns) % rows;
    const above = (at % columns) - row - k;
    return (isUpper ? above >= 0 : above <= 0) ? value : 0;
  });
  return [{ ...x, data }];
};

/** ReverseSequence: for every entry of the batch the first `length` steps of time turned around. */
const reverseSequence: EvaluationRule = (node) => {
  const x = node.any(0);
  const lengths = node.input(1).data;
  const [batchAxis, timeAxis] = [node.int("batch_axis", 1), node.int("time_axis", 0)];
  const strides = rowMajorStrides(x.shape);
  const along = (at: number, axis: number) => Math.floor(at / strides[axis]) % x.shape[axis];
  const sources = Int32Array.from({ length: x.data.length }, (_, at) => {
    const [time, length] = [along(at, timeAxis), lengths[along(at, batchAxis)]];
    return time < length ? at + (length - 1 - 2 * time) * strides[timeAxis] : at;
  });
  return [take(x, x.shape, sources)];
};

/** Rules by operator. */
export const indexingRules: EvaluationRules = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  CenterCropPad: centerCropPad,
  Expand: expand,
  Tile: tile,
  Trilu: trilu,
  ReverseSequence: reverseSequence,
};
