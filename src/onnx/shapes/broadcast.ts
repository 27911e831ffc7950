// Multidirectional broadcasting (ONNX, Broadcasting.md).

import type { Dimension } from "../model.ts";

/** The common shape; undefined where the shapes do not go together. */
export function broadcastShapes(
  shapes: readonly (readonly Dimension[])[],
): Dimension[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: Dimension[] = new Array(rank).fill(1);
  for (const shape of shapes) {
    for (let at = 0; at < shape.length; at++) {
      const axis = rank - shape.length + at;
      const joined = broadcastDimension(result[axis], shape[at]);
      if (joined === undefined) return undefined;
      result[axis] = joined;
    }
  }
  return result;
}

/** A known length above 1 settles it; of two different names the first may turn out to be 1, but is kept. */
function broadcastDimension(a: Dimension, b: Dimension): Dimension | undefined {
  if (a === b || b === 1) return a;
  if (a === 1) return b;
  if (typeof a === "number") return typeof b === "string" ? a : undefined;
  return typeof b === "number" ? b : a;
}
