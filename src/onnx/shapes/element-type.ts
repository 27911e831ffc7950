// Element types that attributes give by number (TensorProto.DataType).

import { elementTypes } from "../file/schema.ts";
import type { ElementType } from "../model.ts";
import type { InferredNode } from "./rule.ts";

const byNumber = new Map(
  Object.entries(elementTypes).map(([name, value]) => [value as number, name]),
);

/** The type in an integer attribute; `fallback` where the attribute is absent. */
export function typeAttribute<Fallback extends ElementType | undefined>(
  node: Pick<InferredNode, "int" | "has" | "fail">,
  name: string,
  fallback: Fallback,
): ElementType | Fallback {
  if (!node.has(name) || node.int(name, 0) === 0) return fallback;
  const number = node.int(name, 0);
  const found = byNumber.get(number) as ElementType | undefined;
  return found ?? node.fail(`an element type as "${name}", not ${number}`);
}
