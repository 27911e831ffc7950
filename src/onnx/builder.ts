// Builds an ONNX graph node by node; every call returns the names of the tensors it made, whose types and shapes are
// known at once.

import { RoentgenError } from "../base/index.ts";
import type {
  Attribute,
  Initializer,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
  TensorType,
} from "./model.ts";
import { lengthsOf } from "./shapes/dimensions.ts";
import { inferNode } from "./shapes/infer-node.ts";
import { describeType, type KnownValue } from "./shapes/rule.ts";
import { tensorScope } from "./shapes/tensor-scope.ts";

/** Domain of the classical machine-learning operators. */
export const ML = "ai.onnx.ml";

/** Collects the nodes of a graph and names their outputs. */
export interface GraphBuilder {
  /** Version of ai.onnx that the graph is in. */
  readonly opset: number;
  /** Declares a graph input and returns its name. */
  input(value: OnnxValue): string;
  /** Adds a constant and returns its name. */
  constant(tensor: OnnxTensor, hint?: string): string;
  /** Adds a node with one output and returns that output's name. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Record<string, Attribute>,
    options?: { domain?: string; output?: string },
  ): string;
  /** Adds a node with several outputs and returns their names. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly string[],
    outputCount: number,
    attributes?: Record<string, Attribute>,
    options?: { domain?: string },
  ): string[];
  /** Adds a node as it is; its inputs are there already and its outputs are new names. */
  append(node: OnnxNode): void;
  /** Names an optional output that a node does not give yet: its position in the node that makes `output`. */
  extraOutput(output: string, index: number): string;
  /** Declares a graph output: `value.name` becomes the public name of the tensor `from`, whose type it has. */
  output(value: Pick<OnnxValue, "name"> & Partial<OnnxValue>, from: string): void;
  /** Type and shape of a tensor; undefined where nothing is known of it. */
  typeOf(name: string): TensorType | undefined;
  /**
   * Lengths of a tensor whose axes are all known.
   * @throws RoentgenError "shape-mismatch" where they are not
   */
  shapeOf(name: string): readonly number[];
  /** Elements of a small tensor, as far as they are known. */
  valueOf(name: string): KnownValue | undefined;
  /** The constant of a name, if it is one. */
  constantOf(name: string): OnnxTensor | undefined;
  /** The nodes so far. */
  readonly nodes: readonly OnnxNode[];
  /** The finished model. */
  build(options?: { name?: string; metadata?: Record<string, string> }): OnnxModel;
}

/** Operators with integer domains that a graph may use beside ai.onnx. */
const OTHER_OPSETS = { [ML]: 3 };

/** Starts an empty graph on opset 17 and ai.onnx.ml 3, which every ONNX Runtime since 1.12 runs. */
export function graphBuilder({ opset = 17 }: { opset?: number } = {}): GraphBuilder {
  return openGraph({
    irVersion: irVersionOf(opset),
    opsets: { "": opset, ...OTHER_OPSETS },
    producer: "roentgen",
    metadata: {},
    graph: { name: "model", inputs: [], outputs: [], initializers: [], nodes: [] },
  });
}

/** The first IR version whose readers know the opset (ONNX, Versioning.md). */
export function irVersionOf(opset: number): number {
  if (opset <= 18) return 8;
  if (opset <= 20) return 9;
  return opset <= 22 ? 10 : 11;
}

