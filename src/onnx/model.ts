// An ONNX model in memory, in the terms of the specification (onnx.proto, IR.md).

import type { DType, TensorData } from "../base/index.ts";

/** Element types of ONNX tensors (TensorProto.DataType). */
export type ElementType = DType | PackedType;

/** Types that JavaScript has no array for; `OnnxData` holds their bits. */
type PackedType =
  | "bfloat16"
  | "float8e4m3fn"
  | "float8e4m3fnuz"
  | "float8e5m2"
  | "float8e5m2fnuz"
  | "float8e8m0"
  | "uint4"
  | "int4"
  | "float4e2m1"
  | "uint2"
  | "int2";

/** What a file says of a part beside what is computed. */
export interface Notes {
  /** Text for people (doc_string). */
  readonly doc?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Fields that this version knows nothing of, as their bytes: they are written again. */
  readonly unknown?: Uint8Array;
}

/** A constant tensor in row-major order. */
export interface OnnxTensor extends Notes {
  readonly name?: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Typed array of the element type (float16 as raw Uint16Array, bool as Uint8Array), or strings. */
  readonly data: OnnxData;
}

/**
 * Elements of a tensor in row-major order: float16 and bfloat16 as their bits in a Uint16Array, bool as 0 and 1,
 * complex with real and imaginary parts in turn, 8-bit floats as bytes, narrower types packed in bytes as the
 * specification packs them.
 */
export type OnnxData = Exclude<TensorData, string[]> | readonly string[];

/** A tensor that is zero but for some elements (SparseTensorProto), as custom operators take it. */
export interface SparseTensor {
  readonly shape: readonly number[];
  /** The other elements, [n]. */
  readonly values: OnnxTensor;
  /** Where they are: int64 [n] in row-major order, or [n, rank]. */
  readonly indices: OnnxTensor;
}

/** An attribute of a node (AttributeProto); `kind` tells its type. */
export type Attribute = AttributeValue & { readonly doc?: string };

type AttributeValue =
  | { readonly kind: "int"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number }
  /** Bytes that are no UTF-8 stand as lone surrogates U+DC80 to U+DCFF, as in Python's PEP 383. */
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: OnnxTensor }
  | { readonly kind: "graph"; readonly value: OnnxGraph }
  | { readonly kind: "ints"; readonly value: ArrayLike<number | bigint> }
  | { readonly kind: "floats"; readonly value: ArrayLike<number> }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  | { readonly kind: "tensors"; readonly value: readonly OnnxTensor[] }
  | { readonly kind: "graphs"; readonly value: readonly OnnxGraph[] }
  | { readonly kind: "sparse"; readonly value: SparseTensor }
  | { readonly kind: "sparses"; readonly value: readonly SparseTensor[] }
  | { readonly kind: "type"; readonly value: ContainerType }
  | { readonly kind: "types"; readonly value: readonly ContainerType[] }
  /** Inside a function: the value of an attribute of the function's caller. */
  | { readonly kind: "reference"; readonly value: string; readonly of: ValueAttributeKind };

/** Kinds of attributes that hold a value themselves. */
export type ValueAttributeKind = Exclude<Attribute["kind"], "reference">;

/** Attributes of a node by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** A node (NodeProto): an operator with the names of its inputs and outputs. */
export interface OnnxNode extends Notes {
  readonly operator: string;
  /** "" for ai.onnx. */
  readonly domain: string;
  /** Tells functions of one name apart (IR 10 and later). */
  readonly overload?: string;
  readonly name: string;
  /** "" for an optional input that is left out. */
  readonly inputs: readonly string[];
  /** "" for an optional output that is not wanted. */
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/**
 * A length, or the name of one that is not known before the model runs; equal names are equal lengths. Names that start
 * with "?" are made up for lengths that a file leaves open, and are not written.
 */
export type Dimension = number | string;

/** Element type and shape of a tensor; without `shape` not even the rank is known. */
export interface TensorType {
  readonly type: ElementType;
  readonly shape?: readonly Dimension[];
  /** What each axis means, such as "DATA_BATCH"; "" where nothing is said. */
  readonly axisMeanings?: readonly string[];
}

/** A type of value that is no plain tensor. */
export type ContainerType =
  | ({ readonly container: "tensor" } & TensorType)
  | ({ readonly container: "sparse" } & TensorType)
  | { readonly container: "sequence"; readonly of: ContainerType }
  | { readonly container: "optional"; readonly of: ContainerType }
  | { readonly container: "map"; readonly key: ElementType; readonly of: ContainerType }
  | { readonly container: "opaque"; readonly domain: string; readonly name: string }
  /** A type that the file leaves open. */
  | { readonly container: "any" };

/** A value that goes into or out of a graph; `type` is absent where the file leaves it open. */
export interface OnnxValue extends Partial<TensorType>, Notes {
  readonly name: string;
  /** For what is no plain tensor; `type` is then that of the elements inside and `shape` theirs. */
  readonly container?: ContainerType;
  /** What the value means, such as "IMAGE" (TypeProto.denotation). */
  readonly meaning?: string;
}

/** A tensor with a name. */
export type Initializer = OnnxTensor & { readonly name: string };

/** A graph (GraphProto); nodes come after those that they take inputs from. */
export interface OnnxGraph extends Notes {
  readonly name: string;
  /** One that is an initializer too has that as its default; files before IR 4 list every initializer here. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly Initializer[];
  readonly nodes: readonly OnnxNode[];
  /** What the file says of tensors in between (value_info). */
  readonly values?: readonly OnnxValue[];
  readonly quantization?: readonly QuantizationNote[];
}

/** Names of the tensors that hold scale, zero point and the like of a quantised tensor (TensorAnnotation). */
export interface QuantizationNote {
  readonly tensor: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A model's own operator (FunctionProto): its body in terms of others. */
export interface OnnxFunction extends Notes {
  readonly domain: string;
  readonly name: string;
  /** Tells functions of one name apart (IR 10 and later). */
  readonly overload?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes without a default. */
  readonly attributes: readonly string[];
  readonly defaults: Attributes;
  readonly opsets: Readonly<Record<string, number>>;
  readonly nodes: readonly OnnxNode[];
  readonly values?: readonly OnnxValue[];
}

/** How a model is trained, as its file says (TrainingInfoProto). */
export interface OnnxTraining {
  readonly initialization?: OnnxGraph;
  readonly algorithm?: OnnxGraph;
  /** The output of `initialization` that each tensor starts from. */
  readonly initializes: Readonly<Record<string, string>>;
  /** The output of `algorithm` that each tensor becomes. */
  readonly updates: Readonly<Record<string, string>>;
}

/** A model (ModelProto). */
export interface OnnxModel extends Notes {
  readonly irVersion: number;
  /** Version of each operator set by its domain ("" is ai.onnx). */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly producerVersion?: string;
  /** Who the model belongs to, as a reversed domain name. */
  readonly domain?: string;
  readonly version?: number | bigint;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
  readonly functions?: readonly OnnxFunction[];
  readonly training?: readonly OnnxTraining[];
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
