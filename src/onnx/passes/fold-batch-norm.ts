// Puts batch normalisation into the weights of the convolution or matrix product before it: the same result, one node less.
// γ (x − μ) / √(σ² + ε) + β with x = w·z + b is (s w)·z + s (b − μ) + β with s = γ / √(σ² + ε).

import { elementCount } from "../../base/index.ts";
import { readAttributes } from "../attributes.ts";
import {
  float,
  type Initializer,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from "../model.ts";
import { freshNames } from "./fresh-names.ts";
import { modelScope } from "./model-scope.ts";
import { removeDeadCode } from "./remove-dead-code.ts";
import { readsOf } from "./subgraphs.ts";

/** The model with every BatchNormalization folded that follows Conv, ConvTranspose or Gemm with constant weights. */
export function foldBatchNorm(model: OnnxModel): OnnxModel {
  const { constantOf, learnConstant } = modelScope(model);
  const fresh = freshNames(model.graph);
  const reads = new Map<string, number>();
  const outputs = model.graph.outputs.map(({ name }) => name);
  for (const name of [...model.graph.nodes.flatMap(readsOf), ...outputs]) {
    reads.set(name, (reads.get(name) ?? 0) + 1);
  }
  const nodes: OnnxNode[] = [];
  const made: Initializer[] = [];
  const makers = new Map<string, number>();
  for (const node of model.graph.nodes) {
    const at = makers.get(node.inputs[0]);
    const before = at === undefined ? undefined : nodes[at];
    const isOnly = reads.get(node.inputs[0]) === 1;
    const folded = before && isOnly && foldPair(before, node, constantOf);
    if (!folded || at === undefined) {
      makers.set(node.outputs[0], nodes.length);
      nodes.push(node);
      continue;
    }
    const names = [folded.weights, folded.bias].map((tensor, index) => {
      const name = fresh(`${before.inputs[1]}:${index === 0 ? "folded" : "bias"}`);
      made.push({ ...tensor, name });
      learnConstant(name, tensor);
      return name;
    });
    nodes[at] = {
      ...folded.node,
      inputs: [before.inputs[0], ...names],
      outputs: node.outputs.slice(0, 1),
    };
    makers.set(node.outputs[0], at);
  }
  const initializers = [...model.graph.initializers, ...made];
  return removeDeadCode({ ...model, graph: { ...model.graph, initializers, nodes } });
}

interface Folded {
  readonly node: OnnxNode;
  readonly weights: OnnxTensor;
  readonly bias: OnnxTensor;
}

function foldPair(
  node: OnnxNode,
  normalisation: OnnxNode,
  constantOf: (name: string) => OnnxTensor | undefined,
): Folded | undefined {
  if (!isInference(normalisation) || node.domain !== "") return undefined;
  const [, weightName, biasName = ""] = node.inputs;
  const weights = floatsOf(constantOf(weightName));
  const bias = biasName === "" ? undefined : floatsOf(constantOf(biasName));
  const statistics = normalisation.inputs.slice(1, 5).map((name) => floatsOf(constantOf(name)));
  if (!weights || (biasName !== "" && !bias) || statistics.includes(undefined)) return undefined;
  const channels = channelsOf(node, weights.shape);
  const [gamma, beta, mean, variance] = statistics.map((one) => (one as Floats).data);
  const isOneEach =
    gamma.length === channels?.count && (!bias || bias.data.length === gamma.length);
  if (!channels || !isOneEach) return undefined;
  const epsilon = readAttributes(normalisation).float("epsilon", 1e-5);
  const scale = gamma.map((value, channel) => value / Math.sqrt(variance[channel] + epsilon));
  const isGemm = node.operator === "Gemm";
  const times = isGemm ? readAttributes(node).float("beta", 1) : 1;
  const shifts = scale.map(
    (s, channel) => s * (times * (bias?.data[channel] ?? 0) - mean[channel]) + beta[channel],
  );
  return {
    node: isGemm ? { ...node, attributes: { ...node.attributes, beta: float(1) } } : node,
    weights: { ...weights, data: weights.data.map((w, at) => w * scale[channels.of(at)]) },
    bias: {
      type: weights.type,
      shape: [scale.length],
      data: (weights.data.constructor as typeof Float32Array).from(shifts),
    },
  };
}

/** Whether it normalises by statistics that are given, the same at every position. */
function isInference(node: OnnxNode): boolean {
  if (node.operator !== "BatchNormalization" || node.domain !== "") return false;
  const attributes = readAttributes(node);
  const isPlain = attributes.int("training_mode", 0) === 0 && attributes.int("spatial", 1) === 1;
  return isPlain && node.outputs.slice(1).every((name) => name === "");
}

interface Floats extends OnnxTensor {
  readonly data: Float32Array | Float64Array;
}

function floatsOf(tensor: OnnxTensor | undefined): Floats | undefined {
  const isFloat = tensor?.type === "float32" || tensor?.type === "float64";
  return isFloat ? (tensor as Floats) : undefined;
}

interface Channels {
  readonly count: number;
  /** Output channel of a weight by its position. */
  of(position: number): number;
}

/** Which weights make which output channel. */
function channelsOf(node: OnnxNode, shape: readonly number[]): Channels | undefined {
  const attributes = readAttributes(node);
  const inner = elementCount(shape.slice(1));
  switch (node.operator) {
    case "Conv":
      return { count: shape[0], of: (at) => Math.floor(at / inner) };
    case "ConvTranspose": {
      // [channels in, channels out / groups, kernel…]
      const groups = attributes.int("group", 1);
      const kernel = elementCount(shape.slice(2));
      const perGroup = shape[0] / groups;
      const of = (at: number) =>
        Math.floor(Math.floor(at / inner) / perGroup) * shape[1] +
        (Math.floor(at / kernel) % shape[1]);
      return { count: shape[1] * groups, of };
    }
    case "Gemm": {
      const isRow = attributes.int("transB", 0) === 1;
      return isRow
        ? { count: shape[0], of: (at) => Math.floor(at / inner) }
        : { count: shape[1], of: (at) => at % shape[1] };
    }
    default:
      return undefined;
  }
}
