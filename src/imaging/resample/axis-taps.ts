// Where the values along one axis come from, when target and source axes run alike: worked out once an axis.

import type { Outside } from "../transform.ts";
import { foldCoordinate, mirrorIndex } from "./boundary.ts";
import { cubicWeightsInto } from "./cubic-weights.ts";
import { snapCoordinate } from "./grid-map.ts";
import { nearestIndex } from "./sample-nearest.ts";

/** For each index of the target, `taps` indices of the source and their weights. */
export interface AxisTaps {
  readonly taps: number;
  readonly index: Int32Array;
  readonly weight: Float64Array;
  /** 0 where the outside value stands. */
  readonly inside: Uint8Array;
}

/** The line of target indices: source coordinate = scale · index + shift. */
export interface AxisLine {
  readonly count: number;
  readonly scale: number;
  readonly shift: number;
  /** Voxels of the source along its axis. */
  readonly size: number;
}

export function axisTaps(
  line: AxisLine,
  interpolation: "nearest" | "linear" | "cubic",
  outside: Outside,
): AxisTaps {
  const taps =
    line.size === 1 || interpolation === "nearest" ? 1 : interpolation === "linear" ? 2 : 4;
  const index = new Int32Array(line.count * taps);
  const weight = new Float64Array(line.count * taps);
  const inside = new Uint8Array(line.count);
  for (let n = 0; n < line.count; n++) {
    const coordinate = snapCoordinate(line.scale * n + line.shift);
    const at = foldCoordinate(coordinate, line.size, outside);
    if (Number.isNaN(at)) continue;
    inside[n] = 1;
    if (taps === 1) nearestTap(index, weight, n, at, line.size);
    else if (taps === 2) linearTaps(index, weight, n, at, line.size);
    else cubicTaps(index, weight, n, at, line.size);
  }
  return { taps, index, weight, inside };
}

function nearestTap(index: Int32Array, weight: Float64Array, n: number, at: number, size: number) {
  index[n] = nearestIndex(at, size);
  weight[n] = 1;
}

function linearTaps(index: Int32Array, weight: Float64Array, n: number, at: number, size: number) {
  const before = Math.min(Math.floor(at), size - 2);
  index[2 * n] = before;
  index[2 * n + 1] = before + 1;
  weight[2 * n + 1] = at - before;
  weight[2 * n] = 1 - weight[2 * n + 1];
}

function cubicTaps(index: Int32Array, weight: Float64Array, n: number, at: number, size: number) {
  const before = Math.floor(at);
  cubicWeightsInto(weight, 4 * n, at - before);
  for (let tap = 0; tap < 4; tap++) index[4 * n + tap] = mirrorIndex(before - 1 + tap, size);
}
