// Evaluation of operators on text.

import { elementCount } from "../../base/index.ts";
import type { PlainTensor } from "./plain-tensor.ts";
import { expanded, numbers } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

function textsOf(node: EvaluatedNode, index: number): readonly string[] {
  return Array.from(node.any(index).data as ArrayLike<string>);
}

/** StringNormalizer: case changed and stop words left out; where none is left, one empty text. */
const normalizer: EvaluationRule = (node) => {
  const shape = node.any(0).shape;
  const change = node.text("case_change_action", "NONE");
  const isSensitive = node.int("is_case_sensitive", 0) === 1;
  const key = (word: string) => (isSensitive ? word : word.toLowerCase());
  const stops = new Set((node.texts("stopwords") ?? []).map(key));
  const kept = textsOf(node, 0).filter((word) => !stops.has(key(word)));
  const cased = kept.map((word) =>
    change === "LOWER" ? word.toLowerCase() : change === "UPPER" ? word.toUpperCase() : word,
  );
  const data = cased.length > 0 ? cased : [""];
  return [
    { type: "string", shape: shape.with(-1, data.length / elementCount(shape.slice(0, -1))), data },
  ];
};

/** TfIdfVectorizer: how often each n-gram of a list occurs, with up to `max_skip_count` words between its words. */
const vectorizer: EvaluationRule = (node) => {
  const x = node.any(0);
  const shape = node.outputShape();
  const width = shape[shape.length - 1];
  const length = x.shape[x.shape.length - 1];
  const grams = gramsOf(node);
  const weights = node.floats("weights");
  const mode = node.text("mode", "TF");
  const data = Array.from({ length: elementCount(shape) / width }, (_, row) => {
    const words = Array.from({ length }, (__, at) => String(x.data[row * length + at]));
    const counts = new Float64Array(width);
    for (const { words: gram, index, weightAt } of grams) {
      const count = occurrences(node, words, gram);
      const weight = weights?.[weightAt] ?? 1;
      const values: Readonly<Record<string, number>> = {
        TF: count,
        IDF: count > 0 ? weight : 0,
        TFIDF: count * weight,
      };
      counts[index] += values[mode] ?? node.fail("mode TF, IDF or TFIDF");
    }
    return Array.from(counts);
  });
  return [numbers(shape, data.flat())];
};

interface Gram {
  readonly words: readonly string[];
  readonly index: number;
  readonly weightAt: number;
}

/** The n-grams of the pool whose n the attributes allow. */
function gramsOf(node: EvaluatedNode): Gram[] {
  const pool = node.texts("pool_strings") ?? (node.ints("pool_int64s") ?? []).map(String);
  const starts = node.ints("ngram_counts") ?? [];
  const indexes = node.ints("ngram_indexes") ?? [];
  const [least, most] = [node.int("min_gram_length", 1), node.int("max_gram_length", 1)];
  let at = 0;
  return starts.flatMap((start, order) => {
    const n = order + 1;
    const end = starts[order + 1] ?? pool.length;
    return Array.from({ length: (end - start) / n }, (_, gram) => {
      const words = pool.slice(start + gram * n, start + (gram + 1) * n);
      const weightAt = at++;
      return { words, index: indexes[weightAt], weightAt };
    }).filter(() => n >= least && n <= most);
  });
}

/** How often a gram occurs, its words `1 … max_skip_count + 1` places apart; one word has no distance. */
function occurrences(
  node: EvaluatedNode,
  words: readonly string[],
  gram: readonly string[],
): number {
  const most = gram.length === 1 ? 0 : node.int("max_skip_count", 0);
  let count = 0;
  for (let skip = 0; skip <= most; skip++) {
    for (let start = 0; start + (gram.length - 1) * (skip + 1) < words.length; start++) {
      if (gram.every((word, at) => words[start + at * (skip + 1)] === word)) count++;
    }
  }
  return count;
}

const concat: EvaluationRule = (node) => {
  const shape = node.outputShape();
  const [a, b] = [expanded(node.any(0), shape).data, expanded(node.any(1), shape).data];
  const data = Array.from(a as ArrayLike<string>, (text, at) => text + (b[at] as string));
  return [{ type: "string", shape, data }];
};

const fullMatch: EvaluationRule = (node) => {
  const pattern = new RegExp(`^(?:${node.text("pattern", "")})$`, "u");
  const found = textsOf(node, 0).map((text) => Number(pattern.test(text)));
  return [numbers(node.any(0).shape, found, "bool")];
};

/** StringSplit: at a delimiter, or at any white space; the shorter lists are filled with empty texts. */
const split: EvaluationRule = (node) => {
  const { shape } = node.any(0);
  const delimiter = node.text("delimiter", "");
  const most = node.has("maxsplit") ? node.int("maxsplit", 0) : Number.POSITIVE_INFINITY;
  const lists = textsOf(node, 0).map((text) => parts(text, delimiter, most));
  const width = Math.max(0, ...lists.map((list) => list.length));
  const data = lists.flatMap((list) => [
    ...list,
    ...new Array<string>(width - list.length).fill(""),
  ]);
  const texts: PlainTensor = { type: "string", shape: [...shape, width], data };
  return [
    texts,
    numbers(
      shape,
      lists.map((list) => list.length),
      "int64",
    ),
  ];
};

function parts(text: string, delimiter: string, most: number): string[] {
  const trimmed = delimiter === "" ? text.trim() : text;
  if (trimmed === "") return [];
  const all = delimiter === "" ? trimmed.split(/\s+/) : trimmed.split(delimiter);
  if (all.length <= most + 1) return all;
  return [...all.slice(0, most), all.slice(most).join(delimiter || " ")];
}

/** Rules by operator. */
export const textRules: EvaluationRules = {
  StringNormalizer: normalizer,
  TfIdfVectorizer: vectorizer,
  StringConcat: concat,
  RegexFullMatch: fullMatch,
  StringSplit: split,
};
