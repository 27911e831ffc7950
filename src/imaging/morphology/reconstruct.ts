// Geodesic reconstruction: a marker grows under a mask until nothing changes.
// Vincent: "Morphological grayscale reconstruction in image analysis", IEEE Transactions on Image Processing 2
// (1993), section IV.D, the hybrid of two scans and a queue.

import {
  checkParameters,
  type Geometry,
  type Image,
  makeImage,
  makeVoxels,
  type OptionsOf,
  parameters,
  RoentgenError,
  type Triple,
  type VoxelArray,
  voxelType,
} from "../../base/index.ts";
import { type Connectivity, connectivityRule, stepsBefore } from "./connectivity.ts";
import { pad, takeMiddle } from "./pad.ts";
import { refuseChannels } from "./single-channel.ts";

const reconstructionParameters = parameters({
  connectivity: connectivityRule().default(6),
});

export type ReconstructionOptions = OptionsOf<typeof reconstructionParameters>;

/**
 * Reconstruction by dilation: the marker (cut down to the mask where it is above) dilated to neighbours again and
 * again, never above the mask. Of a mask, its components that hold a voxel of the marker.
 * @throws RoentgenError "shape-mismatch" for grids that differ or several values a voxel
 */
export function reconstruct<G extends Geometry, D extends VoxelArray>(
  marker: Image,
  mask: Image<G, D>,
  options: ReconstructionOptions = {},
): Image<G, D> {
  const { connectivity } = checkParameters(reconstructionParameters, options, "reconstruction");
  refuseChannels(marker, "Cannot reconstruct from the marker");
  refuseChannels(mask, "Cannot reconstruct under the mask");
  refuseOtherSize(marker.geometry, mask.geometry);
  const { data: bound } = mask;
  const level = makeVoxels(voxelType(bound), bound.length) as D;
  let lowest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < level.length; at++) {
    level[at] = Math.min(marker.data[at], bound[at]);
    if (level[at] < lowest) lowest = level[at];
  }
  const { size } = mask.geometry;
  // A border at the lowest level neither gives nor takes, and spares the question what is outside.
  const padded = pad(level, size, BORDER, lowest);
  grow(padded.data, pad(bound, size, BORDER, lowest).data, padded.size, connectivity);
  return makeImage({ ...mask, data: takeMiddle(padded.data, size, BORDER) });
}

const BORDER: Triple = [1, 1, 1];

function refuseOtherSize(marker: Geometry, mask: Geometry): void {
  if (marker.size.every((n, axis) => n === mask.size[axis])) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "The marker lies on another grid than the mask",
    expected: mask.size.join(" × "),
    found: marker.size.join(" × "),
  });
}

/** Of a padded image: inner voxels, and so their neighbours, lie within the margin from both ends of memory. */
function grow(
  level: VoxelArray,
  bound: VoxelArray,
  [width, height]: Triple,
  connectivity: Connectivity,
): void {
  const steps = stepsBefore(connectivity).map(([di, dj, dk]) => di + width * (dj + height * dk));
  const before = Int32Array.from(steps);
  const after = before.map((step) => -step);
  const margin = width * height + width + 1;
  const end = level.length - margin;
  for (let at = margin; at < end; at++) raise(level, bound, at, before);
  const queue: number[] = [];
  for (let at = end - 1; at >= margin; at--) {
    raise(level, bound, at, after);
    if (canGrow(level, bound, at, after)) queue.push(at);
  }
  const around = Int32Array.from([...before, ...after]);
  for (let next = 0; next < queue.length; next++) {
    const at = queue[next];
    for (let n = 0; n < around.length; n++) {
      const other = at + around[n];
      if (level[other] >= level[at] || level[other] >= bound[other]) continue;
      level[other] = Math.min(level[at], bound[other]);
      queue.push(other);
    }
  }
}

/** Lifts a voxel to the highest of some neighbours, at most to its bound. */
function raise(level: VoxelArray, bound: VoxelArray, at: number, steps: Int32Array): void {
  let highest = level[at];
  for (let n = 0; n < steps.length; n++) highest = Math.max(highest, level[at + steps[n]]);
  level[at] = Math.min(highest, bound[at]);
}

/** Whether some neighbour is below both this voxel and its own bound. */
function canGrow(level: VoxelArray, bound: VoxelArray, at: number, steps: Int32Array): boolean {
  for (let n = 0; n < steps.length; n++) {
    const other = at + steps[n];
    if (level[other] < level[at] && level[other] < bound[other]) return true;
  }
  return false;
}
