// Puts the bodies of a model's functions in place of the nodes that call them (ONNX, IR.md, "Functions").

import { RoentgenError } from "../../base/index.ts";
import type {
  Attribute,
  Attributes,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
} from "../model.ts";
import { type FreshNames, freshNames } from "./fresh-names.ts";
import { type ModelScope, modelScope } from "./model-scope.ts";
import { renameInNode, renameNodes } from "./rename.ts";
import { mapSubgraphs } from "./subgraphs.ts";
import { upgradeGraph } from "./upgrade/upgrade-graph.ts";

/** Nodes after inlining at most: functions that call each other twice double with every level. */
const MOST_NODES = 2e5;

/** Calls within calls at most; functions may not call themselves. */
const DEEPEST = 100;

/**
 * A model without functions. Where they are in different versions of ai.onnx, everything is brought to the newest.
 * @throws RoentgenError "too-large" where calls nest without end
 */
export function inlineFunctions(model: OnnxModel): OnnxModel {
  const functions = model.functions ?? [];
  if (functions.length === 0) return model;
  const versions = [model, ...functions].map(({ opsets }) => opsets[""] ?? 0);
  const inlining: Inlining = {
    functions: new Map(functions.map((one) => [keyOf(one.domain, one.name, one.overload), one])),
    to: Math.max(...versions),
    fresh: freshNames(model.graph),
    nodesLeft: MOST_NODES,
  };
  const opsets: OnnxModel["opsets"] = Object.assign({}, ...functions.map((one) => one.opsets));
  const from = model.opsets[""] ?? inlining.to;
  const scope = modelScope(model);
  const current = upgradeGraph(model.graph, { ...inlining, from, scope });
  const graph = inlineGraph(current, {
    inlining,
    scope: modelScope({ ...model, graph: current }),
    depth: 0,
  });
  const { functions: _, ...rest } = model;
  return { ...rest, opsets: { ...opsets, ...model.opsets, "": inlining.to }, graph };
}

interface Inlining {
  readonly functions: ReadonlyMap<string, OnnxFunction>;
  readonly to: number;
  readonly fresh: FreshNames;
  nodesLeft: number;
}

interface Place {
  readonly inlining: Inlining;
  readonly scope: ModelScope;
  readonly depth: number;
}

function keyOf(domain: string, name: string, overload = ""): string {
  return JSON.stringify([domain, name, overload]);
}

function inlineGraph(graph: OnnxGraph, place: Place): OnnxGraph {
  const { inlining, scope, depth } = place;
  if (depth > DEEPEST) throw endless(graph.name);
  const initializers = [...graph.initializers];
  const nodes = graph.nodes.flatMap((node) => {
    if (--inlining.nodesLeft < 0) throw endless(node.name);
    const called = inlining.functions.get(keyOf(node.domain, node.operator, node.overload));
    if (!called) {
      scope.learn(node, inlining.to);
      const inner = (inside: OnnxGraph) =>
        inlineGraph(inside, { ...place, scope: scope.inner(inside) });
      return [mapSubgraphs(node, inner)];
    }
    const body = bodyOf(called, node, place);
    initializers.push(...body.initializers);
    return body.nodes;
  });
  return { ...graph, initializers, nodes };
}

/** The nodes of a function with the caller's tensors and attributes, in the version of the rest. */
function bodyOf(called: OnnxFunction, node: OnnxNode, place: Place): OnnxGraph {
  const { inlining, scope, depth } = place;
  const outer = new Map<string, string>();
  for (const [at, name] of called.inputs.entries()) outer.set(name, node.inputs[at] ?? "");
  const passed: OnnxNode[] = [];
  for (const [at, name] of called.outputs.entries()) {
    const output = node.outputs[at];
    if (output && outer.has(name)) passed.push(identity(outer.get(name) ?? "", output));
    else if (output) outer.set(name, output);
  }
  const attributes = { ...called.defaults, ...node.attributes };
  const local = (name: string) => {
    const known = outer.get(name) ?? inlining.fresh(`${node.name || called.name}/${name}`);
    outer.set(name, known);
    return known;
  };
  const nodes = called.nodes.map((inner) =>
    renameInNode(withValues(inner, attributes), (name) => (name === "" ? "" : local(name))),
  );
  // Stated as outputs, so that they count as used.
  const outputs = node.outputs.filter(Boolean).map((name) => ({ name }));
  const graph = { name: called.name, inputs: [], initializers: [], nodes: [...nodes, ...passed] };
  const from = called.opsets[""] ?? inlining.to;
  const named = renameNodes({ ...graph, outputs }, inlining.fresh);
  const upgraded = upgradeGraph(named, { ...inlining, from, scope });
  return inlineGraph(upgraded, { inlining, scope, depth: depth + 1 });
}

/** For a function that gives an input back as it is. */
function identity(input: string, output: string): OnnxNode {
  const [inputs, outputs] = [[input], [output]];
  return { operator: "Identity", domain: "", name: output, inputs, outputs, attributes: {} };
}

/** The node with references replaced by the caller's attributes; one that the caller leaves out goes. */
function withValues(node: OnnxNode, caller: Attributes): OnnxNode {
  const entries = Object.entries(node.attributes).flatMap(
    ([name, attribute]): [string, Attribute][] => {
      if (attribute.kind !== "reference") return [[name, attribute]];
      const value = Object.hasOwn(caller, attribute.value) ? caller[attribute.value] : undefined;
      return value ? [[name, value]] : [];
    },
  );
  const resolved = { ...node, attributes: Object.fromEntries(entries) };
  return mapSubgraphs(resolved, (graph) => ({
    ...graph,
    nodes: graph.nodes.map((inner) => withValues(inner, caller)),
  }));
}

function endless(name: string): RoentgenError {
  return new RoentgenError("too-large", {
    problem: "Cannot put the functions of the ONNX model in place of their calls",
    expected: `at most ${MOST_NODES} nodes and ${DEEPEST} calls within calls`,
    found: `more at "${name}"`,
    remedy: "A function calls itself, or the file is damaged.",
  });
}
