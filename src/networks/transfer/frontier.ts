// Where a network can be cut in two: between what stays as it is in training and what learns.

import { inferTypes, type OnnxNode, readsOf } from "../../onnx/index.ts";
import { isTrained, type LayerRecord, type Network, parametersOf } from "../network.ts";
import { type FrozenStatistics, movingNormalisations } from "../training/moving-statistics.ts";

export interface FrontierOptions {
  /** Whether a parameter is trained, by its name; by default all that can be and did not come frozen. */
  trainable?: (parameter: string) => boolean;
  frozenStatistics?: FrozenStatistics;
}

/**
 * The last layer that all data passes, behind which everything that learns or draws lies: no trained parameter, no dropout
 * and no statistics that move are before its output. Undefined where there is none behind the first frozen parameters.
 */
export function frontierOf(network: Network, options: FrontierOptions): LayerRecord | undefined {
  const fixed = fixedPart(network, learningNodes(network, options));
  const types = inferTypes(network.model);
  const layers = new Map(network.layers.map((layer) => [layer.output, layer]));
  const [batch] = network.model.graph.inputs[0].shape ?? [];
  const isWhole = (tensor: string) => {
    const { type, shape: [first, ...lengths] = [] } = types.get(tensor) ?? {};
    const isKnown = lengths.every((length) => typeof length === "number");
    return layers.has(tensor) && type === "float32" && first === batch && isKnown;
  };
  const last = bottlenecks(fixed).findLast(isWhole);
  if (last === undefined) return undefined;
  const places = fixed.nodes.map(({ outputs }) => layers.get(outputs[0]));
  const isBehindWeights = places.findIndex(isWeighted) <= places.indexOf(layers.get(last));
  return places.some(isWeighted) && isBehindWeights ? layers.get(last) : undefined;
}

const isWeighted = (layer: LayerRecord | undefined) => (layer?.parameters.length ?? 0) > 0;

/**
 * Layers that all data passes on its way through the network, in their order: what is between two of them is a piece that
 * only they join with the rest.
 */
export function waistsOf(network: Network): LayerRecord[] {
  const layers = new Map(network.layers.map((layer) => [layer.output, layer]));
  const tensors = bottlenecks(fixedPart(network, () => false));
  return tensors.map((tensor) => layers.get(tensor)).filter((layer) => layer !== undefined);
}

interface FixedPart {
  /** Nodes whose outputs depend on the input, and only on what stays as it is. */
  readonly nodes: readonly OnnxNode[];
  /** How far each of their outputs reaches: the place of its last reader among them; infinite where that one learns. */
  readonly reach: ReadonlyMap<string, number>;
  /** The furthest that an input reaches. */
  readonly inputReach: number;
}

/** Nodes that learn, draw or move by themselves. */
function learningNodes(
  network: Network,
  { trainable, frozenStatistics = false }: FrontierOptions,
): (node: OnnxNode) => boolean {
  const trained = parametersOf(network).filter((one) => isTrained(one, trainable));
  const names = new Set(trained.map(({ name }) => name));
  const isLearnt = (name: string) => names.has(name);
  const moving = new Set(movingNormalisations(network.model, frozenStatistics, isLearnt));
  return (node) => moving.has(node) || isDropout(node) || readsOf(node).some(isLearnt);
}

const isDropout = ({ domain, operator }: OnnxNode) => domain === "" && operator === "Dropout";

function fixedPart(
  { model: { graph } }: Network,
  isLearning: (node: OnnxNode) => boolean,
): FixedPart {
  const moved = new Set<string>();
  const nodes: OnnxNode[] = [];
  const flow = new Set(graph.inputs.map(({ name }) => name));
  const reach = new Map<string, number>();
  for (const node of graph.nodes) {
    const reads = readsOf(node);
    const learns = isLearning(node) || reads.some((name) => moved.has(name));
    const place = learns ? Number.POSITIVE_INFINITY : nodes.length;
    const taken = reads.filter((name) => flow.has(name));
    for (const name of taken) reach.set(name, Math.max(place, reach.get(name) ?? 0));
    if (learns) for (const output of node.outputs) moved.add(output);
    if (learns || taken.length === 0) continue;
    nodes.push(node);
    for (const output of node.outputs) flow.add(output);
  }
  for (const { name } of graph.outputs) {
    if (flow.has(name)) reach.set(name, Number.POSITIVE_INFINITY);
  }
  const inputReach = Math.max(...graph.inputs.map(({ name }) => reach.get(name) ?? 0));
  return { nodes, reach, inputReach };
}

/**
 * Tensors that every path from the input to what learns goes through, in their order. In an order in which nodes come after
 * what they read, a node is on all paths if and only if no tensor from before it is read behind it.
 */
function bottlenecks({ nodes, reach, inputReach }: FixedPart): string[] {
  const found: string[] = [];
  let furthest = inputReach;
  for (const [place, node] of nodes.entries()) {
    const used = node.outputs.filter((name) => reach.has(name));
    if (furthest <= place && used.length === 1) found.push(used[0]);
    furthest = Math.max(furthest, ...used.map((name) => reach.get(name) as number));
  }
  return found;
}
