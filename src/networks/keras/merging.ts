// Keras's layers that take several inputs and give one.

import { int, type Term } from "../../onnx/index.ts";
import { type KerasSignal, type LayerRule, type LayerScope, physicalAxis } from "./layer-scope.ts";

/** Add, Multiply and their kind: one input after another. */
const merging =
  (combine: (scope: LayerScope, terms: readonly Term[]) => Term): LayerRule =>
  (scope, ...inputs) => {
    const { terms, moved } = alike(scope, inputs);
    return { term: combine(scope, terms), moved };
  };

export const sum = merging(({ m }, terms) => terms.reduce((all, one) => m.add(all, one)));
export const product = merging(({ m }, terms) => terms.reduce((all, one) => m.mul(all, one)));
export const average = merging(({ m }, terms) =>
  m.div(
    terms.reduce((all, one) => m.add(all, one)),
    terms.length,
  ),
);
export const maximum = merging(({ m }, terms) => m.op("Max", terms));
export const minimum = merging(({ m }, terms) => m.op("Min", terms));
export const difference = merging(({ m, config }, terms) => {
  if (terms.length === 2) return m.sub(terms[0], terms[1]);
  throw config.refuse({ expected: "two inputs", found: `${terms.length}` });
});

export const concatenation: LayerRule = (scope, ...inputs) => {
  const { terms, moved } = alike(scope, inputs);
  const rank = scope.shapeOf(inputs[0]).length;
  const axis = physicalAxis(scope.config.number("axis", -1), rank, moved);
  return { term: scope.m.op("Concat", terms, { axis: int(axis) }), moved };
};

/** Inputs in one order of axes: with the channels moved if any of them has it so. */
function alike(
  scope: LayerScope,
  inputs: readonly KerasSignal[],
): { terms: readonly Term[]; moved: boolean } {
  const ranks = new Set(inputs.map((input) => scope.shapeOf(input).length));
  if (ranks.size !== 1) {
    throw scope.config.refuse({
      expected: "inputs with equally many axes",
      found: inputs.map((input) => `[${scope.shapeOf(input).join(", ")}]`).join(" and ") || "none",
      remedy: "Reshape them in the model before they meet.",
    });
  }
  const moved = inputs.some((input) => input.moved);
  const terms = inputs.map((input) => (moved ? scope.moved(input) : scope.plain(input)));
  return { terms, moved };
}
