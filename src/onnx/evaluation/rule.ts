// What a rule of the reference evaluator sees of a node, and what it answers.

import type { OnnxGraph } from "../model.ts";
import type { InferredNode } from "../shapes/rule.ts";
import type { Numbers, PlainTensor } from "./plain-tensor.ts";

/** What flows between nodes: a tensor, a sequence of tensors, or an empty optional. */
export type EvaluatedValue = PlainTensor | readonly PlainTensor[] | null;

/** A node whose inputs are there; its attributes are read as shape inference reads them. */
export interface EvaluatedNode extends Omit<InferredNode, "input"> {
  /** An input of numbers that the operator can't do without. */
  input(index: number): Numbers;
  /** An input of numbers; undefined where it is left out. */
  optional(index: number): Numbers | undefined;
  /** An input tensor, strings included. */
  any(index: number): PlainTensor;
  /** An input as it is, sequences included; undefined where it is left out. */
  item(index: number): EvaluatedValue | undefined;
  /** Lengths of an output, from shape inference. */
  outputShape(index?: number): readonly number[];
  /** Element type of an output, from shape inference. */
  outputType(index?: number): PlainTensor["type"];
  /** Whether the output is asked for. */
  wants(index: number): boolean;
  /** Runs a graph that is an attribute of the node; it sees the tensors around the node. */
  run(graph: OnnxGraph, inputs: readonly EvaluatedValue[]): EvaluatedValue[];
}

/** Outputs of a node in order; undefined for those that it does not give. */
export type EvaluationRule = (node: EvaluatedNode) => readonly (EvaluatedValue | undefined)[];

/** Rules of a family by operator. */
export type EvaluationRules = Readonly<Record<string, EvaluationRule>>;
