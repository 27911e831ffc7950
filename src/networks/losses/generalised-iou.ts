// Generalised intersection over union of boxes, which still tells where to go when two boxes do not touch.
// Rezatofighi et al.: "Generalized intersection over union: a metric and a loss for bounding box regression", 2019,
// algorithm 2.

import { RoentgenError } from "../../base/index.ts";
import { type Algebra, int, type Term } from "../../onnx/index.ts";
import { type Loss, weightedMean } from "./loss.ts";

/** The two corners of boxes: for each spatial axis the coordinates [N, …, 1]. */
interface Boxes {
  readonly low: readonly Term[];
  readonly high: readonly Term[];
}

/**
 * 1 − (IoU − (C − U) / C), with U the volume of the union and C that of the smallest box around both; the mean over boxes.
 * Boxes are [N, 4] or [N, boxes, 4] as x₁ y₁ x₂ y₂, in space [N, 6] or [N, boxes, 6] as x₁ y₁ z₁ x₂ y₂ z₂; targets have the
 * same shape in float32. Predicted corners may come in either order. A target without extent is no box: it does not count,
 * so that samples with fewer boxes are filled up with zeros; without any box the loss is 0.
 */
export function generalisedIou(): Loss {
  return {
    name: "generalised IoU",
    settings: {},
    target: (shape) => ({ type: "float32", shape }),
    build(m, { output, target, weights }) {
      const [predicted, actual] = [inOrder(m, cornersOf(m, output)), cornersOf(m, target)];
      const isBox = m.compare("Greater", volumeOf(m, actual), 0);
      const losses = m.sub(1, overlapOf(m, { predicted, actual, isBox }));
      const rank = m.graph.shapeOf(output).length;
      const ofSample = m.reshape(weights, [-1, ...new Array(rank - 1).fill(1)]);
      return weightedMean(m, losses, m.mul(m.castLike(isBox, losses), ofSample));
    },
  };
}

/** IoU − (C − U) / C of each pair of boxes; any finite number where there is no box. */
function overlapOf(
  m: Algebra,
  { predicted, actual, isBox }: { predicted: Boxes; actual: Boxes; isBox: Term },
): Term {
  const inner = {
    low: pairs(m, "Max", predicted.low, actual.low),
    high: pairs(m, "Min", predicted.high, actual.high),
  };
  const outer = {
    low: pairs(m, "Min", predicted.low, actual.low),
    high: pairs(m, "Max", predicted.high, actual.high),
  };
  const intersection = volumeOf(m, inner);
  const both = m.add(volumeOf(m, predicted), volumeOf(m, actual));
  const union = m.where(isBox, m.sub(both, intersection), 1);
  const around = m.where(isBox, volumeOf(m, outer), 1);
  // IoU − (C − U) / C = I / U + U / C − 1.
  return m.sub(m.add(m.div(intersection, union), m.div(union, around)), 1);
}

/** Product of the lengths; 0 where a length would be negative. */
function volumeOf(m: Algebra, { low, high }: Boxes): Term {
  return high
    .map((end, axis) => m.op("Relu", [m.sub(end, low[axis])]))
    .reduce((product, length) => m.mul(product, length));
}

function cornersOf(m: Algebra, boxes: Term): Boxes {
  const shape = m.graph.shapeOf(boxes);
  const count = shape[shape.length - 1];
  if (shape.length < 2 || (count !== 4 && count !== 6)) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Generalised IoU compares boxes by two corners",
      expected: "[N, …, 4] in the plane or [N, …, 6] in space",
      found: `[${shape.join(", ")}]`,
    });
  }
  const parts = m.graph.nodeWithOutputs("Split", [boxes], count, {
    axis: int(-1),
    num_outputs: int(count),
  });
  return { low: parts.slice(0, count / 2), high: parts.slice(count / 2) };
}

function inOrder(m: Algebra, { low, high }: Boxes): Boxes {
  return { low: pairs(m, "Min", low, high), high: pairs(m, "Max", low, high) };
}

function pairs(
  m: Algebra,
  operator: "Min" | "Max",
  a: readonly Term[],
  b: readonly Term[],
): Term[] {
  return a.map((term, axis) => m.op(operator, [term, b[axis]]));
}
