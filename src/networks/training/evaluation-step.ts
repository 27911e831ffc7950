// One batch of judging in training: the network as in inference, on the parameters that the state holds.

import { algebraOf, encodeModel, int, type StatefulModel, type Term } from "../../onnx/index.ts";
import type { Loss } from "../losses/loss.ts";
import type { Network } from "../network.ts";
import { type TrainingGraphOptions, trainingGraph } from "./training-graph.ts";
import { averageOf, STEP } from "./training-step.ts";

export interface EvaluationStepOptions extends Omit<TrainingGraphOptions, "inside" | "mode"> {
  loss: Loss;
  /** Takes the moving averages of the parameters instead of themselves. */
  averages?: boolean;
}

/** A model that gives the loss of a batch and what the network makes of it, with the function that the loss has inside. */
export function evaluationStep(network: Network, options: EvaluationStepOptions): StatefulModel {
  const { loss, batchSize, averages = false } = options;
  const { graph, output, trained } = trainingGraph(network, {
    ...options,
    inside: loss.inside,
    mode: "evaluate",
  });
  const m = algebraOf(graph);
  const target = graph.input({ name: STEP.target, ...loss.target(graph.shapeOf(output)) });
  const weights = graph.input({ name: STEP.weights, type: "float32", shape: [batchSize] });
  graph.output({ name: STEP.loss, shape: [] }, loss.build(m, { output, target, weights }));
  const applied: Record<string, () => Term> = {
    sigmoid: () => m.op("Sigmoid", [output]),
    softmax: () => m.op("Softmax", [output], { axis: int(1) }),
  };
  graph.output({ name: STEP.output }, loss.inside ? applied[loss.inside]() : output);
  const model = graph.build();
  if (!averages) return { bytes: encodeModel(model), carry: {} };
  const renamed = new Map(trained.map(({ name }) => [name, averageOf(name)]));
  const rename = (name: string) => renamed.get(name) ?? name;
  const inputs = model.graph.inputs.map((value) => ({ ...value, name: rename(value.name) }));
  const nodes = model.graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename) }));
  return { bytes: encodeModel({ ...model, graph: { ...model.graph, inputs, nodes } }), carry: {} };
}
