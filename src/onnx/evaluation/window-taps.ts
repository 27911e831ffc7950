// Which element of the input lies under each element of a sliding window, for convolutions, pools and their reverse.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import type { Window } from "../shapes/window.ts";
import { positions } from "./positions.ts";

/** Positions under a window: `taps[position · elements + element]`, −1 in the padding. */
export interface WindowTaps {
  readonly positions: number;
  readonly elements: number;
  readonly taps: Int32Array;
}

/** The taps of a window that slides over `input` and stops at `output` positions an axis. */
export function windowTaps(
  { kernel, strides, dilations }: Pick<Window, "kernel" | "strides" | "dilations">,
  {
    input,
    output,
    before,
  }: { input: readonly number[]; output: readonly number[]; before: readonly number[] },
): WindowTaps {
  const offsets = indexVectors(kernel);
  const steps = rowMajorStrides(input);
  const taps = indexVectors(output).flatMap((at) =>
    offsets.map((offset) => {
      let place = 0;
      for (const [axis, start] of at.entries()) {
        const index = start * strides[axis] + offset[axis] * dilations[axis] - before[axis];
        if (index < 0 || index >= input[axis]) return -1;
        place += index * steps[axis];
      }
      return place;
    }),
  );
  return {
    positions: elementCount(output),
    elements: offsets.length,
    taps: Int32Array.from(taps),
  };
}

/** All index vectors of a shape, last axis fastest. */
export function indexVectors(shape: readonly number[]): number[][] {
  const strides = rowMajorStrides(shape);
  return Array.from(positions(shape, strides), (at) =>
    shape.map((length, axis) => Math.floor(at / strides[axis]) % length),
  );
}
