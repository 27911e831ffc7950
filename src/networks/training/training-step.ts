// One training step as ONNX graphs: forward, backward and the optimiser's update, in one graph or, where gradients are
// accumulated over several batches, in two.

import {
  type Algebra,
  algebraOf,
  differentiate,
  type ElementType,
  encodeModel,
  type GraphBuilder,
  graphBuilder,
  int,
  mixedPrecision,
  type OnnxModel,
  type OnnxTensor,
  planarConvolutions,
  type StatefulModel,
  scheduleNodes,
  type Term,
} from "../../onnx/index.ts";
import type { Loss } from "../losses/loss.ts";
import type { Network, ParameterRecord } from "../network.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";
import { finiteStatistics, firstScale, lossScaling } from "./loss-scaling.ts";
import { memoryOf, type TrainingMemory } from "./memory.ts";
import type { Precision } from "./precision.ts";
import { type RandomInput, type TrainingGraphOptions, trainingGraph } from "./training-graph.ts";

/** How parameters of a group are trained. */
export interface ParameterGroup {
  /** Whether a parameter belongs to the group, by its name; the first group that matches counts. */
  match: (parameter: string) => boolean;
  /** Factor of the learning rate. */
  rate?: number;
  /** Weight decay instead of the optimiser's. */
  weightDecay?: number;
}

export interface TrainingStepOptions extends TrainingGraphOptions {
  loss: Loss;
  optimiser: Optimiser;
  groups?: readonly ParameterGroup[];
  /** Largest length of all gradients together; longer ones are scaled down. */
  clipNorm?: number;
  /** Largest size of a gradient's element; larger ones are cut. */
  clipValue?: number;
  /** Batches whose gradients are averaged before an update. */
  accumulate?: number;
  /** Gives what the network made of the batch, too. */
  withOutput?: boolean;
  /** Part of the moving average of the parameters that a step keeps; none is kept without it. */
  averageDecay?: number;
  /** "mixed" takes products in float16 and scales the loss; float32 by default. */
  precision?: Precision;
}

/** The graphs of a step and what they need. */
export interface TrainingStep {
  /** "step", or "accumulate" and "update". */
  readonly models: Readonly<Record<string, StatefulModel>>;
  /** Makes the state before the first step; a function, since it takes as much memory as the parameters several times over. */
  readonly initialState: () => Record<string, OnnxTensor>;
  readonly precision: Precision;
  readonly trained: readonly ParameterRecord[];
  /** Names of all tensors of the network in the state: trained parameters and running statistics. */
  readonly weights: readonly string[];
  readonly randoms: readonly RandomInput[];
  readonly inputName: string;
  readonly inputShape: readonly number[];
  readonly target: { readonly type: ElementType; readonly shape: readonly number[] };
  readonly memory: TrainingMemory;
}

/** Names of inputs and outputs that every step has. */
export const STEP = {
  target: "step.target",
  weights: "step.weights",
  rate: "step.rate",
  number: "step.number",
  loss: "step.loss",
  gradientNorm: "step.gradient_norm",
  output: "step.output",
  /** What the loss was multiplied by, in mixed precision. */
  lossScale: "step.used_loss_scale",
} as const;

/** Tensors that belong to a parameter: "conv.weight/mean". */
const beside = (parameter: string, part: string) => `${parameter}/${part}`;
const SUM = "gradient_sum";
const AVERAGE = "average";

/** Name under which the moving average of a parameter is kept. */
export const averageOf = (parameter: string) => beside(parameter, AVERAGE);

/** Builds the graphs of a training step. */
export function trainingStep(network: Network, options: TrainingStepOptions): TrainingStep {
  const { loss, accumulate = 1, batchSize } = options;
  const forward = trainingGraph(network, { ...options, inside: loss.inside });
  const { graph, trained } = forward;
  const m = algebraOf(graph);
  const outputShape = graph.shapeOf(forward.output);
  const target = loss.target(outputShape);
  const weights = graph.input({ name: STEP.weights, type: "float32", shape: [batchSize] });
  const given = graph.input({ name: STEP.target, ...target });
  const value = loss.build(m, { output: forward.output, target: given, weights });
  const names = trained.map(({ name }) => name);
  const scaling = options.precision === "mixed" ? lossScaling(m) : undefined;
  const gradients = scaling
    ? scaling.gradients(value, names)
    : differentiate(graph, { of: value, by: names });
  graph.output({ name: STEP.loss, shape: [] }, value);
  if (options.withOutput) graph.output({ name: STEP.output }, forward.output);
  const carry: Record<string, string> = {};
  const statistics = scaling ? finiteStatistics(m, forward.statistics) : forward.statistics;
  for (const [name, term] of Object.entries(statistics)) carry[out(graph, name, term)] = name;
  const reached = trained.filter(({ name }) => gradients[name]);
  const initialState = () => ({
    ...forward.state,
    ...startOf(reached, forward.state, options),
    ...(scaling ? firstScale() : {}),
  });
  const models: Record<string, StatefulModel> = {};
  if (accumulate === 1) {
    const updated = addUpdates(m, reached, gradients, options);
    for (const [name, term] of Object.entries(updated)) carry[out(graph, name, term)] = name;
    models.step = { bytes: encoded(graph, options), carry };
  } else {
    for (const { name, shape } of reached) {
      const sum = graph.input({ name: beside(name, SUM), type: "float32", shape });
      carry[out(graph, sum, m.add(sum, m.mul(gradients[name], 1 / accumulate)))] = sum;
    }
    models.accumulate = { bytes: encoded(graph, options), carry };
    models.update = updateModel(reached, options);
  }
  return {
    models,
    initialState,
    precision: options.precision ?? "float32",
    trained: reached,
    weights: Object.keys(forward.state),
    randoms: forward.randoms,
    inputName: forward.input,
    inputShape: graph.shapeOf(forward.input),
    target: { type: target.type, shape: (target.shape ?? []).map(Number) },
    memory: memoryOf(inPrecision(graph.build(), options), reached, options),
  };
}

