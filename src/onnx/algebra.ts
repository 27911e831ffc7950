// Arithmetic over the tensors of a graph under construction: gradients, losses and optimisers read as their formulas.

import type { GraphBuilder } from "./builder.ts";
import { type Attribute, int, ints, type OnnxTensor } from "./model.ts";

/** The name of a tensor in the graph. */
export type Term = string;

/** A term, or a number that takes the element type of its partner. */
export type Operand = Term | number;

/** Axes of a reduction, and whether they stay with length 1. */
interface ReduceOptions {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}

/** Operations over one graph; each adds nodes and returns the name of the result. */
export interface Algebra {
  readonly graph: GraphBuilder;
  /** A node with one output. */
  op(operator: string, inputs: readonly Term[], attributes?: Record<string, Attribute>): Term;
  add(a: Operand, b: Operand): Term;
  sub(a: Operand, b: Operand): Term;
  mul(a: Operand, b: Operand): Term;
  div(a: Operand, b: Operand): Term;
  pow(a: Operand, b: Operand): Term;
  neg(a: Term): Term;
  exp(a: Term): Term;
  log(a: Term): Term;
  sqrt(a: Term): Term;
  matmul(a: Term, b: Term): Term;
  /** Without axes over all of them. */
  sum(a: Term, options?: ReduceOptions): Term;
  mean(a: Term, options?: ReduceOptions): Term;
  where(condition: Term, a: Operand, b: Operand): Term;
  /** Comparison with a bool result: "Greater", "Less", "Equal", … */
  compare(operator: string, a: Operand, b: Operand): Term;
  transpose(a: Term, order: readonly number[]): Term;
  /** To lengths, or to the shape tensor of that name. */
  reshape(a: Term, shape: readonly number[] | Term): Term;
  /** To lengths after the first axis, the batch, which stays whatever its length. */
  reshapeSamples(a: Term, shape: readonly number[]): Term;
  /** Broadcast to the shape of another tensor. */
  expandLike(a: Term, like: Term): Term;
  /** To the element type of another tensor. */
  castLike(a: Term, like: Term): Term;
  /** A scalar of the element type of another tensor. */
  scalarLike(value: number, like: Term): Term;
  /** A tensor of equal elements, of the element type of another tensor. */
  fill(value: number, shape: readonly number[] | Term, like: Term): Term;
  /** A one-dimensional int64 constant; equal ones are shared. */
  lengths(values: readonly number[]): Term;
  /** The shape as an int64 tensor: a constant where it is known, else taken when the model runs. */
  shapeTensor(a: Term): Term;
}

const algebras = new WeakMap<GraphBuilder, Algebra>();

/** The algebra of a graph; always the same one, so that its constants are shared. */
export function algebraOf(graph: GraphBuilder): Algebra {
  const known = algebras.get(graph) ?? makeAlgebra(graph);
  algebras.set(graph, known);
  return known;
}

function makeAlgebra(graph: GraphBuilder): Algebra {
  const shared = new Map<string, Term>();
  const op: Algebra["op"] = (operator, inputs, attributes) =>
    graph.node(operator, inputs, attributes);

  function constant(key: string, make: () => OnnxTensor): Term {
    const found = shared.get(key) ?? graph.constant(make(), "constant");
    shared.set(key, found);
    return found;
  }

  const lengths = (values: readonly number[]) =>
    constant(`int64:${values}`, () => ({
      type: "int64",
      shape: [values.length],
      data: BigInt64Array.from(values, BigInt),
    }));

  const lengthsOf = (shape: readonly number[] | Term) =>
    typeof shape === "string" ? shape : lengths(shape);

  function scalarLike(value: number, like: Term): Term {
    const type = graph.typeOf(like)?.type ?? "float32";
    return constant(`${type} ${Object.is(value, -0) ? "-0" : value}`, () => scalar(value, type));
  }

  /** Both operands as terms; a number becomes a scalar of the other's type. */
  function pair(a: Operand, b: Operand): [Term, Term] {
    const like = [a, b].find((one) => typeof one === "string") ?? "";
    return [a, b].map((one) => (typeof one === "number" ? scalarLike(one, like) : one)) as [
      Term,
      Term,
    ];
  }

  function reduce(operator: string, a: Term, { axes, keepDims = false }: ReduceOptions = {}): Term {
    if (axes?.length === 0) return a;
    // Axes are an input of ReduceSum since opset 13, of the others since 18.
    const asInput = operator === "ReduceSum" || graph.opset >= 18;
    const inputs = axes && asInput ? [a, lengths(axes)] : [a];
    const attribute: Record<string, Attribute> = axes && !asInput ? { axes: ints(axes) } : {};
    return op(operator, inputs, { ...attribute, keepdims: int(keepDims ? 1 : 0) });
  }

  const binary = (operator: string) => (a: Operand, b: Operand) => op(operator, pair(a, b));
  const unary = (operator: string) => (a: Term) => op(operator, [a]);

  function shapeTensor(a: Term): Term {
    const shape = graph.typeOf(a)?.shape;
    const isKnown = shape?.every((length) => typeof length === "number");
    return isKnown ? lengths(shape as number[]) : op("Shape", [a]);
  }

  return {
    graph,
    op,
    add: binary("Add"),
    sub: binary("Sub"),
    mul: binary("Mul"),
    div: binary("Div"),
    pow: binary("Pow"),
    neg: unary("Neg"),
    exp: unary("Exp"),
    log: unary("Log"),
    sqrt: unary("Sqrt"),
    matmul: (a, b) => op("MatMul", [a, b]),
    sum: (a, options) => reduce("ReduceSum", a, options),
    mean: (a, options) => reduce("ReduceMean", a, options),
    where: (condition, a, b) => op("Where", [condition, ...pair(a, b)]),
    compare: (operator, a, b) => op(operator, pair(a, b)),
    transpose: (a, order) =>
      order.every((axis, at) => axis === at) ? a : op("Transpose", [a], { perm: ints(order) }),
    // A length of 0 stands for the input's.
    reshapeSamples: (a, shape) => op("Reshape", [a, lengths([0, ...shape])]),
    reshape(a, shape) {
      const known = typeof shape === "string" ? graph.valueOf(shape) : shape;
      // Without `allowzero` a length of 0 would stand for the input's.
      const attributes = known?.includes(0) ? { allowzero: int(1) } : undefined;
      return op("Reshape", [a, lengthsOf(shape)], attributes);
    },
    expandLike: (a, like) => op("Expand", [a, shapeTensor(like)]),
    castLike: (a, like) => (sameType(graph, a, like) ? a : op("CastLike", [a, like])),
    scalarLike,
    fill: (value, shape, like) => op("Expand", [scalarLike(value, like), lengthsOf(shape)]),
    lengths,
    shapeTensor,
  };
}

function sameType(graph: GraphBuilder, a: Term, b: Term): boolean {
  const [left, right] = [graph.typeOf(a)?.type, graph.typeOf(b)?.type];
  return left !== undefined && left === right;
}

function scalar(value: number, type: OnnxTensor["type"]): OnnxTensor {
  switch (type) {
    case "float64":
      return { type, shape: [], data: Float64Array.of(value) };
    case "int64":
      return { type, shape: [], data: BigInt64Array.of(BigInt(value)) };
    case "int32":
      return { type, shape: [], data: Int32Array.of(value) };
    case "bool":
      return { type, shape: [], data: Uint8Array.of(value) };
    default:
      return { type: "float32", shape: [], data: Float32Array.of(value) };
  }
}
