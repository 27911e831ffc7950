// Elements of the small tensors with which models compute shapes, as far as they are known beforehand. A length that is
// not known keeps its name, so that a shape taken apart and put together again is the same shape.

import type { Dimension, ElementType } from "../model.ts";
import { axisSlice, integersOf, reducedAxes } from "./arguments.ts";
import { add, divideDown, multiply, product, subtract } from "./dimensions.ts";
import { typeAttribute } from "./element-type.ts";
import { shapeSlice } from "./generation.ts";
import type { InferredNode, KnownValue, ValueRule } from "./rule.ts";

/** Longer values are data, not shapes. */
const LONGEST_VALUE = 1024;

const same: ValueRule = (node) => node.value(0);

const shape: ValueRule = (node) => {
  const lengths = node.input(0)?.shape;
  return lengths && shapeSlice(node, lengths);
};

const size: ValueRule = (node) => {
  const lengths = node.input(0)?.shape;
  return lengths && [product(lengths)];
};

/** Constant, where the value is in the node itself; one that is a tensor is known from the start. */
const constant: ValueRule = (node) => {
  if (node.has("value_int")) return [node.int("value_int", 0)];
  if (node.has("value_float")) return [node.float("value_float", 0)];
  return node.ints("value_ints") ?? node.floats("value_floats");
};

/** The elements stay where the result has no more than one axis. */
const whereFlat =
  (rankOf: (node: InferredNode, rank: number) => number | undefined): ValueRule =>
  (node) => {
    const rank = node.input(0)?.shape?.length;
    const result = rank === undefined ? undefined : rankOf(node, rank);
    return result !== undefined && result <= 1 ? node.value(0) : undefined;
  };

const unsqueezed = whereFlat((node, rank) => {
  const axes = integersOf(node, { attribute: "axes", input: 1 });
  return axes && rank + axes.length;
});
const reshaped = whereFlat((node) => node.ints("shape")?.length ?? node.value(1)?.length);

/** Cast: whole numbers lose a fraction, truth is 0 or 1. */
const cast: ValueRule = (node) => {
  const type = typeAttribute(node, "to", undefined);
  return node
    .value(0)
    ?.map((value) => (typeof value === "number" ? castNumber(value, type) : value));
};

function castNumber(value: number, type: ElementType | undefined): number {
  if (type === "bool") return Number(value !== 0);
  return type?.includes("int") ? Math.trunc(value) : value;
}

const gather: ValueRule = (node) => {
  const [values, indices] = [node.value(0), node.numbers(1)];
  if (!values || !indices || node.input(0)?.shape?.length !== 1) return undefined;
  const picked = indices.map((index) => values.at(index));
  return picked.every((value) => value !== undefined) ? picked : undefined;
};

const concat: ValueRule = (node) => {
  const parts = Array.from({ length: node.inputCount }, (_, index) => node.value(index));
  // A part whose elements are not known has at least a length that is.
  const known = parts.map((part, index) => {
    const length = node.input(index)?.shape?.[0];
    return (
      part ??
      (typeof length === "number" && length <= LONGEST_VALUE ? unknowns(node, length) : undefined)
    );
  });
  return known.every((part) => part !== undefined) ? known.flat() : undefined;
};

function unknowns(node: InferredNode, length: number): KnownValue {
  return Array.from({ length }, () => node.unknown());
}

const slice: ValueRule = (node) => {
  const values = node.value(0);
  const [start] = node.ints("starts") ?? node.numbers(1) ?? [];
  const [end] = node.ints("ends") ?? node.numbers(2) ?? [];
  const [step] = node.hasInput(4) ? (node.numbers(4) ?? []) : [1];
  if (!values || start === undefined || end === undefined || step === undefined) return undefined;
  const range = axisSlice(0, values.length, { start, end, step });
  return Array.from({ length: range.count }, (_, at) => values[range.start + at * range.step]);
};

/** A function of two numbers at each element; undefined where it can't be told. */
function paired(
  combine: (a: Dimension, b: Dimension, node: InferredNode) => Dimension | undefined,
): ValueRule {
  return (node) => {
    const inputs = Array.from({ length: node.inputCount }, (_, index) => node.value(index));
    if (!inputs.every((value) => value !== undefined)) return undefined;
    return inputs.slice(1).reduce<KnownValue | undefined>((left, right) => {
      if (!left) return undefined;
      const length = left.length === 1 ? right.length : left.length;
      if (right.length !== length && right.length !== 1) return undefined;
      return Array.from({ length }, (_, at) => {
        const a = left.length === 1 ? left[0] : left[at];
        const b = right.length === 1 ? right[0] : right[at];
        return combine(a, b, node) ?? node.unknown();
      });
    }, inputs[0]);
  };
}

/** Where both are numbers. */
const numeric = (combine: (a: number, b: number) => number) =>
  paired((a, b) => (typeof a === "number" && typeof b === "number" ? combine(a, b) : undefined));

const divide = paired((a, b, node) => {
  if (typeof b !== "number" || b === 0) return a === b ? 1 : undefined;
  const isWhole = node.input(0)?.type.includes("int");
  if (isWhole) return typeof a === "number" ? Math.trunc(a / b) : divideDown(a, b);
  return typeof a === "number" ? a / b : b === 1 ? a : undefined;
});

