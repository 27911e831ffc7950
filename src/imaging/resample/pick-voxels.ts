// Voxels picked along axes: crops, pads, flips, turns by right angles, and the nearest voxel on finer or coarser grids.

import type { Triple, VoxelArray } from "../../base/index.ts";

/** The work of one channel. */
export interface PickWork {
  readonly source: VoxelArray;
  readonly sourceStart: number;
  readonly out: VoxelArray;
  readonly outStart: number;
  /** For each index along the target's i, j, k, what it adds to the source's place; −1 for outside. */
  readonly offsets: Triple<Int32Array>;
  readonly outsideValue: number;
}

/** Fills planes `from` … `to` of the target. */
export function pickPlanes(work: PickWork, from: number, to: number): void {
  const { sourceStart, out, offsets, outsideValue } = work;
  const [columns, rows, slices] = offsets;
  const contiguous = isRun(columns);
  let at = work.outStart + from * columns.length * rows.length;
  for (let k = from; k < to; k++) {
    for (let j = 0; j < rows.length; j++, at += columns.length) {
      const line = sourceStart + slices[k] + rows[j];
      if (slices[k] < 0 || rows[j] < 0) out.fill(outsideValue, at, at + columns.length);
      else if (contiguous) copyRun(work, line + columns[0], at);
      else pickRow(work, line, at);
    }
  }
}

/** Whether a row is a stretch of the source. */
function isRun(columns: Int32Array): boolean {
  return columns[0] >= 0 && columns.every((offset, at) => offset === columns[0] + at);
}

function copyRun({ source, out, offsets }: PickWork, from: number, at: number): void {
  const { length } = offsets[0];
  // A loop is as fast as `set` of a view, and makes no object a row.
  for (let i = 0; i < length; i++) out[at + i] = source[from + i];
}

function pickRow({ source, out, offsets, outsideValue }: PickWork, line: number, at: number): void {
  const columns = offsets[0];
  for (let i = 0; i < columns.length; i++) {
    out[at + i] = columns[i] < 0 ? outsideValue : source[line + columns[i]];
  }
}
