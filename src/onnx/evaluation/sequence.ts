// Evaluation of operators on sequences of tensors and on optional values.

import { axisAttribute } from "../shapes/arguments.ts";
import { concatenated, sliced } from "./indexing.ts";
import type { PlainTensor } from "./plain-tensor.ts";
import { numbers, reshaped } from "./positions.ts";
import type { EvaluatedNode, EvaluatedValue, EvaluationRule, EvaluationRules } from "./rule.ts";

function sequenceOf(node: EvaluatedNode, index: number): readonly PlainTensor[] {
  const value = node.item(index);
  return value && !("type" in value) ? value : node.fail(`a sequence as input ${index}`);
}

/** A position that may count from the end. */
function positionOf(node: EvaluatedNode, index: number, length: number): number {
  const at = node.optional(index)?.data[0] ?? length;
  return at < 0 ? at + length : at;
}

const construct: EvaluationRule = (node) => [
  Array.from({ length: node.inputCount }, (_, index) => node.any(index)),
];

const at: EvaluationRule = (node) => {
  const sequence = sequenceOf(node, 0);
  return [sequence[positionOf(node, 1, sequence.length)] ?? node.fail("a position inside")];
};

const insert: EvaluationRule = (node) => {
  const sequence = sequenceOf(node, 0);
  return [sequence.toSpliced(positionOf(node, 2, sequence.length), 0, node.any(1))];
};

/** SequenceErase: without a position the last goes. */
const erase: EvaluationRule = (node) => {
  const sequence = sequenceOf(node, 0);
  const position = node.hasInput(1) ? positionOf(node, 1, sequence.length) : sequence.length - 1;
  return [sequence.toSpliced(position, 1)];
};

const length: EvaluationRule = (node) => [numbers([], [sequenceOf(node, 0).length], "int64")];

/** ConcatFromSequence: along an axis, a new one with `new_axis`. */
const concat: EvaluationRule = (node) => {
  const sequence = sequenceOf(node, 0);
  const isNew = node.int("new_axis", 0) === 1;
  const axis = axisAttribute(node, sequence[0].shape.length + Number(isNew), 0);
  const parts = isNew
    ? sequence.map((one) => reshaped(one, one.shape.toSpliced(axis, 0, 1)))
    : sequence;
  return [concatenated(parts, axis)];
};

/** SplitToSequence: in parts of given lengths, of one length, or one by one. */
const split: EvaluationRule = (node) => {
  const x = node.any(0);
  const axis = axisAttribute(node, x.shape.length, 0);
  const given = node.optional(1);
  const total = x.shape[axis];
  const each = given ? given.data[0] : 1;
  const equal = Array.from({ length: Math.ceil(total / each) }, (_, part) =>
    Math.min(each, total - part * each),
  );
  const lengths = given?.shape.length ? Array.from(given.data) : equal;
  let start = 0;
  const parts = lengths.map((count) => {
    const part = sliced(x, [{ axis, start, step: 1, count }]);
    start += count;
    const isBare = !given && node.int("keepdims", 1) === 0;
    return isBare ? reshaped(part, x.shape.toSpliced(axis, 1)) : part;
  });
  return [parts];
};

/** SequenceMap: the body once for every element; other sequences go along, tensors stay. */
const map: EvaluationRule = (node) => {
  const body = node.graph("body") ?? node.fail("a graph as body");
  const first = sequenceOf(node, 0);
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.item(index) ?? null);
  const rounds = first.map((_, round) =>
    node.run(
      body,
      inputs.map((value): EvaluatedValue => (value && !("type" in value) ? value[round] : value)),
    ),
  );
  return body.outputs.map((_, output) => rounds.map((results) => results[output] as PlainTensor));
};

const optional: EvaluationRule = (node) => [node.item(0) ?? null];

const hasElement: EvaluationRule = (node) => {
  const value = node.item(0);
  return [numbers([], [Number(value !== null && value !== undefined)], "bool")];
};

/** Rules by operator. */
export const sequenceRules: EvaluationRules = {
  SequenceConstruct: construct,
  SequenceEmpty: () => [[]],
  SequenceAt: at,
  SequenceInsert: insert,
  SequenceErase: erase,
  SequenceLength: length,
  ConcatFromSequence: concat,
  SplitToSequence: split,
  SequenceMap: map,
  Optional: optional,
  OptionalHasElement: hasElement,
  OptionalGetElement: optional,
};
