// Values along straight pieces between knots.

import type { VoxelArray } from "../../base/index.ts";
import type { FloatArray } from "./channels.ts";

/** Knots, x strictly rising; y at each. At least one. */
export interface Knots {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Fills `into` with values mapped; beyond the outermost knots the ends hold, or their pieces go on. */
export function fillPiecewise(
  values: VoxelArray,
  into: FloatArray,
  { x, y }: Knots,
  beyond: "hold" | "extend",
): void {
  const last = x.length - 1;
  if (last === 0) {
    into.fill(y[0]);
    return;
  }
  const [low, high] = beyond === "hold" ? [x[0], x[last]] : [-Infinity, Infinity];
  for (let at = 0; at < values.length; at++) {
    const value = Math.max(low, Math.min(high, values[at]));
    const piece = pieceOf(x, value);
    const part = (value - x[piece]) / (x[piece + 1] - x[piece]);
    into[at] = part * (y[piece + 1] - y[piece]) + y[piece];
  }
}

/** The piece that a value lies on, the first or last one where it lies beyond: halving, log2(knots) steps. */
function pieceOf(x: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
