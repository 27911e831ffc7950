// Which rows a tree sees, and how often: resampled with replacement, in part, or all.

import { randomStream } from "../../base/index.ts";

export interface RowDraw {
  /** Patient (or other group) of each row, 0 … groupCount − 1; then whole groups are drawn. */
  readonly groups?: Int32Array;
  readonly groupCount: number;
  readonly bootstrap: boolean;
  /** Groups (rows where there are none) drawn, as a share of all. */
  readonly sampleFraction: number;
  readonly seed: number;
}

/**
 * Writes how often a tree sees each row. The same for the same seed and tree, so that out-of-bag rows
 * can be found again. All rows of a patient come together: a tree is judged on patients it never saw.
 */
export function drawRowsInto(times: Uint32Array, draw: RowDraw, tree: number): void {
  const { groups, groupCount } = draw;
  if (!groups) {
    drawUnitsInto(times, draw, tree);
    return;
  }
  const drawn = new Uint32Array(groupCount);
  drawUnitsInto(drawn, draw, tree);
  for (let row = 0; row < times.length; row++) times[row] = drawn[groups[row]];
}

function drawUnitsInto(times: Uint32Array, draw: RowDraw, tree: number): void {
  const units = times.length;
  const wanted = Math.max(1, Math.round(units * draw.sampleFraction));
  if (!draw.bootstrap && wanted === units) {
    times.fill(1);
    return;
  }
  times.fill(0);
  const random = randomStream({ seed: draw.seed, purpose: "forest/rows", sample: tree });
  if (draw.bootstrap) {
    // The bias of at most units / 2^32 is harmless here, the modulo of integer() is slow.
    for (let i = 0; i < wanted; i++) {
      times[Math.floor((random.uint32() * units) / 4294967296)] += 1;
    }
    return;
  }
  const order = random.permutation(units);
  for (let i = 0; i < wanted; i++) times[order[i]] = 1;
}
