// Names of the layers of an imported model: those of their weights, else of their nodes, else of their operators.

import type { OnnxNode } from "../../onnx/index.ts";
import type { LayerNodes } from "./layer-records.ts";

/** Numbers that PyTorch gives to weights that it rewrites or that have no name of their own. */
export const isGeneratedName = (name: string) => /^(onnx::\w+_)?\d+$/.test(name);

/** Last parts of the names of weights, as PyTorch, Keras and others call them. */
const PARTS =
  /[./_:](weight|bias|gamma|beta|kernel|scale|running_mean|running_var|moving_mean|moving_variance|mean|var)(:0)?$/i;

/** A name for each layer; all differ, and from the input's. */
export function layerNames(groups: readonly LayerNodes[], input: string): string[] {
  const paths = groups.map(({ nodes }) => pathOf(nodes[0].name, nodes[0].operator));
  const sharing = countOf(paths.map(({ path }) => path));
  const taken = new Set([input]);
  const counts = new Map<string, number>();
  return groups.map(({ nodes, parameters }, at) => {
    const { path, last } = paths[at];
    const isAlone = path !== "" && sharing.get(path) === 1;
    const named = parameters.find(({ name }) => !isGeneratedName(name) && PARTS.test(name));
    const hasOwn = parameters.length > 0 && path !== "";
    const title =
      named?.name.replace(PARTS, "") ??
      (isAlone || hasOwn
        ? path
        : [path, last || nodes[0].operator.toLowerCase()].filter(Boolean).join("."));
    let count = counts.get(title) ?? 0;
    let name = count === 0 ? title : `${title}_${count}`;
    while (taken.has(name)) name = `${title}_${++count}`;
    counts.set(title, count + 1);
    taken.add(name);
    return name;
  });
}

/** Nodes of modules without modules inside, by the names of those. */
export function leafModules(nodes: readonly OnnxNode[]): ReadonlyMap<OnnxNode, string> {
  const paths = nodes.map(({ name, operator }) => pathOf(name, operator));
  const parents = new Set<string>();
  for (const { path } of paths) {
    const steps = path.split(".");
    for (let length = 1; length < steps.length; length++)
      parents.add(steps.slice(0, length).join("."));
  }
  const leaves = nodes.flatMap((node, at): [OnnxNode, string][] => {
    const { path, last } = paths[at];
    return last && path && !parents.has(path) ? [[node, path]] : [];
  });
  return new Map(leaves);
}

/**
 * The module that a node is of and its own part of the name: PyTorch calls the node of a convolution
 * "/layer1/layer1.0/conv1/Conv", where the module is "layer1.0.conv1".
 */
function pathOf(node: string, operator: string): { path: string; last: string } {
  const steps = node.split("/").filter(Boolean);
  const last = steps.at(-1) ?? "";
  const isOperator = last.toLowerCase().startsWith(operator.toLowerCase());
  if (!isOperator) return { path: joined(steps), last: "" };
  return { path: joined(steps.slice(0, -1)), last };
}

/** A step that begins with the step before it stands for both. */
function joined(steps: readonly string[]): string {
  return steps.filter((step, at) => !steps[at + 1]?.startsWith(`${step}.`)).join(".");
}

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
