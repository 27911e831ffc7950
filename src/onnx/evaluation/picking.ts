// Evaluation of operators that pick, place and order elements by index.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import { axisAttribute } from "../shapes/arguments.ts";
import { isTexts, type Numbers, type PlainTensor } from "./plain-tensor.ts";
import { linesOf, numbers, positions, take } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

/** An index that may count from the end. */
function indexWithin(node: EvaluatedNode, index: number, length: number): number {
  const at = index < 0 ? index + length : index;
  if (at >= 0 && at < length) return at;
  return node.fail(`indices within −${length} … ${length - 1}, not ${index}`);
}

/** Gather: whole slices of an axis. */
const gather: EvaluationRule = (node) => {
  const [x, indices] = [node.any(0), node.input(1)];
  const axis = axisAttribute(node, x.shape.length, 0);
  const inner = elementCount(x.shape.slice(axis + 1));
  const length = x.shape[axis];
  const chosen = indices.data.map((index) => indexWithin(node, index, length));
  const shape = node.outputShape();
  const sources = Int32Array.from({ length: elementCount(shape) }, (_, at) => {
    const block = Math.floor(at / (inner * chosen.length));
    const index = chosen[Math.floor(at / inner) % chosen.length];
    return (block * length + index) * inner + (at % inner);
  });
  return [take(x, shape, sources)];
};

/** Where GatherElements and ScatterElements look: at each index's own place, but along `axis` where it says. */
function elementPlaces(node: EvaluatedNode, data: readonly number[], indices: Numbers): Int32Array {
  const axis = axisAttribute(node, data.length, 0);
  const strides = rowMajorStrides(data);
  const places = positions(indices.shape, strides.with(axis, 0));
  return places.map(
    (place, at) => place + indexWithin(node, indices.data[at], data[axis]) * strides[axis],
  );
}

const gatherElements: EvaluationRule = (node) => {
  const [x, indices] = [node.any(0), node.input(1)];
  return [take(x, indices.shape, elementPlaces(node, x.shape, indices))];
};

/** Where the blocks start that GatherND and ScatterND name by the vectors in the indices' last axis. */
function blockStarts(
  node: EvaluatedNode,
  data: readonly number[],
  { indices, batchAxes }: { indices: Numbers; batchAxes: number },
): Float64Array {
  const depth = indices.shape[indices.shape.length - 1];
  const strides = rowMajorStrides(data);
  const count = elementCount(indices.shape.slice(0, -1));
  const perBatch = count / elementCount(indices.shape.slice(0, batchAxes));
  const batchSize = elementCount(data.slice(batchAxes));
  return Float64Array.from({ length: count }, (_, vector) => {
    let start = Math.floor(vector / perBatch) * batchSize;
    for (let at = 0; at < depth; at++) {
      const axis = batchAxes + at;
      const index = indices.data[vector * depth + at];
      start += indexWithin(node, index, data[axis]) * strides[axis];
    }
    return start;
  });
}

const gatherND: EvaluationRule = (node) => {
  const [x, indices] = [node.any(0), node.input(1)];
  const batchAxes = node.int("batch_dims", 0);
  const starts = blockStarts(node, x.shape, { indices, batchAxes });
  const shape = node.outputShape();
  const size = starts.length ? elementCount(shape) / starts.length : 1;
  const sources = Int32Array.from(
    { length: elementCount(shape) },
    (_, at) => starts[Math.floor(at / size)] + (at % size),
  );
  return [take(x, shape, sources)];
};

