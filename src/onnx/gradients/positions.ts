// Operators that only pick elements, whichever way: run on the positions of the elements they tell where each gradient
// belongs.

import type { Algebra, Term } from "../algebra.ts";
import { text } from "../model.ts";
import { countOf } from "./rule.ts";

/** A tensor of a shape whose elements are 0, 1, 2, … in memory order. */
export function positionsOf(m: Algebra, shape: readonly number[]): Term {
  const [start, end, step] = [0, countOf(shape), 1].map((value) =>
    m.scalarLike(value, m.lengths([0])),
  );
  return m.reshape(m.op("Range", [start, end, step]), shape);
}

/** Zeros of the shape of x, with the elements of dy added at their positions. */
export function atPositions(
  m: Algebra,
  { x, dy, positions }: { x: Term; dy: Term; positions: Term },
): Term {
  const shape = m.graph.shapeOf(x);
  const zeros = m.fill(0, [countOf(shape)], dy);
  const flat = [m.reshape(positions, [-1]), m.reshape(dy, [-1])];
  // ScatterND adds equal indices in parallel in ONNX Runtime, so that sums get lost; ScatterElements does not.
  const added = m.op("ScatterElements", [zeros, ...flat], { reduction: text("add") });
  return m.reshape(added, shape);
}
