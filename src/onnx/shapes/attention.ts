// Shapes of attention (ONNX, Attention 23 and 24) and rotary embeddings.

import type { Dimension } from "../model.ts";
import { add, divideDown, multiply } from "./dimensions.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

type Lengths = readonly Dimension[];

/** [batch, heads, sequence, size of a head] of an input in either layout. */
function headed(shape: Lengths | undefined, heads: number): Lengths | undefined {
  if (shape?.length !== 3) return shape;
  return [shape[0], heads, shape[1], divideDown(shape[2], heads)];
}

const attention: ShapeRule = (node) => {
  const [q, k, v] = [0, 1, 2].map((index) => node.input(index));
  const query = headed(q?.shape, node.int("q_num_heads", 1));
  const key = headed(k?.shape, node.int("kv_num_heads", 1));
  const value = headed(v?.shape, node.int("kv_num_heads", 1));
  const known = (shape: Lengths | undefined, of = q) => of && { type: of.type, shape };
  if (!query || !key || !value) return [known(undefined), known(undefined, k), known(undefined, v)];
  if (typeof query[3] === "number" && typeof key[3] === "number" && query[3] !== key[3]) {
    node.fail("heads of one size in query and key");
  }
  const total = add(pastLength(node), key[2]);
  const isFlat = q?.shape?.length === 3;
  const output: Lengths = isFlat
    ? [query[0], query[2], multiply(query[1], value[3])]
    : [query[0], query[1], query[2], value[3]];
  return [
    known(output),
    known([key[0], key[1], total, key[3]], k),
    known([value[0], value[1], total, value[3]], v),
    known([query[0], query[1], query[2], total]),
  ];
};

/** Length of the keys that came before. */
function pastLength(node: InferredNode): Dimension {
  if (!node.hasInput(4)) return 0;
  return node.input(4)?.shape?.[2] ?? node.unknown();
}

/** RotaryEmbedding: as long as the input. */
const rotary: ShapeRule = (node) => [node.input(0)];

/** Rules by operator. */
export const attentionShapes: ShapeRules = { Attention: attention, RotaryEmbedding: rotary };
