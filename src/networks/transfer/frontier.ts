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
  const fixed = fixedPart(network, options);
  const types = inferTypes(network.model);
  const layers = new Map(network.layers.map((layer) => [layer.output, layer]));
  const [batch] = network.model.graph.inputs[0].shape ?? [];
  const isFrontier = (tensor: string) => {
    const { type, shape = [] } = types.get(tensor) ?? {};
    const [first, ...lengths] = shape;
    const isWhole = lengths.every((length) => typeof length === "number");
    return layers.has(tensor) && type === "float32" && first === batch && isWhole;
  };
  const last = bottlenecks(network, fixed).findLast(isFrontier);
  return last === undefined ? undefined : layers.get(last);
}

interface FixedPart {
  /** Nodes whose outputs depend on the input, and only on what stays as it is. */
  readonly nodes: readonly OnnxNode[];
  /** How far each of their outputs reaches: the place of its last reader among them; infinite where that one learns. */
  readonly reach: ReadonlyMap<string, number>;
}

function fixedPart(
  network: Network,
  { trainable, frozenStatistics = false }: FrontierOptions,
): FixedPart {
  const { graph } = network.model;
  const trained = parametersOf(network).filter((one) => isTrained(one, trainable));
  const moved = new Set(trained.map(({ name }) => name));
  const moving = new Set(
    movingNormalisations(network.model, frozenStatistics, (name) => moved.has(name)),
  );
  const nodes: OnnxNode[] = [];
  const flow = new Set(graph.inputs.map(({ name }) => name));
  const reach = new Map<string, number>();
  for (const node of graph.nodes) {
    const reads = readsOf(node);
    const learns = moving.has(node) || isDropout(node) || reads.some((name) => moved.has(name));
    const place = learns ? Number.POSITIVE_INFINITY : nodes.length;
    const taken = reads.filter((name) => flow.has(name));
    for (const name of taken) reach.set(name, Math.max(place, reach.get(name) ?? 0));
    if (learns) for (const output of node.outputs) moved.add(output);
    if (learns || taken.length === 0) continue;
    nodes.push(node);
    for (const output of node.outputs) flow.add(output);
  }
  for (const { name } of graph.outputs)
    if (flow.has(name)) reach.set(name, Number.POSITIVE_INFINITY);
  return { nodes, reach };
}

const isDropout = ({ domain, operator }: OnnxNode) => domain === "" && operator === "Dropout";

/**
 * Tensors that every path from the input to what learns goes through, in their order, from the first parameter on. In an
 * order in which nodes come after what they read, a node is on all paths if and only if no tensor from before it is read
 * behind it.
 */
function bottlenecks(network: Network, { nodes, reach }: FixedPart): string[] {
  const weighted = network.layers.filter(({ parameters }) => parameters.length > 0);
  const ends = new Set(weighted.map(({ output }) => output));
  const found: string[] = [];
  let isWeighted = false;
  let furthest = Math.max(...network.model.graph.inputs.map(({ name }) => reach.get(name) ?? 0));
  for (const [place, node] of nodes.entries()) {
    isWeighted ||= node.outputs.some((name) => ends.has(name));
    const used = node.outputs.filter((name) => reach.has(name));
    if (isWeighted && furthest <= place && used.length === 1) found.push(used[0]);
    furthest = Math.max(furthest, ...used.map((name) => reach.get(name) as number));
  }
  return found;
}
