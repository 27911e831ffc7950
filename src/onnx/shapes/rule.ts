// What a rule of shape inference sees of a node, and what it answers.

import { RoentgenError } from "../../base/index.ts";
import { type AttributeReader, readAttributes } from "../attributes.ts";
import type { Dimension, OnnxGraph, OnnxNode, TensorType } from "../model.ts";

/** Elements of a small tensor as far as they are known before the model runs: shapes are computed with it. */
export type KnownValue = readonly Dimension[];

/** A node whose outputs are asked for. */
export interface InferredNode extends AttributeReader {
  readonly operator: string;
  readonly outputCount: number;
  /** Version of the operator's set in this model. */
  readonly opset: number;
  /** Number of inputs, left-out ones in between included. */
  readonly inputCount: number;
  /** Type and shape of an input; undefined where it is absent or nothing is known of it. */
  input(index: number): TensorType | undefined;
  /** Whether the input is given. */
  hasInput(index: number): boolean;
  /** Elements of a small input, symbolic ones included; undefined where they are not known. */
  value(index: number): KnownValue | undefined;
  /** The same where every element is a number. */
  numbers(index: number): number[] | undefined;
  /** A dimension that nothing is known of. */
  unknown(): Dimension;
  /** Reports that the inputs do not fit: names the operator, its inputs and their shapes. */
  fail(expected: string): never;
}

/** Types of the outputs in order; undefined where nothing is known. */
export type ShapeRule = (
  node: InferredNode,
  inferGraph: GraphInference,
) => readonly (TensorType | undefined)[];

/** Types of the outputs of a graph that is an attribute of the node, from those of its inputs. */
type GraphInference = (
  graph: OnnxGraph,
  inputs: readonly (TensorType | undefined)[],
) => (TensorType | undefined)[];

/** Rules of a family by operator. */
export type ShapeRules = Readonly<Record<string, ShapeRule>>;

/** Elements of the single output of a node that computes with shapes; undefined where they are not known. */
export type ValueRule = (node: InferredNode) => KnownValue | undefined;

/** What is known of the tensors before a node. */
export interface KnownTensors {
  typeOf(name: string): TensorType | undefined;
  valueOf(name: string): KnownValue | undefined;
  unknown(): Dimension;
}

/** A node as rules see it. */
export function inferredNode(node: OnnxNode, opset: number, known: KnownTensors): InferredNode {
  const value = (index: number) => {
    const name = node.inputs[index];
    return name ? known.valueOf(name) : undefined;
  };
  return {
    ...readAttributes(node),
    operator: node.operator,
    outputCount: node.outputs.length,
    opset,
    inputCount: node.inputs.length,
    input: (index) => (node.inputs[index] ? known.typeOf(node.inputs[index]) : undefined),
    hasInput: (index) => Boolean(node.inputs[index]),
    value,
    numbers: (index) => {
      const found = value(index);
      return found?.every((item) => typeof item === "number") ? (found as number[]) : undefined;
    },
    unknown: known.unknown,
    fail: (expected) => {
      throw new RoentgenError("shape-mismatch", {
        problem: `${node.operator} (node "${node.name}") does not fit its inputs`,
        expected,
        found: describeInputs(node, known),
        subject: node.name,
      });
    },
  };
}

function describeInputs(node: OnnxNode, known: KnownTensors): string {
  const inputs = node.inputs
    .filter(Boolean)
    .map((name) => `${name}: ${describeType(known.typeOf(name))}`);
  return inputs.length > 0 ? inputs.join(", ") : "no inputs";
}

/** "float32 [2, 3]", as messages show a type. */
export function describeType(type: Partial<TensorType> | undefined): string {
  if (!type?.type) return "of unknown type";
  return `${type.type} ${type.shape ? `[${type.shape.join(", ")}]` : "of unknown rank"}`;
}
