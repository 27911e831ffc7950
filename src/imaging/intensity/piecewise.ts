// Values along straight pieces between knots.

import type { VoxelArray } from "../../base/index.ts";
import type { FloatArray } from "./channels.ts";
import { fillMapped } from "./fill-mapped.ts";

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
  fillMapped(values, into, (value) => {
    const held = Math.max(low, Math.min(high, value));
    const piece = pieceOf(x, held);
    const part = (held - x[piece]) / (x[piece + 1] - x[piece]);
    return part * (y[piece + 1] - y[piece]) + y[piece];
  });
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
