// Puts one model behind another: outputs of the first become inputs of the second.

import { RoentgenError } from "../../base/index.ts";
import type { OnnxGraph, OnnxModel, OnnxValue } from "../model.ts";
import { describeType } from "../shapes/rule.ts";
import { freezeDefaults } from "./freeze-defaults.ts";
import { freshNames } from "./fresh-names.ts";
import { inlineFunctions } from "./inline-functions.ts";
import { renameInGraph, renameNodes } from "./rename.ts";
import { definedNames, graphsWithin } from "./subgraphs.ts";
import { upgradeModel } from "./upgrade/upgrade.ts";

export interface MergeModelsOptions {
  /** Inputs of the second model by the outputs of the first that they take. */
  connect: Readonly<Record<string, string>>;
}

/**
 * One model of two. Outputs of the first that are not connected stay outputs; inputs of the second that are not
 * connected become inputs. Public names stay as they are unless both models have them: the second's then get a number.
 * The older model is brought to the opset of the newer.
 * @throws RoentgenError "value-missing" for a name that is not there, "shape-mismatch" where the two do not fit
 */
export function mergeModels(
  first: OnnxModel,
  second: OnnxModel,
  { connect }: MergeModelsOptions,
): OnnxModel {
  const [a, b] = inOneVersion(plain(first), plain(second));
  const links = new Map(Object.entries(connect).map(([output, input]) => [input, output]));
  for (const [input, output] of links) checkFit(a.graph, output, b.graph, input);
  const [left, right] = apart(a.graph, b.graph, links);
  const connected = new Set(Object.keys(connect));
  const graph: OnnxGraph = {
    ...left,
    inputs: [...left.inputs, ...right.inputs.filter(({ name }) => !connected.has(name))],
    outputs: [...left.outputs.filter(({ name }) => !connected.has(name)), ...right.outputs],
    initializers: [...left.initializers, ...right.initializers],
    nodes: [...left.nodes, ...right.nodes],
    values: [...(left.values ?? []), ...(right.values ?? [])],
    quantization: [...(left.quantization ?? []), ...(right.quantization ?? [])],
  };
  return {
    ...a,
    irVersion: Math.max(a.irVersion, b.irVersion),
    opsets: { ...b.opsets, ...a.opsets },
    metadata: { ...b.metadata, ...a.metadata },
    graph,
  };
}

/** Functions of two models may share names, and weights listed as inputs would become real ones. */
function plain(model: OnnxModel): OnnxModel {
  const inlined = inlineFunctions(model);
  return inlined.irVersion < 4 ? freezeDefaults(inlined) : inlined;
}

function inOneVersion(a: OnnxModel, b: OnnxModel): [OnnxModel, OnnxModel] {
  const newest = Math.max(a.opsets[""] ?? 0, b.opsets[""] ?? 0);
  const isEqual = a.opsets[""] === b.opsets[""];
  const to = Math.max(newest, 18);
  const both: [OnnxModel, OnnxModel] = isEqual
    ? [a, b]
    : [upgradeModel(a, { to }), upgradeModel(b, { to })];
  for (const domain of usedDomains(a.graph)) {
    const [one, other] = both.map(({ opsets }) => opsets[domain]);
    if (one === other || !usedDomains(b.graph).has(domain)) continue;
    throw new RoentgenError("format-unsupported", {
      problem: `Cannot merge the models: they use the operators of "${domain}" in two versions`,
      expected: "the same version in both",
      found: `${one} and ${other}`,
      subject: domain,
    });
  }
  return both;
}

function usedDomains(graph: OnnxGraph): Set<string> {
  return new Set(
    [...graphsWithin(graph)].flatMap(({ nodes }) => nodes.map(({ domain }) => domain)),
  );
}

function checkFit(a: OnnxGraph, output: string, b: OnnxGraph, input: string): void {
  const from = a.outputs.find(({ name }) => name === output);
  const to = b.inputs.find(({ name }) => name === input);
  if (!from) throw notThere(`output "${output}" of the first model`, a.outputs);
  if (!to) throw notThere(`input "${input}" of the second model`, b.inputs);
  if (canBeEqual(from, to)) return;
  throw new RoentgenError("shape-mismatch", {
    problem: `Cannot connect the output "${output}" with the input "${input}"`,
    expected: describeValue(to),
    found: describeValue(from),
    subject: input,
  });
}

function notThere(what: string, values: readonly OnnxValue[]): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: `Cannot merge the models: there is no ${what}`,
    expected: values.map(({ name }) => name).join(", "),
  });
}

function canBeEqual(a: OnnxValue, b: OnnxValue): boolean {
  if (a.type && b.type && a.type !== b.type) return false;
  if (!a.shape || !b.shape) return true;
  const other = b.shape;
  return (
    a.shape.length === other.length &&
    a.shape.every(
      (length, axis) =>
        length === other[axis] || typeof length === "string" || typeof other[axis] === "string",
    )
  );
}

function describeValue({ type, shape }: OnnxValue): string {
  return describeType(type && { type, shape });
}

/** Both graphs with no name in common but those that connect them. */
function apart(
  a: OnnxGraph,
  b: OnnxGraph,
  links: ReadonlyMap<string, string>,
): [OnnxGraph, OnnxGraph] {
  const fresh = freshNames(a, b);
  const publicA = publicNames(a);
  const publicB = new Set([...publicNames(b)].filter((name) => !links.has(name)));
  const hidden = new Map(
    [...allNames(a)]
      .filter((name) => publicB.has(name) && !publicA.has(name))
      .map((name) => [name, fresh(name)]),
  );
  const left = renameInGraph(a, (name) => hidden.get(name) ?? name);
  const taken = allNames(left);
  const renames = new Map(
    [...allNames(b)].map((name) => [name, taken.has(name) ? fresh(name) : name]),
  );
  for (const [input, output] of links) renames.set(input, output);
  const right = renameInGraph(b, (name) => renames.get(name) ?? name);
  const nodes = new Set([...graphsWithin(a)].flatMap((one) => one.nodes.map(({ name }) => name)));
  return [left, renameNodes(right, (name) => (nodes.has(name) ? fresh(name) : name))];
}

function publicNames({ inputs, outputs }: OnnxGraph): Set<string> {
  return new Set([...inputs, ...outputs].map(({ name }) => name));
}

function allNames(graph: OnnxGraph): Set<string> {
  return new Set([...graphsWithin(graph)].flatMap((one) => [...definedNames(one)]));
}
