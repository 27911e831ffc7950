// Gradient of Einsum: for Y = Σ A B …, the gradient of A is the same sum of products with dY in the place of A.

import type { Algebra, Term } from "../algebra.ts";
import { text } from "../model.ts";
import { readEquation } from "../shapes/einsum.ts";
import { type ForwardNode, type GradientRule, type GradientRules, unbroadcast } from "./rule.ts";

/** An equation with a letter for every axis. */
interface Equation {
  readonly inputs: readonly string[];
  readonly output: string;
}

const einsum: GradientRule = (node, m, dy) => {
  const shapes = node.inputs.map((input) => m.graph.shapeOf(input));
  const ranks = shapes.map((shape) => shape.length);
  const equation = lettered(node, ranks);
  return node.inputs.map((x, index) => {
    if (!node.wants(index)) return undefined;
    const others = node.inputs.filter((_, at) => at !== index);
    return inputGradient(
      m,
      { equation, index, others, x, lengths: lengthsOf(equation, shapes) },
      dy,
    );
  });
};

interface Place {
  readonly equation: Equation;
  readonly index: number;
  readonly others: readonly Term[];
  readonly x: Term;
  readonly lengths: ReadonlyMap<string, number>;
}

function inputGradient(m: Algebra, { equation, index, others, x, lengths }: Place, dy: Term): Term {
  const letters = equation.inputs[index];
  const rest = equation.inputs.filter((_, at) => at !== index);
  const distinct = [...new Set(letters)];
  const present = distinct.filter((letter) => [equation.output, ...rest].join("").includes(letter));
  const terms = [equation.output, ...rest].join(",");
  const inner = m.op("Einsum", [dy, ...others], {
    equation: text(`${terms}->${present.join("")}`),
  });
  // Axes that only this input has were summed: each of their elements gets the gradient.
  const column = distinct.map((letter) =>
    present.includes(letter) ? (lengths.get(letter) as number) : 1,
  );
  const isFull = distinct.length === present.length;
  const whole = isFull ? inner : m.reshape(inner, column);
  if (distinct.length === letters.length) return fitted(m, whole, x);
  return onDiagonal(m, { letters, distinct, whole, x });
}

/** Summed over the axes that were broadcast, spread along those that were summed. */
function fitted(m: Algebra, gradient: Term, x: Term): Term {
  const summed = unbroadcast(m, gradient, x);
  const [from, to] = [m.graph.shapeOf(summed), m.graph.shapeOf(x)];
  return from.every((length, axis) => length === to[axis]) ? summed : m.expandLike(summed, x);
}

/** A letter that occurs twice takes the diagonal of its axes: its gradient lies there, 0 elsewhere. */
function onDiagonal(
  m: Algebra,
  place: { letters: string; distinct: readonly string[]; whole: Term; x: Term },
): Term {
  const { letters, distinct, whole, x } = place;
  const shape = m.graph.shapeOf(x);
  const wholeShape = m.graph.shapeOf(whole);
  const isFirst = [...letters].map((letter, axis) => letters.indexOf(letter) === axis);
  const spread = m.reshape(
    whole,
    [...letters].map((letter, axis) => (isFirst[axis] ? wholeShape[distinct.indexOf(letter)] : 1)),
  );
  const mask = m.graph.constant(
    {
      type: "bool",
      shape,
      data: diagonalMask(
        shape,
        [...letters].map((letter) => letters.indexOf(letter)),
      ),
    },
    "diagonal",
  );
  return m.where(mask, spread, 0);
}

/** 1 where each axis has the same index as the axis `twin` names. */
function diagonalMask(shape: readonly number[], twin: readonly number[]): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  const mask = new Uint8Array(count);
  const index = new Array<number>(shape.length).fill(0);
  for (let at = 0; at < count; at++) {
    for (let axis = shape.length - 1, left = at; axis >= 0; axis--) {
      index[axis] = left % shape[axis];
      left = Math.floor(left / shape[axis]);
    }
    mask[at] = twin.every((other, axis) => index[other] === index[axis]) ? 1 : 0;
  }
  return mask;
}

/** The equation with letters of their own for the axes of an ellipsis. */
function lettered(node: ForwardNode, ranks: readonly number[]): Equation {
  const { inputs, output } = readEquation(node, ranks);
  const used = node.text("equation", "");
  const spares = [...LETTERS].filter((letter) => !used.includes(letter));
  const letters = (term: readonly string[]) =>
    term.map((letter) => (/\d/.test(letter) ? spares[Number(letter)] : letter)).join("");
  return { inputs: inputs.map(letters), output: letters(output) };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The length of each letter: the longest, where one is broadcast. */
function lengthsOf(
  equation: Equation,
  shapes: readonly (readonly number[])[],
): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const [index, letters] of equation.inputs.entries()) {
    for (const [axis, letter] of [...letters].entries()) {
      lengths.set(letter, Math.max(lengths.get(letter) ?? 1, shapes[index][axis]));
    }
  }
  return lengths;
}

/** Rules by operator. */
export const einsumGradients: GradientRules = { Einsum: einsum };
