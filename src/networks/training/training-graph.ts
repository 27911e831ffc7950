// A network's graph made ready for training: batch size fixed, parameters as inputs, dropout drawn, batch normalisation
// over the batch.

import { RoentgenError } from "../../base/index.ts";
import {
  algebraOf,
  float,
  type GraphBuilder,
  int,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  openGraph,
  poolBeforeRelu,
  type Term,
} from "../../onnx/index.ts";
import { finalActivation } from "../final-activation.ts";
import { STOCHASTIC_DEPTH } from "../layers/arrangement.ts";
import { isTrained, type Network, type ParameterRecord, parametersOf } from "../network.ts";
import { type FrozenStatistics, movingNormalisations } from "./moving-statistics.ts";

/** Numbers that a step draws: uniform in [0, 1). */
export interface RandomInput {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The graph before loss and gradients are added. */
export interface TrainingGraph {
  readonly graph: GraphBuilder;
  readonly input: Term;
  /** The network's output; where `inside` was asked for, what goes into that function. */
  readonly output: Term;
  /** Parameters that get gradients. */
  readonly trained: readonly ParameterRecord[];
  /** What the state starts from: trained parameters and running statistics. */
  readonly state: Readonly<Record<string, OnnxTensor>>;
  /** New values of running statistics by the names of the old. */
  readonly statistics: Readonly<Record<string, Term>>;
  readonly randoms: readonly RandomInput[];
}

export interface TrainingGraphOptions {
  batchSize: number;
  /** Whether a parameter is trained, by its name; by default all that can be and did not come frozen. */
  trainable?: (parameter: string) => boolean;
  /** Leaves a final sigmoid or softmax out, since the loss has it inside. */
  inside?: "sigmoid" | "softmax";
  frozenStatistics?: FrozenStatistics;
  /** "evaluate" takes parameters and statistics as inputs, too, but computes as in inference. */
  mode?: "train" | "evaluate";
}

/**
 * Rewrites a network for training.
 * @throws RoentgenError "bad-option" where nothing is left to train
 */
export function trainingGraph(
  network: Network,
  { batchSize, trainable, inside, frozenStatistics = false, mode = "train" }: TrainingGraphOptions,
): TrainingGraph {
  const model = poolBeforeRelu(network.model);
  const trained = parametersOf(network).filter((one) => isTrained(one, trainable));
  if (trained.length === 0) {
    throw new RoentgenError("bad-option", {
      problem: "Nothing of the network is to be trained",
      remedy: "Let at least one parameter be trainable.",
    });
  }
  const names = new Set(trained.map(({ name }) => name));
  const normalised = movingNormalisations(model, frozenStatistics, (name) => names.has(name));
  const moving = new Set(normalised.flatMap(({ inputs }) => inputs.slice(3, 5)));
  const asInput = new Set([...names, ...moving]);
  const held = model.graph.initializers.filter(({ name }) => asInput.has(name));
  const perSample = new Set(
    network.layers.filter(({ kind }) => kind === STOCHASTIC_DEPTH).map(({ output }) => output),
  );
  // What dropout adds must take no name of a node that is still to come.
  const reserved = model.graph.nodes.flatMap(({ name, outputs }) => [name, ...outputs]);
  const graph = openGraph(withInputs(model, asInput, batchSize), { reserved });
  const statistics: Record<string, Term> = {};
  const randoms: RandomInput[] = [];
  for (const node of model.graph.nodes) {
    if (mode === "evaluate") graph.append(node);
    else if (normalised.includes(node)) addBatchStatistics(graph, node, statistics);
    else if (node.domain === "" && node.operator === "Dropout") {
      addDropout(graph, node, { randoms, perSample: perSample.has(node.outputs[0]) });
    } else graph.append(node);
  }
  return {
    graph,
    input: model.graph.inputs[0].name,
    output: outputOf(model, inside),
    trained,
    state: Object.fromEntries(held.map((tensor) => [tensor.name, tensor])),
    statistics,
    randoms,
  };
}

/** The model without nodes and outputs, with the batch fixed and what training changes among its inputs. */
function withInputs(model: OnnxModel, asInput: ReadonlySet<string>, batchSize: number): OnnxModel {
  const { graph } = model;
  const [kept, moved] = [false, true].map((isMoved) =>
    graph.initializers.filter(({ name }) => asInput.has(name) === isMoved),
  );
  const given = graph.inputs.filter(({ name }) => !asInput.has(name));
  const batched = given.map((value) => ({
    ...value,
    shape: value.shape?.map((length, axis) =>
      axis === 0 && typeof length === "string" ? batchSize : length,
    ),
  }));
  const inputs = [...batched, ...moved.map(({ name, type, shape }) => ({ name, type, shape }))];
  return {
    ...model,
    graph: { ...graph, inputs, outputs: [], initializers: kept, nodes: [], values: [] },
  };
}

/** Batch normalisation by the batch's own mean and variance; the running ones move towards them. */
function addBatchStatistics(
  graph: GraphBuilder,
  node: OnnxNode,
  statistics: Record<string, Term>,
): void {
  const [mean, variance] = node.inputs.slice(3, 5);
  // A layer that is used twice moves them twice.
  const latest = [mean, variance].map((name) => statistics[name] ?? name);
  const [newMean, newVariance] = latest.map((name) => `${name}.next`);
  graph.append({
    ...node,
    inputs: [...node.inputs.slice(0, 3), ...latest],
    outputs: [node.outputs[0], newMean, newVariance],
    attributes: { momentum: float(0.9), ...node.attributes, training_mode: int(1) },
  });
  statistics[mean] = newMean;
  statistics[variance] = newVariance;
}

/**
 * y = x · [u ≥ rate] / (1 − rate), with u drawn by the caller so that every device draws the same: for each element, or for
 * each sample.
 */
function addDropout(
  graph: GraphBuilder,
  node: OnnxNode,
  { randoms, perSample }: { randoms: RandomInput[]; perSample: boolean },
): void {
  const m = algebraOf(graph);
  const [x, ratio] = node.inputs;
  const held = ratio ? graph.constantOf(ratio) : undefined;
  const rate = ratio ? Number(held?.data[0] ?? Number.NaN) : 0.5;
  if (Number.isNaN(rate)) {
    throw new RoentgenError("format-unsupported", {
      problem: `Cannot train through Dropout (node "${node.name}"): its rate is not a constant`,
      subject: node.name,
    });
  }
  const shape = graph.shapeOf(x).map((length, axis) => (perSample && axis > 0 ? 1 : length));
  const name = graph.input({
    name: `${node.name || node.outputs[0]}.random`,
    type: "float32",
    shape,
  });
  randoms.push({ name, shape });
  const kept = m.castLike(m.compare("GreaterOrEqual", name, rate), x);
  graph.append({
    operator: "Mul",
    domain: "",
    name: node.name,
    inputs: [x, m.mul(kept, 1 / (1 - rate))],
    outputs: [node.outputs[0]],
    attributes: {},
  });
}

/** The output, before the function that the loss applies itself. */
function outputOf(model: OnnxModel, inside: "sigmoid" | "softmax" | undefined): Term {
  const { output, logits, activation } = finalActivation(model);
  return inside !== undefined && activation === inside ? logits : output;
}
