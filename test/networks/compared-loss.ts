// Runs a loss and its gradient by the network's output, in float64 and by ONNX Runtime.

import { openSession } from "#session";
import type { Loss } from "../../src/networks/index.ts";
import { evaluate } from "../../src/onnx/evaluation/evaluate.ts";
import {
  algebraOf,
  differentiate,
  encodeModel,
  graphBuilder,
  type OnnxModel,
  type OnnxTensor,
} from "../../src/onnx/index.ts";

/** Tensors as fixtures have them. */
interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** What a loss compares. */
export interface ComparedNumbers {
  readonly output: Numbers;
  readonly target: Numbers;
  readonly weights: readonly number[];
}

/** A loss and its gradient by the output. */
export interface LossValue {
  readonly value: number;
  readonly gradient: readonly number[];
}

/** In float64, on plain arrays. */
export function exactLoss(loss: Loss, compared: ComparedNumbers): LossValue {
  const results = evaluate(modelOf(loss, compared), feedsOf(loss, compared), {
    precision: "float64",
  });
  return lossValue(results.value.data, results.gradient.data);
}

/** In float32, by ONNX Runtime. */
export async function runtimeLoss(loss: Loss, compared: ComparedNumbers): Promise<LossValue> {
  const session = await openSession(encodeModel(modelOf(loss, compared)), { threads: 1 });
  const results = await session.run(feedsOf(loss, compared));
  await session.close();
  return lossValue(results.value.data, results.gradient.data);
}

function modelOf(loss: Loss, { output, weights }: ComparedNumbers): OnnxModel {
  const graph = graphBuilder({ opset: 21 });
  const type = "float32";
  const given = {
    output: graph.input({ name: "output", type, shape: output.shape }),
    target: graph.input({ name: "target", ...loss.target(output.shape) }),
    weights: graph.input({ name: "weights", type, shape: [weights.length] }),
  };
  const value = loss.build(algebraOf(graph), given);
  const gradients = differentiate(graph, { of: value, by: [given.output] });
  graph.output({ name: "value", shape: [] }, value);
  graph.output({ name: "gradient" }, gradients[given.output]);
  return graph.build();
}

function feedsOf(
  loss: Loss,
  { output, target, weights }: ComparedNumbers,
): Record<string, OnnxTensor> {
  const { type } = loss.target(output.shape);
  const floats = ({ shape, data }: Numbers): OnnxTensor => ({
    type: "float32",
    shape,
    data: Float32Array.from(data),
  });
  const classes: OnnxTensor = {
    type: "int32",
    shape: target.shape,
    data: Int32Array.from(target.data),
  };
  return {
    output: floats(output),
    target: type === "int32" ? classes : floats(target),
    weights: floats({ shape: [weights.length], data: weights }),
  };
}

function lossValue(value: ArrayLike<unknown>, gradient: ArrayLike<unknown>): LossValue {
  return { value: Number(value[0]), gradient: Array.from(gradient, Number) };
}