const reductions: Readonly<Record<string, (old: number, update: number) => number>> = {
  none: (_, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  max: Math.max,
  min: Math.min,
};

/** The data with updates put in at places, one after the other. */
function scattered(node: EvaluatedNode, data: PlainTensor, places: ArrayLike<number>): PlainTensor {
  const updates = node.any(2).data;
  if (isTexts(data.data)) {
    const texts = [...data.data];
    for (let at = 0; at < places.length; at++) texts[places[at]] = updates[at] as string;
    return { ...data, data: texts };
  }
  const reduce = reductions[node.text("reduction", "none")] ?? node.fail("a known reduction");
  const result = data.data.slice();
  for (let at = 0; at < places.length; at++) {
    result[places[at]] = reduce(result[places[at]], updates[at] as number);
  }
  return { ...data, data: result };
}

const scatterElements: EvaluationRule = (node) => {
  const x = node.any(0);
  return [scattered(node, x, elementPlaces(node, x.shape, node.input(1)))];
};

const scatterND: EvaluationRule = (node) => {
  const [x, indices] = [node.any(0), node.input(1)];
  const starts = blockStarts(node, x.shape, { indices, batchAxes: 0 });
  const depth = indices.shape[indices.shape.length - 1];
  const size = elementCount(x.shape.slice(depth));
  const places = Array.from(
    { length: starts.length * size },
    (_, at) => starts[Math.floor(at / size)] + (at % size),
  );
  return [scattered(node, x, places)];
};

/** TopK: the k largest or smallest of each line, best first; of equal ones the first. */
const topK: EvaluationRule = (node) => {
  const x = node.input(0);
  const axis = axisAttribute(node, x.shape.length, -1);
  const shape = node.outputShape();
  const sign = node.int("largest", 1) === 1 ? -1 : 1;
  const from = linesOf(x.shape, [axis]);
  const to = linesOf(shape, [axis]);
  const [values, indices] = [
    new Float64Array(elementCount(shape)),
    new Float64Array(elementCount(shape)),
  ];
  for (const [line, start] of from.starts.entries()) {
    const order = Array.from(from.steps, (_, at) => at);
    const value = (at: number) => x.data[start + from.steps[at]];
    order.sort((a, b) => sign * (value(a) - value(b)) || a - b);
    for (const [rank, step] of to.steps.entries()) {
      values[to.starts[line] + step] = value(order[rank]);
      indices[to.starts[line] + step] = order[rank];
    }
  }
  return [numbers(shape, values, x.type), numbers(shape, indices, "int64")];
};

/** NonZero: the index vectors of all elements that are not 0, as columns. */
const nonZero: EvaluationRule = (node) => {
  const { shape, data } = node.input(0);
  const found = Array.from(data.keys()).filter((at) => data[at] !== 0);
  const rows = rowMajorStrides(shape).flatMap((stride, axis) =>
    found.map((at) => Math.floor(at / stride) % shape[axis]),
  );
  return [numbers([shape.length, found.length], rows, "int64")];
};

/** Compress: the elements, or the slices of an axis, where the condition holds. */
const compress: EvaluationRule = (node) => {
  const x = node.any(0);
  const kept = Array.from(node.input(1).data.keys()).filter((at) => node.input(1).data[at]);
  if (!node.has("axis")) return [take(x, [kept.length], Int32Array.from(kept))];
  const axis = axisAttribute(node, x.shape.length, 0);
  const shape = x.shape.with(axis, kept.length);
  const { starts, steps } = linesOf(x.shape, [axis]);
  const target = linesOf(shape, [axis]);
  const sources = new Int32Array(elementCount(shape));
  for (const [line, start] of starts.entries()) {
    for (const [at, step] of target.steps.entries()) {
      sources[target.starts[line] + step] = start + steps[kept[at]];
    }
  }
  return [take(x, shape, sources)];
};

/** Unique: distinct elements or slices, sorted or in order of appearance. */
const unique: EvaluationRule = (node) => {
  const given = node.any(0);
  const isFlat = !node.has("axis");
  const shape = isFlat ? [given.data.length] : given.shape;
  const axis = isFlat ? 0 : axisAttribute(node, shape.length, 0);
  const { starts, steps } = linesOf(shape, [axis]);
  const slices = Array.from(steps, (step) =>
    Array.from(starts, (start) => given.data[start + step]),
  );
  const first: number[] = [];
  const inverse = slices.map((one) => {
    const at = first.findIndex((other) => compareSlices(slices[other], one) === 0);
    if (at >= 0) return at;
    return first.push(slices.indexOf(one)) - 1;
  });
  const order = Array.from(first.keys());
  if (node.int("sorted", 1))
    order.sort((a, b) => compareSlices(slices[first[a]], slices[first[b]]));
  const rank = order.map((_, at) => order.indexOf(at));
  const resultShape = shape.with(axis, order.length);
  const target = linesOf(resultShape, [axis]);
  const sources = new Int32Array(elementCount(resultShape));
  for (const [at, step] of target.steps.entries()) {
    for (const [line, start] of target.starts.entries()) {
      sources[start + step] = starts[line] + steps[first[order[at]]];
    }
  }
  const counts = order.map((one) => inverse.filter((other) => other === one).length);
  return [
    take(given, resultShape, sources),
    numbers(
      [order.length],
      order.map((at) => first[at]),
      "int64",
    ),
    numbers(
      [inverse.length],
      inverse.map((at) => rank[at]),
      "int64",
    ),
    numbers([order.length], counts, "int64"),
  ];
};

/** Order of two slices by their first difference. */
function compareSlices(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at] < b[at] ? -1 : 1;
}

/** Rules by operator. */
export const pickingRules: EvaluationRules = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  TopK: topK,
  NonZero: nonZero,
  Compress: compress,
  Unique: unique,
};
