// A border of one value around an image, and the image without it.

import { makeVoxels, type Triple, type VoxelArray, voxelType } from "../../base/index.ts";

/** The image with `border` voxels of a value on both sides of each axis. */
export function pad<D extends VoxelArray>(
  data: D,
  size: Triple,
  border: Triple,
  value: number,
): { data: D; size: Triple } {
  const padded = grown(size, border);
  const out = makeVoxels(voxelType(data), padded[0] * padded[1] * padded[2]) as D;
  if (value !== 0) out.fill(value);
  eachRow(size, border, (inside, within) => {
    out.set(data.subarray(inside, inside + size[0]), within);
  });
  return { data: out, size: padded };
}

/** What `pad` put a border around. */
export function takeMiddle<D extends VoxelArray>(data: D, size: Triple, border: Triple): D {
  const out = makeVoxels(voxelType(data), size[0] * size[1] * size[2]) as D;
  eachRow(size, border, (inside, within) => {
    out.set(data.subarray(within, within + size[0]), inside);
  });
  return out;
}

function grown(size: Triple, border: Triple): Triple {
  return [size[0] + 2 * border[0], size[1] + 2 * border[1], size[2] + 2 * border[2]];
}

/** Calls back with the start of each row in the image and in the padded one. */
function eachRow(
  size: Triple,
  border: Triple,
  visit: (inside: number, within: number) => void,
): void {
  const [width, height] = grown(size, border);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = j + border[1] + height * (k + border[2]);
      visit((j + size[1] * k) * size[0], row * width + border[0]);
    }
  }
}
