// One step of an upgrade: a node of one operator-set version as the nodes of the next that give the same result.

import { elementTypes } from "../../file/schema.ts";
import {
  type Attribute,
  type Attributes,
  int,
  type OnnxNode,
  type OnnxTensor,
  type TensorType,
} from "../../model.ts";

/** What a step may ask of the graph around its node, and add to it. */
export interface Upgrading {
  /** Adds a constant and returns its name. */
  constant(tensor: OnnxTensor): string;
  /** A name that nothing has yet. */
  fresh(hint: string): string;
  typeOf(name: string): TensorType | undefined;
  constantOf(name: string): OnnxTensor | undefined;
  /** Whether anything reads the tensor. */
  isUsed(name: string): boolean;
  /** Says that the node has no equal in the newer version. */
  fail(problem: string): never;
}

/** The nodes in place of one; [node] where nothing changes. */
export type Step = (node: OnnxNode, at: Upgrading) => readonly OnnxNode[];

/** Steps of one version by operator. */
export type Steps = Readonly<Record<string, Step>>;

/** The same step for several operators. */
export function forEach(operators: string, step: Step): Steps {
  return Object.fromEntries(operators.split(" ").map((operator) => [operator, step]));
}

/** The node with other attributes; undefined removes one. */
export function withAttributes(
  node: OnnxNode,
  changes: Readonly<Record<string, Attribute | undefined>>,
): OnnxNode {
  const merged = Object.entries({ ...node.attributes, ...changes });
  const attributes = Object.fromEntries(merged.filter(([, value]) => value)) as Attributes;
  return { ...node, attributes };
}

/** The node with an input at a position; those left out before it stay empty. */
function withInput(node: OnnxNode, index: number, name: string): OnnxNode {
  const length = Math.max(node.inputs.length, index + 1);
  const inputs = Array.from({ length }, (_, at) => node.inputs[at] ?? "");
  return { ...node, inputs: inputs.with(index, name) };
}

/** A node in front of or after one, with a name of its own. */
export function nodeBeside(
  at: Upgrading,
  operator: string,
  inputs: readonly string[],
  { attributes = {}, output }: { attributes?: Attributes; output?: string } = {},
): OnnxNode {
  const name = at.fresh(operator);
  const outputs = [output ?? at.fresh(`${name}:0`)];
  return { operator, domain: "", name, inputs, outputs, attributes };
}

/** Integers as an int64 tensor. */
export function int64(values: ArrayLike<number | bigint>): OnnxTensor {
  const data = BigInt64Array.from(Array.from(values, BigInt));
  return { type: "int64", shape: [data.length], data };
}

/** Numbers as a float32 tensor. */
function float32(values: ArrayLike<number>): OnnxTensor {
  return { type: "float32", shape: [values.length], data: Float32Array.from(values) };
}

/** A step that turns attributes into inputs at these positions; an empty list says nothing and goes. */
export function toInputs(moves: Readonly<Record<string, number>>): Step {
  return (node, at) => {
    let moved = node;
    const before: OnnxNode[] = [];
    for (const [name, index] of Object.entries(moves)) {
      const attribute = node.attributes[name];
      if (!attribute) continue;
      moved = withAttributes(moved, { [name]: undefined });
      const tensor = tensorOf(attribute, at);
      if (tensor.data.length === 0) continue;
      const constant = at.constant(tensor);
      const cast = attribute.kind === "float" && castLike(constant, node.inputs[0], at);
      if (cast) before.push(cast);
      moved = withInput(moved, index, cast ? cast.outputs[0] : constant);
    }
    return [...before, moved];
  };
}

/** The tensor that says the same as an attribute. */
function tensorOf(attribute: Attribute, at: Upgrading): OnnxTensor {
  switch (attribute.kind) {
    case "ints":
      return int64(attribute.value);
    case "int":
      return int64([attribute.value]);
    case "float":
      return { type: "float32", shape: [], data: Float32Array.of(attribute.value) };
    case "floats":
      return float32(attribute.value);
    default:
      return at.fail(`its attribute of kind ${attribute.kind} can't become an input`);
  }
}

/** A cast to the element type of another tensor; undefined where that is float32 or not known. */
function castLike(name: string, like: string, at: Upgrading): OnnxNode | undefined {
  const type = at.typeOf(like)?.type ?? "float32";
  if (type === "float32") return undefined;
  return nodeBeside(at, "Cast", [name], { attributes: { to: int(elementTypes[type]) } });
}
