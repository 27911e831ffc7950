// Compares a volume with a reference NIfTI voxel by voxel, each looked up by its world coordinate.

import type { Volume } from "../../../../src/base/index.ts";
import {
  applyAffine,
  channelCount,
  composeAffines,
  indexToWorld,
  worldToIndex,
} from "../../../../src/base/index.ts";

export interface PairOutcome {
  readonly voxels: number;
  /** Largest distance of a voxel's centre in one from the nearest voxel's centre in the other, mm. */
  readonly worstMm: number;
  /** Largest difference of values, absolute. */
  readonly worstDifference: number;
  /** Largest absolute value of the reference. */
  readonly largest: number;
}

/** Both must have the same number of voxels and channels; grids may be flipped against each other. */
export function comparePair(ours: Volume, reference: Volume): PairOutcome {
  const toReference = composeAffines(worldToIndex(reference.geometry), indexToWorld(ours.geometry));
  const [width, height, depth] = ours.geometry.size;
  const size = reference.geometry.size;
  const [rw, rh] = size;
  const [spacing] = [reference.geometry.spacing];
  const plane = width * height * depth;
  const channels = channelCount(ours);
  if (channels !== channelCount(reference) || plane !== size[0] * size[1] * size[2]) {
    throw new Error(`Sizes differ: ${ours.data.length} and ${reference.data.length} voxels`);
  }
  let [worstMm, worstDifference, largest] = [0, 0, 0];
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const exact = applyAffine(toReference, [i, j, k]);
        const near = exact.map(Math.round);
        for (let axis = 0; axis < 3; axis++) {
          const off = Math.abs(exact[axis] - near[axis]) * spacing[axis];
          if (off > worstMm) worstMm = off;
          if (near[axis] < 0 || near[axis] >= size[axis])
            throw new Error(`Voxel ${i}, ${j}, ${k} is not in the reference`);
        }
        const at = (k * height + j) * width + i;
        const there = (near[2] * rh + near[1]) * rw + near[0];
        for (let c = 0; c < channels; c++) {
          const value = reference.data[c * plane + there];
          const difference = Math.abs(ours.data[c * plane + at] - value);
          if (!(difference <= worstDifference)) worstDifference = difference;
          if (Math.abs(value) > largest) largest = Math.abs(value);
        }
      }
    }
  }
  return { voxels: ours.data.length, worstMm, worstDifference, largest };
}
