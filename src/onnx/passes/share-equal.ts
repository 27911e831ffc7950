// Keeps one of several equal constants, and of several nodes that compute the same from the same: networks that were put
// side by side and share their first layers then hold and run these once.

import type { Attribute, Initializer, OnnxModel, OnnxNode } from "../model.ts";
import { renameInNode } from "./rename.ts";
import { subgraphsOf } from "./subgraphs.ts";

/** The model with equal constants and equal nodes of its outer graph merged. Inputs and outputs keep their names. */
export function shareEqual(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const fixed = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
  const insteadOf = new Map<string, string>();
  const initializers = distinctConstants(graph.initializers, { fixed, insteadOf });
  const nodes = distinctNodes(graph.nodes, { fixed, insteadOf });
  const kept = ({ name }: { name: string }) => !insteadOf.has(name);
  const values = graph.values?.filter(kept);
  return { ...model, graph: { ...graph, initializers, nodes, ...(values && { values }) } };
}

interface Sharing {
  /** Names that must stay. */
  readonly fixed: ReadonlySet<string>;
  /** Names of what was left out, and what stands for it. */
  readonly insteadOf: Map<string, string>;
}

function distinctConstants(
  initializers: readonly Initializer[],
  { fixed, insteadOf }: Sharing,
): Initializer[] {
  const alike = new Map<string, Initializer[]>();
  return initializers.filter((one) => {
    const key = `${one.type} ${one.shape.join()}`;
    const known = alike.get(key) ?? [];
    const same = fixed.has(one.name) ? undefined : known.find((other) => holdsSame(one, other));
    if (same) insteadOf.set(one.name, same.name);
    else alike.set(key, [...known, one]);
    return !same;
  });
}

/** Different weights differ in their first elements: this takes no time. */
function holdsSame({ data: a }: Initializer, { data: b }: Initializer): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (!Object.is(a[at], b[at])) return false;
  return true;
}

/** Operators that give something else each time. */
const RANDOM = /^(Random|Bernoulli|Multinomial|Dropout)/;

function distinctNodes(nodes: readonly OnnxNode[], { fixed, insteadOf }: Sharing): OnnxNode[] {
  const first = new Map<string, OnnxNode>();
  const kept: OnnxNode[] = [];
  for (const original of nodes) {
    const node = renameInNode(original, (name) => insteadOf.get(name) ?? name);
    const key = keyOf(node);
    const same = key === undefined ? undefined : first.get(key);
    if (same && !node.outputs.some((name) => fixed.has(name))) {
      for (const [at, name] of node.outputs.entries()) insteadOf.set(name, same.outputs[at]);
      continue;
    }
    if (key !== undefined && !same) first.set(key, node);
    kept.push(node);
  }
  return kept;
}

/** All that decides what a node gives; undefined where equal nodes may give different things. */
function keyOf(node: OnnxNode): string | undefined {
  const { operator, domain, overload = "", inputs, outputs, attributes } = node;
  if (RANDOM.test(operator) || subgraphsOf(node).length > 0) return undefined;
  const named = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const values = named.map(([name, attribute]) => [name, plainValue(attribute)]);
  if (values.some(([, value]) => value === undefined)) return undefined;
  const given = outputs.map((name) => name !== "");
  return JSON.stringify([domain, operator, overload, inputs, given, values]);
}

/** An attribute of numbers or text as strings, so that NaN and bigints count. */
function plainValue(attribute: Attribute): string[] | undefined {
  switch (attribute.kind) {
    case "int":
    case "float":
    case "string":
      return [attribute.kind, String(attribute.value)];
    case "ints":
    case "floats":
    case "strings":
      return [attribute.kind, ...Array.from<unknown, string>(attribute.value, String)];
    default:
      return undefined;
  }
}