/** Goes on with a model, which itself stays as it is; new tensors and nodes take none of the reserved names. */
export function openGraph(
  model: OnnxModel,
  { reserved = [] }: { reserved?: Iterable<string> } = {},
): GraphBuilder {
  const inputs: OnnxValue[] = [];
  const outputs = [...model.graph.outputs];
  const initializers: Initializer[] = [];
  const nodes: OnnxNode[] = [];
  const taken = new Map<string, number>();
  const scope = tensorScope();
  const opsets: Record<string, number> = { ...model.opsets };
  const opset = opsets[""] ?? 1;
  const context = { opsets, functions: model.functions };

  function fresh(hint: string): string {
    let count = taken.get(hint) ?? 0;
    let name = count === 0 ? hint : `${hint}_${count}`;
    while (count > 0 && taken.has(name)) name = `${hint}_${++count}`;
    taken.set(hint, count + 1);
    if (name !== hint) taken.set(name, 1);
    return name;
  }

  function reserve(name: string): void {
    taken.set(name, Math.max(1, taken.get(name) ?? 0));
  }

  function addInput(value: OnnxValue): string {
    reserve(value.name);
    inputs.push(value);
    scope.declare(value);
    return value.name;
  }

  function addConstant(tensor: OnnxTensor, name: string): string {
    initializers.push({ ...tensor, name });
    scope.addConstant(name, tensor);
    return name;
  }

  function append(node: OnnxNode): void {
    for (const output of node.outputs) reserve(output);
    reserve(node.name);
    nodes.push(node);
    if (node.domain !== "" && opsets[node.domain] === undefined) opsets[node.domain] = 1;
    learn(node);
  }

  function nodeWithOutputs(
    operator: string,
    nodeInputs: readonly string[],
    outputCount: number,
    attributes: Record<string, Attribute> = {},
    { domain = "" }: { domain?: string } = {},
  ): string[] {
    const name = fresh(operator);
    const nodeOutputs = Array.from({ length: outputCount }, (_, index) =>
      fresh(`${name}:${index}`),
    );
    append({ operator, domain, name, inputs: nodeInputs, outputs: nodeOutputs, attributes });
    return nodeOutputs;
  }

  function learn(node: OnnxNode): void {
    scope.learn(node, inferNode(node, context, scope));
  }

  function extraOutput(output: string, index: number): string {
    const at = nodes.findIndex(({ outputs }) => outputs.includes(output));
    const node = nodes[at];
    if (node.outputs[index]) return node.outputs[index];
    const name = fresh(`${node.name}:${index}`);
    const missing = Math.max(0, index - node.outputs.length);
    const outputs = [...node.outputs, ...new Array<string>(missing).fill("")];
    outputs[index] = name;
    nodes[at] = { ...node, outputs };
    learn(nodes[at]);
    return name;
  }

  for (const name of reserved) reserve(name);
  for (const value of model.graph.inputs) addInput(value);
  for (const { name } of model.graph.outputs) reserve(name);
  for (const tensor of model.graph.initializers) {
    reserve(tensor.name);
    addConstant(tensor, tensor.name);
  }
  for (const value of model.graph.values ?? []) scope.declare(value);
  for (const node of model.graph.nodes) append(node);

  return {
    opset,
    input: addInput,
    constant: (tensor, hint = tensor.name ?? "constant") => addConstant(tensor, fresh(hint)),
    node(operator, nodeInputs, attributes = {}, { domain = "", output } = {}) {
      if (output === undefined) {
        return nodeWithOutputs(operator, nodeInputs, 1, attributes, { domain })[0];
      }
      const name = fresh(operator);
      append({ operator, domain, name, inputs: nodeInputs, outputs: [output], attributes });
      return output;
    },
    nodeWithOutputs,
    append,
    extraOutput,
    output(value, from) {
      const type = scope.typeOf(from);
      if (value.name !== from) {
        const name = fresh("Identity");
        append({
          operator: "Identity",
          domain: "",
          name,
          inputs: [from],
          outputs: [value.name],
          attributes: {},
        });
      }
      outputs.push({ type: type?.type ?? "float32", shape: type?.shape, ...value });
    },
    typeOf: scope.typeOf,
    shapeOf: (name) => knownLengths(name, scope.typeOf(name)),
    valueOf: scope.valueOf,
    constantOf: scope.constantOf,
    nodes,
    build({ name = model.graph.name, metadata = model.metadata } = {}) {
      return {
        ...model,
        opsets,
        metadata,
        graph: { name, inputs, outputs, initializers, nodes },
      };
    },
  };
}

function knownLengths(name: string, type: TensorType | undefined): readonly number[] {
  const lengths = lengthsOf(type?.shape);
  if (lengths) return lengths;
  throw new RoentgenError("shape-mismatch", {
    problem: `The shape of tensor "${name}" is not known before the model runs`,
    expected: "a length for every axis",
    found: describeType(type),
    remedy: "Give the free dimensions of the model's inputs, such as the batch, a length.",
    subject: name,
  });
}
