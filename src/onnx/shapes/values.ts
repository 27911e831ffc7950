// Elements of the small integer tensors with which models compute shapes, as far as they are known beforehand.

import type { ValueRule } from "./rule.ts";

const identity: ValueRule = (node) => node.value(0);

const shape: ValueRule = (node) => {
  const lengths = node.input(0)?.shape;
  return lengths?.slice(node.int("start", 0), node.has("end") ? node.int("end", 0) : undefined);
};

/** Rules by operator. */
export const shapeValues: Readonly<Record<string, ValueRule>> = {
  Identity: identity,
  Shape: shape,
};
