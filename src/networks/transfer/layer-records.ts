// The nodes of a model as layers that a person reads: what data flows through, with the parameters that it meets.

import { inferTypes, type OnnxModel, type OnnxNode, type TensorType } from "../../onnx/index.ts";
import type { LayerRecord, ParameterRecord } from "../network.ts";
import { isGeneratedName, layerNames, leafModules } from "./layer-names.ts";
import { isFeaturesFirst, type Place } from "./parameter-places.ts";

/** Nodes that make a layer. */
export interface LayerNodes {
  readonly nodes: readonly OnnxNode[];
  readonly parameters: readonly ParameterRecord[];
}

export interface LayerRecords {
  readonly layers: readonly LayerRecord[];
  /** New names of parameters whose names in the model are numbers. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Lists the layers of a model. Nodes that work out shapes or arrange weights are part of none; nodes of one module, such
 * as those of a decomposed normalisation, are one, as are a product and the addition of its bias.
 */
export function layerRecords(
  model: OnnxModel,
  parameters: ReadonlyMap<string, ParameterRecord>,
  places: ReadonlyMap<string, readonly Place[]>,
): LayerRecords {
  const types = inferTypes(model);
  const [input] = model.graph.inputs;
  const flow = flowOf(model, types);
  const owned = ownedParameters(parameters, places, model);
  const groups = groupNodes(
    model.graph.nodes.filter(({ outputs }) => flow.has(outputs[0])),
    { flow, owned },
  );
  const titles = layerNames(groups, input.name);
  const names = parameterNames(groups, titles, { model, places });
  const sources = new Map([[input.name, input.name]]);
  const layers: LayerRecord[] = [
    {
      ...{ name: input.name, kind: "input", output: input.name, inputs: [], parameters: [] },
      outputShape: input.shape ?? [],
    },
  ];
  for (const [at, { nodes, parameters: own }] of groups.entries()) {
    const output = (nodes.at(-1) as OnnxNode).outputs[0];
    for (const one of nodes.flatMap(({ outputs }) => outputs)) sources.set(one, titles[at]);
    layers.push({
      name: titles[at],
      kind: kindOf(nodes),
      output,
      outputShape: types.get(output)?.shape ?? [],
      inputs: inputsOf(nodes[0], sources),
      parameters: own.map((one) => ({ ...one, name: names[one.name] ?? one.name })),
    });
  }
  return { layers, names };
}

function inputsOf({ inputs }: OnnxNode, sources: ReadonlyMap<string, string>): string[] {
  const known = inputs.map((name) => sources.get(name)).filter((name) => name !== undefined);
  return [...new Set(known)];
}

/** Tensors of floating point numbers that depend on the input's numbers. */
function flowOf({ graph }: OnnxModel, types: ReadonlyMap<string, TensorType>): Set<string> {
  const flow = new Set([graph.inputs[0].name]);
  for (const { inputs, outputs } of graph.nodes) {
    if (!inputs.some((name) => flow.has(name))) continue;
    for (const output of outputs) {
      const type = types.get(output)?.type;
      if (output && (type === undefined || type.includes("float"))) flow.add(output);
    }
  }
  return flow;
}

/** Parameters by the first output of the node that they stand in; those without a place by their first reader. */
function ownedParameters(
  parameters: ReadonlyMap<string, ParameterRecord>,
  places: ReadonlyMap<string, readonly Place[]>,
  { graph }: OnnxModel,
): ReadonlyMap<string, readonly ParameterRecord[]> {
  const owned = new Map<string, ParameterRecord[]>();
  for (const parameter of parameters.values()) {
    const readers =
      places.get(parameter.name)?.map(({ node }) => node) ??
      graph.nodes.filter(({ inputs }) => inputs.includes(parameter.name)).slice(0, 1);
    for (const { outputs } of new Set(readers)) {
      owned.set(outputs[0], [...(owned.get(outputs[0]) ?? []), parameter]);
    }
  }
  return owned;
}

interface Grouping {
  readonly flow: ReadonlySet<string>;
  readonly owned: ReadonlyMap<string, readonly ParameterRecord[]>;
}

function groupNodes(nodes: readonly OnnxNode[], { flow, owned }: Grouping): LayerNodes[] {
  const modules = leafModules(nodes);
  const uses = countUses(nodes);
  const groups: LayerNodes[] = [];
  const groupOf = new Map<string, number>();
  for (const node of nodes) {
    const parameters = owned.get(node.outputs[0]) ?? [];
    const before = node.inputs.filter((name) => flow.has(name));
    const isBias = before.length === 1 && uses.get(before[0]) === 1 && isBiasOf(node, parameters);
    const joined = before
      .map((name) => groupOf.get(name))
      .find((at) => {
        if (at === undefined) return false;
        const [first] = groups[at].nodes;
        const module = modules.get(node);
        return module ? modules.get(first) === module : isBias && isProduct(groups[at]);
      });
    const at = joined ?? groups.length;
    const group = groups[at] ?? { nodes: [], parameters: [] };
    groups[at] = {
      nodes: [...group.nodes, node],
      parameters: [...group.parameters, ...parameters],
    };
    for (const output of node.outputs) groupOf.set(output, at);
  }
  return groups;
}

function countUses(nodes: readonly OnnxNode[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const name of nodes.flatMap(({ inputs }) => inputs)) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

function isBiasOf({ operator }: OnnxNode, parameters: readonly ParameterRecord[]): boolean {
  return operator === "Add" && parameters[0]?.shape.length === 1;
}

function isProduct({ nodes, parameters }: LayerNodes): boolean {
  return nodes.length === 1 && nodes[0].operator === "MatMul" && parameters.length === 1;
}

function kindOf(nodes: readonly OnnxNode[]): string {
  if (nodes.length > 2) return `${nodes.length} operators`;
  return nodes.map(({ operator }) => operator).join(" + ");
}

/** "conv1.weight" for "onnx::Conv_193"; "fc.kernel" for a weight [features, units]. */
function parameterNames(
  groups: readonly LayerNodes[],
  titles: readonly string[],
  { model, places }: { model: OnnxModel; places: ReadonlyMap<string, readonly Place[]> },
): Record<string, string> {
  const taken = new Set(model.graph.initializers.map(({ name }) => name));
  const names: Record<string, string> = {};
  for (const [at, { parameters }] of groups.entries()) {
    for (const { name } of parameters) {
      if (!isGeneratedName(name) || Object.hasOwn(names, name)) continue;
      const place = places.get(name)?.[0];
      const role = place && isFeaturesFirst(place) ? "kernel" : (place?.role ?? "parameter");
      let title = `${titles[at]}.${role}`;
      for (let count = 1; taken.has(title); count++) title = `${titles[at]}.${role}_${count}`;
      taken.add(title);
      names[name] = title;
    }
  }
  return names;
}
