// A classifier as explanations need it: one input of images, and the tensor of scores before a final softmax or sigmoid.

import { RoentgenError } from "../base/index.ts";
import { type Network, networkFromModel } from "../networks/index.ts";
import { cutModel, type Dimension, inferTypes, type OnnxModel } from "../onnx/index.ts";
import { makerOf } from "./tensor-flow.ts";

export interface ExplainedModelOptions {
  /** The output that is explained; by default the first. */
  output?: string;
  /**
   * The tensor with one score a class, [N, classes]; by default the output or, where that is the result of a softmax or
   * sigmoid, what goes into it: probabilities near 0 and 1 have no slope left.
   */
  scores?: string;
  /** Lengths of the input without the batch, where the model leaves them free. */
  size?: readonly number[];
}

/** A function that ends a classifier. */
type Ending = "softmax" | "sigmoid" | "none";

/** A classifier ready to be explained. */
export interface ExplainedModel {
  readonly network: Network;
  /** The part from the images to the scores. */
  readonly model: OnnxModel;
  readonly input: string;
  /** Lengths of an image: [channels, height, width] or [channels, depth, height, width]. */
  readonly imageShape: readonly number[];
  readonly scores: string;
  /** Scores of an image. */
  readonly scoreCount: number;
  readonly ending: Ending;
}

/**
 * Finds images and scores of a model.
 * @throws RoentgenError "shape-mismatch" where the input is no batch of images of known size, "value-missing" where
 * `scores` is not there, "format-unsupported" as `networkFromModel`
 */
export function explainedModel(
  model: OnnxModel | Network,
  { output, scores, size }: ExplainedModelOptions = {},
): ExplainedModel {
  const network = "layers" in model ? model : asNetwork(model, { output, size });
  const found =
    scores === undefined
      ? beforeEnding(network.model, network.model.graph.outputs[0].name)
      : undefined;
  const tensor = scores ?? found?.tensor ?? "";
  const part = cutModel(network.model, { outputs: [tensor] });
  const [input] = part.graph.inputs;
  const lengths = inferTypes(part).get(tensor)?.shape?.slice(1) ?? [];
  return {
    network,
    model: part,
    input: input.name,
    imageShape: knownLengths(input.shape?.slice(1), input.name),
    scores: tensor,
    scoreCount: knownProduct(lengths, tensor),
    ending: found?.ending ?? "none",
  };
}

function asNetwork(model: OnnxModel, { output, size }: ExplainedModelOptions): Network {
  const first = model.graph.outputs[0]?.name;
  return networkFromModel(model, { output: output ?? first, input: size });
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  Softmax: "softmax",
  LogSoftmax: "softmax",
  Sigmoid: "sigmoid",
};

interface EndOfModel {
  readonly tensor: string;
  readonly ending: Ending;
}

/** What goes into the softmax or sigmoid at the end; what only gives names or drops axes of length 1 is passed over. */
function beforeEnding(model: OnnxModel, output: string): EndOfModel {
  let tensor = output;
  for (;;) {
    const node = makerOf(model.graph, tensor);
    if (node?.domain !== "") return { tensor: output, ending: "none" };
    if (node.operator in ENDINGS) {
      const scores = beforeTemperature(model, node.inputs[0]);
      const end = { tensor: scores, ending: ENDINGS[node.operator] };
      return end.ending === "softmax" ? (singleScore(model, scores) ?? end) : end;
    }
    if (!/^(Identity|Squeeze|Flatten)$/.test(node.operator)) {
      return { tensor: output, ending: "none" };
    }
    tensor = node.inputs[0];
  }
}

/** Scores before one positive number divides them all, which changes no order of classes. */
function beforeTemperature({ graph }: OnnxModel, tensor: string): string {
  const node = makerOf(graph, tensor);
  const divisor = graph.initializers.find(({ name }) => name === node?.inputs[1]);
  const isTemperature =
    node?.operator === "Div" && divisor?.data.length === 1 && Number(divisor.data[0]) > 0;
  return isTemperature ? node.inputs[0] : tensor;
}

/**
 * The score s of which a model of two classes makes [0, s] for its softmax, where the first class would have no slope: as if it
 * went through a sigmoid.
 */
function singleScore(model: OnnxModel, tensor: string): EndOfModel | undefined {
  const node = makerOf(model.graph, tensor);
  if (node?.operator !== "Pad" || node.inputs[2]) return undefined;
  const types = inferTypes(model);
  const [from, to] = [node.inputs[0], tensor].map((name) =>
    types.get(name)?.shape?.slice(1).join(),
  );
  const pads = model.graph.initializers.find(({ name }) => name === node.inputs[1])?.data;
  const isPair = from === "1" && to === "2" && Number(pads?.[1]) === 1;
  return isPair ? { tensor: node.inputs[0], ending: "sigmoid" } : undefined;
}

function knownLengths(shape: readonly Dimension[] | undefined, name: string): readonly number[] {
  const isImage = shape !== undefined && (shape.length === 3 || shape.length === 4);
  if (isImage && shape.every((length) => typeof length === "number")) return shape as number[];
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot explain the model",
    expected: "an input [N, channels, height, width] or [N, channels, depth, height, width]",
    found: `"${name}" of shape [N, ${(shape ?? ["?"]).join(", ")}]`,
    remedy: isImage ? "Give its lengths without the batch as `size`." : undefined,
    subject: "size",
  });
}

function knownProduct(lengths: readonly Dimension[], name: string): number {
  if (lengths.every((length) => typeof length === "number")) {
    return (lengths as number[]).reduce((product, length) => product * length, 1);
  }
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot explain the model",
    expected: "a known number of scores an image",
    found: `"${name}" of shape [N, ${lengths.join(", ")}]`,
    subject: "scores",
  });
}