/** What the state holds beside parameters: slots, averages, sums. */
function startOf(
  trained: readonly ParameterRecord[],
  values: Readonly<Record<string, OnnxTensor>>,
  { optimiser, averageDecay, accumulate = 1 }: TrainingStepOptions,
): Record<string, OnnxTensor> {
  const parts = [...optimiser.slots, ...(accumulate > 1 ? [SUM] : [])];
  const start: Record<string, OnnxTensor> = {};
  for (const { name } of trained) {
    const { type, shape, data } = values[name];
    for (const part of parts) {
      start[beside(name, part)] = { type, shape, data: new Float32Array(data.length) };
    }
    if (averageDecay !== undefined) start[averageOf(name)] = { type, shape, data };
  }
  return start;
}

/** Adds the update of all parameters; returns the new terms by names in the state. */
function addUpdates(
  m: Algebra,
  trained: readonly ParameterRecord[],
  gradients: Readonly<Record<string, Term>>,
  { optimiser, groups = [], clipNorm, clipValue, averageDecay, precision }: TrainingStepOptions,
): Record<string, Term> {
  const { graph } = m;
  const scaling = precision === "mixed" ? lossScaling(m) : undefined;
  const rate = graph.input({ name: STEP.rate, type: "float32", shape: [] });
  const number = graph.input({ name: STEP.number, type: "float32", shape: [] });
  const step = scaling ? scaling.counted(number) : number;
  const norm = lengthOf(
    m,
    trained.map(({ name }) => gradients[name]),
  );
  graph.output({ name: STEP.gradientNorm, shape: [] }, norm);
  if (scaling) graph.output({ name: STEP.lossScale, shape: [] }, scaling.scale);
  // min(1, c / |g|), as PyTorch's clip_grad_norm_ has it.
  const scale =
    clipNorm &&
    m.op("Min", [m.div(m.scalarLike(clipNorm, norm), m.add(norm, 1e-6)), m.scalarLike(1, norm)]);
  const updated: Record<string, Term> = {};
  for (const { name, shape } of trained) {
    const group = groups.find(({ match }) => match(name));
    const slots = optimiser.slots.map((slot) =>
      graph.input({ name: beside(name, slot), type: "float32", shape }),
    );
    const scaled = scale ? m.mul(gradients[name], scale) : gradients[name];
    const gradient = clipValue ? clipped(m, scaled, clipValue) : scaled;
    const result = optimiser.update(m, {
      parameter: name,
      gradient,
      slots,
      rate: group?.rate === undefined ? rate : m.mul(rate, group.rate),
      step,
      decay: group?.weightDecay ?? optimiser.weightDecay,
    });
    updated[name] = result.parameter;
    for (const [index, slot] of slots.entries()) updated[slot] = result.slots[index];
    if (averageDecay === undefined) continue;
    const average = graph.input({ name: averageOf(name), type: "float32", shape });
    updated[average] = m.add(
      m.mul(average, averageDecay),
      m.mul(result.parameter, 1 - averageDecay),
    );
  }
  return scaling ? scaling.guarded(updated, norm) : updated;
}

/** √Σ‖gᵢ‖². */
function lengthOf(m: Algebra, gradients: readonly Term[]): Term {
  const squares = gradients.map((gradient) =>
    m.op("ReduceSumSquare", [gradient], { keepdims: int(0) }),
  );
  return m.sqrt(squares.length === 1 ? squares[0] : m.op("Sum", squares));
}

function clipped(m: Algebra, gradient: Term, limit: number): Term {
  return m.op("Clip", [gradient, m.scalarLike(-limit, gradient), m.scalarLike(limit, gradient)]);
}

/** The graph that takes the accumulated gradients and sets their sums back to 0. */
function updateModel(
  trained: readonly ParameterRecord[],
  options: TrainingStepOptions,
): StatefulModel {
  const graph = graphBuilder({ opset: 21 });
  const m = algebraOf(graph);
  const gradients: Record<string, Term> = {};
  const carry: Record<string, string> = {};
  for (const { name, shape } of trained) {
    graph.input({ name, type: "float32", shape });
    gradients[name] = graph.input({ name: beside(name, SUM), type: "float32", shape });
  }
  const updated = addUpdates(m, trained, gradients, options);
  for (const [name, term] of Object.entries(updated)) carry[out(graph, name, term)] = name;
  for (const sum of Object.values(gradients))
    carry[out(graph, sum, m.expandLike(m.scalarLike(0, sum), sum))] = sum;
  return { bytes: encoded(graph, {}), carry };
}

/** The bytes of a finished graph, in the form and the order in which it runs with the least time and memory. */
function encoded(graph: GraphBuilder, options: Pick<TrainingStepOptions, "precision">): Uint8Array {
  const planar = planarConvolutions(graph.build());
  return encodeModel(scheduleNodes(inPrecision(planar, options)));
}

function inPrecision(
  model: OnnxModel,
  { precision }: Pick<TrainingStepOptions, "precision">,
): OnnxModel {
  return precision === "mixed" ? mixedPrecision(model) : model;
}

/** Declares the new value of a tensor of the state as an output. */
function out(graph: GraphBuilder, name: string, term: Term): string {
  const output = `${name}/next`;
  graph.output({ name: output }, term);
  return output;
}
