// An ONNX model in memory, in the terms of the specification (onnx.proto, IR.md).

import type { DType, TensorData } from "../base/index.ts";

/** Element types of ONNX tensors that Roentgen writes. */
export type ElementType = Exclude<DType, "complex64" | "complex128">;

/** A constant tensor in row-major order. */
export interface OnnxTensor {
  readonly name?: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Typed array of the element type (float16 as raw Uint16Array, bool as Uint8Array), or strings. */
  readonly data: OnnxData;
}

/** Elements of a tensor in row-major order; float16 as its bits, bool as 0 and 1. */
export type OnnxData = Exclude<TensorData, string[]> | readonly string[];

/** An attribute of a node (AttributeProto); `kind` tells its type. */
export type Attribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: OnnxTensor }
  | { readonly kind: "ints"; readonly value: ArrayLike<number> }
  | { readonly kind: "floats"; readonly value: ArrayLike<number> }
  | { readonly kind: "strings"; readonly value: readonly string[] };

/** A node (NodeProto): an operator with the names of its inputs and outputs. */
export interface OnnxNode {
  readonly operator: string;
  /** "" for ai.onnx. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph input or output. A dimension is a length or the name of a free one. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** A graph (GraphProto); nodes come after those that they take inputs from. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly (OnnxTensor & { readonly name: string })[];
  readonly nodes: readonly OnnxNode[];
}

/** A model (ModelProto). */
export interface OnnxModel {
  readonly irVersion: number;
  /** Version of each operator set by its domain ("" is ai.onnx). */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
}

/** An integer attribute. */
export const int = (value: number): Attribute => ({ kind: "int", value });
/** A float32 attribute. */
export const float = (value: number): Attribute => ({ kind: "float", value });
/** A text attribute. */
export const text = (value: string): Attribute => ({ kind: "string", value });
/** A list of integers. */
export const ints = (value: ArrayLike<number>): Attribute => ({ kind: "ints", value });
/** A list of float32. */
export const floats = (value: ArrayLike<number>): Attribute => ({ kind: "floats", value });
/** A list of texts. */
export const texts = (value: readonly string[]): Attribute => ({ kind: "strings", value });
/** A tensor attribute. */
export const tensor = (value: OnnxTensor): Attribute => ({ kind: "tensor", value });
