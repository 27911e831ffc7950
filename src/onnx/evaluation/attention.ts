// Evaluation of attention (ONNX, Attention 23 and 24; Vaswani et al. 2017, eq. 1) and rotary embeddings.

import { softmaxLine } from "./activation.ts";
import { concatenated } from "./indexing.ts";
import { matrixProduct } from "./matrix.ts";
import type { Numbers, PlainTensor } from "./plain-tensor.ts";
import { broadcastPositions, mapLines, numbers, reshaped, take, transposed } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

/** Y = softmax(softcap(√s Q (√s K)ᵀ) + mask) V for every head. */
const attention: EvaluationRule = (node) => {
  const isFlat = node.input(0).shape.length === 3;
  const q = headed(node.input(0), node.int("q_num_heads", 1));
  const newKey = headed(node.input(1), node.int("kv_num_heads", 1));
  const newValue = headed(node.input(2), node.int("kv_num_heads", 1));
  const [pastKey, pastValue] = [node.optional(4), node.optional(5)];
  const join = (past: Numbers | undefined, now: Numbers) =>
    past ? (concatenated([past, now], 2) as Numbers) : now;
  const [key, value] = [join(pastKey, newKey), join(pastValue, newValue)];
  const heads = q.shape[1];
  const scale = node.float("scale", 1 / Math.sqrt(q.shape[3]));
  const products = matrixProduct(q, transposed(repeated(key, heads), [0, 1, 3, 2]));
  const raw = { ...products, data: products.data.map((product) => product * scale) };
  const cap = node.float("softcap", 0);
  const capped = cap > 0 ? { ...raw, data: raw.data.map((x) => cap * Math.tanh(x / cap)) } : raw;
  const masked = masks(node, capped, pastKey?.shape[2] ?? 0);
  const weights = mapLines(masked, [3], softmaxLine);
  const y = matrixProduct(weights, repeated(value, heads));
  const stages: PlainTensor[] = [raw, capped, masked, weights];
  return [
    isFlat ? reshaped(transposed(y, [0, 2, 1, 3]), node.outputShape()) : y,
    key,
    value,
    stages[node.int("qk_matmul_output_mode", 0)],
  ];
};

/** [batch, heads, sequence, size] of a tensor that may be [batch, sequence, heads · size]. */
function headed(x: Numbers, heads: number): Numbers {
  if (x.shape.length === 4) return x;
  const [batch, length, width] = x.shape;
  return transposed(reshaped(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** Each head as often as the queries have heads for it (grouped-query attention). */
function repeated(x: Numbers, heads: number): Numbers {
  const [batch, own, length, size] = x.shape;
  if (own === heads) return x;
  const shape = [batch, own, heads / own, length, size];
  const sources = broadcastPositions([batch, own, 1, length, size], shape);
  return take(x, [batch, heads, length, size], sources);
}

/** Adds the mask, and −∞ where a query may not look: at later keys (causal) and at padding. */
function masks(node: EvaluatedNode, scores: Numbers, past: number): Numbers {
  const [, heads, queries, keys] = scores.shape;
  const mask = node.optional(3);
  const lengths = node.optional(6)?.data;
  const isCausal = node.int("is_causal", 0) === 1;
  const added = mask && maskPositions(mask.shape, scores.shape);
  const data = scores.data.map((score, at) => {
    const key = at % keys;
    const query = Math.floor(at / keys) % queries;
    const batch = Math.floor(at / (keys * queries * heads));
    // With a cache of fixed length the queries are its last ones.
    const offset = lengths && !node.hasInput(4) ? lengths[batch] - queries : past;
    if (isCausal && key > query + offset) return -Infinity;
    if (lengths && key >= lengths[batch]) return -Infinity;
    if (!mask || !added) return score;
    if (added[at] < 0) return -Infinity;
    const value = mask.data[added[at]];
    return mask.type === "bool" ? (value ? score : -Infinity) : score + value;
  });
  return { ...scores, data };
}

/** The mask's element for each score; a mask may be shorter than the keys, the rest is then out of sight: −1. */
function maskPositions(mask: readonly number[], scores: readonly number[]): Int32Array {
  const covered = mask[mask.length - 1];
  const keys = scores[3];
  if (covered === keys || covered === 1) return broadcastPositions(mask, scores);
  const places = broadcastPositions(mask, scores.with(3, covered));
  return Int32Array.from({ length: (places.length / covered) * keys }, (_, at) => {
    const key = at % keys;
    return key < covered ? places[Math.floor(at / keys) * covered + key] : -1;
  });
}

/** RotaryEmbedding: pairs of features turned by an angle that grows with the position (Su et al. 2021, eq. 34). */
const rotary: EvaluationRule = (node) => {
  const given = node.input(0);
  const [cos, sin, places] = [node.input(1), node.input(2), node.optional(3)];
  const x = headed(given, node.int("num_heads", 1));
  const [, heads, length, size] = x.shape;
  const turned = node.int("rotary_embedding_dim", 0) || size;
  const half = turned / 2;
  const isInterleaved = node.int("interleaved", 0) === 1;
  const y = x.data.slice();
  for (let row = 0; row < x.data.length / size; row++) {
    const [step, batch] = [row % length, Math.floor(row / (length * heads))];
    const place = places ? places.data[batch * length + step] : batch * length + step;
    for (let pair = 0; pair < half; pair++) {
      const a = row * size + (isInterleaved ? 2 * pair : pair);
      const b = isInterleaved ? a + 1 : a + half;
      const [c, s] = [cos.data[place * half + pair], sin.data[place * half + pair]];
      y[a] = c * x.data[a] - s * x.data[b];
      y[b] = s * x.data[a] + c * x.data[b];
    }
  }
  const result = numbers(x.shape, y, x.type);
  const isFlat = given.shape.length === 3;
  return [isFlat ? reshaped(transposed(result, [0, 2, 1, 3]), given.shape) : result];
};

/** Rules by operator. */
export const attentionRules: EvaluationRules = { Attention: attention, RotaryEmbedding: rotary };
