// A model's own operators (FunctionProto): the body that a node calls, with the node's attributes put in.

import type { OnnxFunction, OnnxNode } from "../model.ts";

/** The function that a node calls, its nodes with the attributes that this call gives them; undefined where it calls none. */
export function functionBody(
  node: OnnxNode,
  functions: readonly OnnxFunction[] | undefined,
): OnnxFunction | undefined {
  const found = functions?.find(
    ({ domain, name, overload = "" }) =>
      domain === node.domain && name === node.operator && overload === (node.overload ?? ""),
  );
  if (!found) return undefined;
  const given = { ...found.defaults, ...node.attributes };
  const nodes = found.nodes.map((inner) => {
    const attributes = Object.entries(inner.attributes).flatMap(([name, attribute]) => {
      const value = attribute.kind === "reference" ? given[attribute.value] : attribute;
      // An attribute that the caller leaves out is left out inside too.
      return value ? [[name, value] as const] : [];
    });
    return { ...inner, attributes: Object.fromEntries(attributes) };
  });
  return { ...found, nodes };
}