const modulo = paired((a, b) => {
  if (typeof b !== "number" || b === 0) return undefined;
  if (typeof a === "number") return a - b * Math.floor(a / b);
  return b === 1 ? 0 : undefined;
});

/** Lengths are not negative: none equals a number below 0. */
const equal = paired((a, b) => {
  if (a === b) return 1;
  if (typeof a === "number" && typeof b === "number") return 0;
  return [a, b].some((one) => typeof one === "number" && one < 0) ? 0 : undefined;
});

const where: ValueRule = (node) => {
  const [condition, yes, no] = [node.value(0), node.value(1), node.value(2)];
  if (!condition || !yes || !no) return undefined;
  const length = Math.max(condition.length, yes.length, no.length);
  const at = (values: KnownValue, index: number) => values[values.length === 1 ? 0 : index];
  return Array.from({ length }, (_, index) => {
    const [chosen, a, b] = [at(condition, index), at(yes, index), at(no, index)];
    if (a === b) return a;
    return typeof chosen === "number" ? (chosen ? a : b) : node.unknown();
  });
};

const range: ValueRule = (node) => {
  const [start, limit, delta] = [0, 1, 2].map((index) => node.numbers(index)?.[0]);
  if (start === undefined || limit === undefined || !delta) return undefined;
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (count > LONGEST_VALUE) return undefined;
  return Array.from({ length: count }, (_, at) => start + at * delta);
};

/** One number repeated: ConstantOfShape of one length. */
const filled: ValueRule = (node) => {
  const lengths = node.numbers(0);
  if (!lengths || lengths.length > 1) return undefined;
  const count = lengths[0] ?? 1;
  if (count > LONGEST_VALUE) return undefined;
  const value = node.tensor("value");
  const fill = value && value.type !== "string" ? Number(value.data[0]) : 0;
  return new Array(count).fill(fill);
};

/** Expand of a single element, or to the shape that it has. */
const expand: ValueRule = (node) => {
  const [values, lengths] = [node.value(0), node.numbers(1)];
  if (!values || !lengths || lengths.length > 1) return undefined;
  const count = lengths[0] ?? 1;
  if (count > LONGEST_VALUE || (values.length > 1 && count > 1 && count !== values.length)) {
    return undefined;
  }
  return values.length === 1 ? new Array<Dimension>(count).fill(values[0]) : values;
};

/** A reduction of all elements of a list to one. */
function reduced(combine: (a: Dimension, b: Dimension) => Dimension | undefined): ValueRule {
  return (node) => {
    const values = node.value(0);
    const rank = node.input(0)?.shape?.length;
    if (!values?.length || rank === undefined || reducedAxes(node, rank)?.length !== rank)
      return undefined;
    const [first, ...rest] = values;
    const total = rest.reduce<Dimension | undefined>(
      (all, one) => (all === undefined ? undefined : combine(all, one)),
      first,
    );
    return [total ?? node.unknown()];
  };
}

const numbersOnly = (combine: (a: number, b: number) => number) => (a: Dimension, b: Dimension) =>
  typeof a === "number" && typeof b === "number" ? combine(a, b) : a === b ? a : undefined;

/** A function of one number; a name stays where `keepsNames`. */
function each(compute: (value: number) => number, { keepsNames = false } = {}): ValueRule {
  return (node) =>
    node.value(0)?.map((value) => {
      if (typeof value === "number") return compute(value);
      return keepsNames && !/[./]/.test(value) ? value : node.unknown();
    });
}

/** Rules by operator. */
export const shapeValues: Readonly<Record<string, ValueRule>> = {
  Identity: same,
  Shape: shape,
  Size: size,
  Constant: constant,
  Unsqueeze: unsqueezed,
  Squeeze: same,
  Reshape: reshaped,
  Cast: cast,
  Gather: gather,
  Concat: concat,
  Slice: slice,
  Add: paired(add),
  Sub: paired(subtract),
  Mul: paired(multiply),
  Div: divide,
  Mod: modulo,
  Min: paired(numbersOnly(Math.min)),
  Max: paired(numbersOnly(Math.max)),
  Equal: equal,
  Greater: numeric((a, b) => Number(a > b)),
  GreaterOrEqual: numeric((a, b) => Number(a >= b)),
  Less: numeric((a, b) => Number(a < b)),
  LessOrEqual: numeric((a, b) => Number(a <= b)),
  And: numeric((a, b) => Number(a && b)),
  Or: numeric((a, b) => Number(a || b)),
  Not: each((value) => Number(!value)),
  Neg: each((value) => -value),
  Abs: each(Math.abs, { keepsNames: true }),
  Floor: each(Math.floor, { keepsNames: true }),
  Ceil: each(Math.ceil, { keepsNames: true }),
  Where: where,
  Range: range,
  ConstantOfShape: filled,
  Expand: expand,
  ReduceProd: reduced(multiply),
  ReduceSum: reduced(add),
  ReduceMax: reduced(numbersOnly(Math.max)),
  ReduceMin: reduced(numbersOnly(Math.min)),
};
