// A case of the gradient checks: a random node of one operator, and how one is drawn.

import fc from "fast-check";
import { randomStream } from "../../../src/base/index.ts";
import type { Algebra, Attribute, ElementType, OnnxTensor } from "../../../src/onnx/index.ts";

/** An input of a drawn node. */
export interface DrawnInput {
  readonly tensor: OnnxTensor;
  /** A graph input that gradients are taken by, a graph input of another kind, or a constant of the graph. */
  readonly role: "variable" | "fixed" | "constant";
}

/** A random node. */
export interface DrawnNode {
  readonly inputs: readonly (DrawnInput | undefined)[];
  readonly attributes?: Record<string, Attribute>;
  /** Number of outputs; 1 by default. */
  readonly outputs?: number;
  /** Outputs that the loss depends on; the first by default. */
  readonly uses?: readonly number[];
}

/** Random nodes of one operator. */
export interface GradientCase {
  readonly operator: string;
  /** What is particular to these nodes. */
  readonly of?: string;
  readonly domain?: string;
  /** The operator set that the operator needs; 18 by default. */
  readonly opset?: number;
  /** Why ONNX Runtime is not asked, where it is not. */
  readonly notRun?: string;
  readonly draw: (pick: Pick) => DrawnNode;
  /** The operator in terms of others, where the evaluator does not know it. */
  readonly definition?: (m: Algebra, inputs: readonly string[], node: DrawnNode) => string;
}

/** Draws numbers and tensors; every draw shrinks. */
export interface Pick {
  int(low: number, high: number): number;
  /** Several integers. */
  ints(count: number, low: number, high: number): number[];
  of<T>(...options: readonly T[]): T;
  /** A tensor of numbers spread evenly between limits, by default −2 and 2, that gradients are taken by. */
  variable(shape: readonly number[], limits?: Limits): DrawnInput;
  /** The same as a graph input that no gradient is taken by. */
  fixed(shape: readonly number[], limits?: Limits): DrawnInput;
  /** Whole numbers from `low` to `high` as a graph input. */
  indices(shape: readonly number[], low: number, high: number): DrawnInput;
  /** Different whole numbers from 0 on, below `below`. */
  distinct(count: number, below: number): number[];
}

export interface Limits {
  readonly low?: number;
  readonly high?: number;
}

/** A constant int64 vector, as operators take shapes and axes. */
export function lengths(values: readonly number[]): DrawnInput {
  return integers([values.length], values, "constant");
}

/** An int64 tensor. */
export function integers(
  shape: readonly number[],
  values: readonly number[],
  role: DrawnInput["role"],
): DrawnInput {
  return { role, tensor: { type: "int64", shape, data: BigInt64Array.from(values, BigInt) } };
}

/** A float32 tensor. */
export function numbers(
  shape: readonly number[],
  values: readonly number[],
  role: DrawnInput["role"],
): DrawnInput {
  return { role, tensor: { type: "float32", shape, data: Float32Array.from(values) } };
}

/** A bool tensor. */
export function booleans(
  shape: readonly number[],
  values: readonly boolean[],
  role: DrawnInput["role"],
): DrawnInput {
  return { role, tensor: { type: "bool", shape, data: Uint8Array.from(values, Number) } };
}

/** Draws of nodes. */
export function drawn(draw: (pick: Pick) => DrawnNode): fc.Arbitrary<DrawnNode> {
  return fc.gen().map((generate) => draw(pickFrom(generate)));
}

function pickFrom(generate: fc.GeneratorValue): Pick {
  const int = (low: number, high: number) => generate(fc.integer, { min: low, max: high });
  const spread = (
    role: DrawnInput["role"],
    shape: readonly number[],
    { low = -2, high = 2 }: Limits,
  ): DrawnInput => {
    const random = randomStream({ seed: int(0, 1e6), purpose: "gradient check" });
    const data = new Float32Array(countOf(shape)).map(() => low + (high - low) * random.uniform());
    return { role, tensor: { type: "float32" satisfies ElementType, shape, data } };
  };
  return {
    int,
    ints: (count, low, high) => Array.from({ length: count }, () => int(low, high)),
    of: (...options) => options[int(0, options.length - 1)],
    variable: (shape, limits = {}) => spread("variable", shape, limits),
    fixed: (shape, limits = {}) => spread("fixed", shape, limits),
    indices: (shape, low, high) =>
      integers(
        shape,
        Array.from({ length: countOf(shape) }, () => int(low, high)),
        "fixed",
      ),
    distinct: (count, below) => {
      const random = randomStream({ seed: int(0, 1e6), purpose: "distinct" });
      const keys = Array.from({ length: below }, (_, at) => [random.uniform(), at]);
      return keys
        .sort(([a], [b]) => a - b)
        .slice(0, count)
        .map(([, at]) => at);
    },
  };
}

/** Number of elements of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
