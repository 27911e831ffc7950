// One node with its inputs, held to ONNX Runtime: the inferred types and shapes are those that the runtime gives, and the
// evaluator gives the runtime's numbers.

import fc from "fast-check";
import { expect } from "vitest";
import { openSession } from "#session";
import {
  type Attribute,
  type ElementType,
  encodeModel,
  evaluate,
  graphBuilder,
  onnxTensor,
  type PlainTensor,
  plainTensor,
} from "../../../src/onnx/index.ts";

/** A node to try. */
export interface NodeCase {
  readonly operator: string;
  readonly domain?: string;
  /** undefined for an optional input that is left out. */
  readonly inputs: readonly (PlainTensor | undefined)[];
  /** Positions of inputs that are constants of the model, as shapes and axes usually are. */
  readonly constants?: readonly number[];
  readonly attributes?: Record<string, Attribute>;
  readonly outputs?: number;
  readonly opset?: number;
  /** Largest difference, relative where numbers are above 1. */
  readonly tolerance?: number;
}

/** Runs a case in the runtime and in the evaluator, and compares them. */
async function checkNode(one: NodeCase): Promise<void> {
  const { model, types, feeds } = modelOf(one);
  const session = await openSession(encodeModel(model), { threads: 1 });
  const expected = await session.run(
    Object.fromEntries(Object.entries(feeds).map(([name, x]) => [name, onnxTensor(x)])),
  );
  await session.close();
  const found = evaluate(model, feeds);
  for (const [index, { name }] of model.graph.outputs.entries()) {
    const want = plainTensor(expected[name]);
    expect({ output: index, ...types[index] }).toEqual({
      output: index,
      type: want.type,
      shape: [...want.shape],
    });
    expect([found[name].type, found[name].shape]).toEqual([want.type, want.shape]);
    expectClose(found[name], want, one.tolerance ?? 1e-5);
  }
}

function modelOf(one: NodeCase) {
  const graph = graphBuilder({ opset: one.opset ?? 18 });
  const feeds: Record<string, PlainTensor> = {};
  const names = one.inputs.map((tensor, index) => {
    if (!tensor) return "";
    if (one.constants?.includes(index)) return graph.constant(onnxTensor(tensor), `c${index}`);
    const name = `x${index}`;
    feeds[name] = tensor;
    return graph.input({ name, type: tensor.type, shape: tensor.shape });
  });
  const { operator, attributes, domain, outputs = 1 } = one;
  const made = graph.nodeWithOutputs(operator, names, outputs, attributes, { domain });
  const types = made.map((name) => graph.typeOf(name));
  for (const [index, name] of made.entries()) graph.output({ name: `y${index}` }, name);
  return { model: graph.build(), types, feeds };
}

/** Numbers that agree, infinities and NaN included. */
function expectClose(found: PlainTensor, want: PlainTensor, tolerance: number): void {
  const differing = Array.from(want.data as Float64Array).flatMap((value, at) => {
    const other = found.data[at] as number;
    if (Object.is(value, other) || value === other) return [];
    const distance = Math.abs(value - other) / Math.max(1, Math.abs(value));
    return distance <= tolerance ? [] : [{ at, expected: value, found: other }];
  });
  expect(differing.slice(0, 5)).toEqual([]);
}

/** Element count of a shape. */
function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A tensor of numbers that float32 holds exactly: multiples of 1/64. */
export function floats(
  shape: readonly number[],
  { low = -3, high = 3 }: { low?: number; high?: number } = {},
): fc.Arbitrary<PlainTensor> {
  return numbersOf(
    "float32",
    shape,
    fc.integer({ min: low * 64, max: high * 64 }).map((n) => n / 64),
  );
}

/** A tensor of whole numbers. */
export function integers(
  shape: readonly number[],
  { low, high, type = "int64" }: { low: number; high: number; type?: ElementType },
): fc.Arbitrary<PlainTensor> {
  return numbersOf(type, shape, fc.integer({ min: low, max: high }));
}

export function numbersOf(
  type: ElementType,
  shape: readonly number[],
  number: fc.Arbitrary<number>,
): fc.Arbitrary<PlainTensor> {
  const count = countOf(shape);
  return fc
    .array(number, { minLength: count, maxLength: count })
    .map((data) => ({ type, shape, data: Float64Array.from(data) }));
}

/** A tensor with these elements. */
export function fixed(
  values: readonly number[],
  type: ElementType = "int64",
  shape: readonly number[] = [values.length],
): PlainTensor {
  return { type, shape, data: Float64Array.from(values) };
}

/** Shapes of small tensors. */
export function shapes({
  ranks = [0, 4],
  longest = 4,
}: {
  ranks?: readonly [number, number];
  longest?: number;
} = {}): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: longest }), {
    minLength: ranks[0],
    maxLength: ranks[1],
  });
}

/** Shapes that broadcast together: some axes of a common shape are 1, some leading ones are left out. */
export function broadcastable(count: number): fc.Arbitrary<number[][]> {
  return shapes().chain((shape) =>
    fc.array(
      fc
        .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
        .map(([cut, ones]) => shape.map((length, axis) => (ones[axis] ? 1 : length)).slice(cut)),
      { minLength: count, maxLength: count },
    ),
  );
}

/** Runs a property of some cases. */
export function everyCase(cases: fc.Arbitrary<NodeCase>, numRuns = 25): Promise<void> {
  return fc.assert(fc.asyncProperty(cases, checkNode), { numRuns });
}
