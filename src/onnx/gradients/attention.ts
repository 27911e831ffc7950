// Gradient of Attention, by its definition in terms of products and softmax.
// Vaswani and others: "Attention Is All You Need", 2017, section 3.2; ONNX, docs/Operators.md, Attention-23.

import type { Algebra, Term } from "../algebra.ts";
import { int } from "../model.ts";
import { composed, type ForwardNode, type GradientRules } from "./rule.ts";

/** Y = softmax(scale Q Kᵀ + mask) V, a head at a time. */
const attention = composed((node, m) => {
  const [q, k, v, mask, pastKey, pastValue] = node.inputs;
  const keyHeads = node.int("kv_num_heads", 0);
  const query = inHeads(m, q, node.int("q_num_heads", 0));
  const key = joined(m, pastKey, inHeads(m, k, keyHeads));
  const value = joined(m, pastValue, inHeads(m, v, keyHeads));
  const weights = attentionWeights(node, m, { query, key, mask });
  const [batch, heads, queries] = m.graph.shapeOf(query);
  const shared = m.graph.shapeOf(key)[1];
  const grouped = m.matmul(weights, shared === heads ? value : withAxis(m, value));
  const length = m.graph.shapeOf(value)[3];
  const y = shared === heads ? grouped : m.reshape(grouped, [batch, heads, queries, length]);
  const isFlat = m.graph.shapeOf(q).length === 3;
  const result = isFlat
    ? m.reshape(m.transpose(y, [0, 2, 1, 3]), [batch, queries, heads * length])
    : y;
  return [result, key, value];
});

/** [batch, length, heads · size] or [batch, heads, length, size] as the latter. */
function inHeads(m: Algebra, term: Term, heads: number): Term {
  const shape = m.graph.shapeOf(term);
  if (shape.length === 4) return term;
  const [batch, length, width] = shape;
  return m.transpose(m.reshape(term, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** What was seen before comes first. */
function joined(m: Algebra, past: Term | undefined, present: Term): Term {
  return past ? m.op("Concat", [past, present], { axis: int(2) }) : present;
}

function attentionWeights(
  node: ForwardNode,
  m: Algebra,
  { query, key, mask }: { query: Term; key: Term; mask: Term | undefined },
): Term {
  const [batch, heads, queries, size] = m.graph.shapeOf(query);
  const [, shared, keys] = m.graph.shapeOf(key);
  // Each side takes √scale, as ONNX has it, so that products do not overflow.
  const scale = Math.sqrt(node.float("scale", 1 / Math.sqrt(size)));
  const isGrouped = shared !== heads;
  // Several query heads share a head of keys: they are an axis of their own, along which keys are broadcast.
  const left = isGrouped ? m.reshape(query, [batch, shared, heads / shared, queries, size]) : query;
  const right = m.transpose(key, [0, 1, 3, 2]);
  const scores = m.matmul(m.mul(left, scale), m.mul(isGrouped ? withAxis(m, right) : right, scale));
  const bias = maskBias(node, m, { mask, like: query, queries, keys });
  const whole = isGrouped ? m.reshape(scores, [batch, heads, queries, keys]) : scores;
  const weights = m.op("Softmax", [masked(node, m, whole, bias)], { axis: int(-1) });
  return isGrouped ? m.reshape(weights, [batch, shared, heads / shared, queries, keys]) : weights;
}

/** [batch, heads, …] with an axis for the queries that share a head. */
function withAxis(m: Algebra, term: Term): Term {
  const [batch, heads, ...rest] = m.graph.shapeOf(term);
  return m.reshape(term, [batch, heads, 1, ...rest]);
}

/** The scores, capped by c tanh(s / c) where asked for, plus the mask. */
function masked(node: ForwardNode, m: Algebra, scores: Term, bias: Term | undefined): Term {
  const cap = node.float("softcap", 0);
  const capped = cap > 0 ? m.mul(m.op("Tanh", [m.div(scores, cap)]), cap) : scores;
  return bias ? m.add(capped, bias) : capped;
}

/** What is added to the scores: 0 where a query sees a key, −∞ where it does not, or the mask of numbers itself. */
function maskBias(
  node: ForwardNode,
  m: Algebra,
  place: { mask: Term | undefined; like: Term; queries: number; keys: number },
): Term | undefined {
  const { mask, like, queries, keys } = place;
  const isBool = mask ? m.graph.typeOf(mask)?.type === "bool" : false;
  const given = mask && (isBool ? hidden(m, mask, like) : mask);
  if (node.int("is_causal", 0) !== 1) return given || undefined;
  const past = keys - (m.graph.shapeOf(node.inputs[1]).at(-2) as number);
  const seen = new Uint8Array(queries * keys);
  for (let row = 0; row < queries; row++)
    seen.fill(1, row * keys, row * keys + Math.min(keys, row + 1 + past));
  const causal = m.graph.constant({ type: "bool", shape: [queries, keys], data: seen }, "causal");
  const bias = hidden(m, causal, like);
  return given ? m.add(given, bias) : bias;
}

function hidden(m: Algebra, isSeen: Term, like: Term): Term {
  const [zero, infinite] = [0, Number.NEGATIVE_INFINITY].map((value) => m.scalarLike(value, like));
  return m.where(isSeen, zero, infinite);
}

/** Rules by operator. */
export const attentionGradients: GradientRules = { Attention: attention };
