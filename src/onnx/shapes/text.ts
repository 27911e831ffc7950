// Shapes of operators on text.

import { broadcastShapes } from "./broadcast.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

/** StringNormalizer: stop words go, so that the number of words is not known. */
const normalizer: ShapeRule = (node) => {
  const shape = node.input(0)?.shape;
  const isShort = node.has("stopwords");
  return [{ type: "string", shape: isShort ? shape?.with(-1, node.unknown()) : shape }];
};

/** TfIdfVectorizer: as many numbers as the largest index needs. */
const vectorizer: ShapeRule = (node) => {
  const shape = node.input(0)?.shape;
  const length = Math.max(-1, ...(node.ints("ngram_indexes") ?? [])) + 1;
  return [{ type: "float32", shape: shape && [...shape.slice(0, -1), length] }];
};

const concat: ShapeRule = (node) => {
  const [a, b] = [node.input(0)?.shape, node.input(1)?.shape];
  const shape =
    a && b ? (broadcastShapes([a, b]) ?? node.fail("shapes that broadcast")) : undefined;
  return [{ type: "string", shape }];
};

const fullMatch: ShapeRule = (node) => [{ type: "bool", shape: node.input(0)?.shape }];

/** StringSplit: the parts, padded with empty strings, and how many there are. */
const split: ShapeRule = (node) => {
  const shape = node.input(0)?.shape;
  return [
    { type: "string", shape: shape && [...shape, node.unknown()] },
    { type: "int64", shape },
  ];
};

/** Rules by operator. */
export const textShapes: ShapeRules = {
  StringNormalizer: normalizer,
  TfIdfVectorizer: vectorizer,
  StringConcat: concat,
  RegexFullMatch: fullMatch,
  StringSplit: split,
};
