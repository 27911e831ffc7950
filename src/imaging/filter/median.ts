// The median around each voxel, which takes off single outliers and keeps edges.

import {
  anyOf,
  channelCount,
  checkParameters,
  type Geometry,
  type Image,
  integer,
  makeImage,
  makeVoxels,
  type OptionsOf,
  parameters,
  rules,
  type Triple,
  type VoxelArray,
  voxelCount,
  voxelType,
} from "../../base/index.ts";

const reach = integer({ min: 0, max: 50 });

export const medianParameters = parameters({
  /** Reach of the box around each voxel: one number of voxels, or one along each of i, j and k. */
  radius: anyOf(
    "a whole number of voxels, or three",
    reach,
    rules.tuple([reach, reach, reach]),
  ).default(1),
});

export type MedianOptions = OptionsOf<typeof medianParameters>;

/**
 * Each voxel becomes the median of the box around it; at the image's border, which is mirrored about its outer faces, as
 * scipy.ndimage.median_filter does. An axis of one voxel is left alone. Channels are filtered one by one.
 */
export function medianFilter<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: MedianOptions = {},
): Image<G, D> {
  const { radius } = checkParameters(medianParameters, options, "median filter");
  const { size } = image.geometry;
  const radii = typeof radius === "number" ? ([radius, radius, radius] as const) : radius;
  const box = radii.map((r, axis) => (size[axis] === 1 ? 0 : r)) as unknown as Triple;
  const data = makeVoxels(voxelType(image.data), image.data.length) as D;
  const voxels = voxelCount(image.geometry);
  for (let channel = 0; channel < channelCount(image); channel++) {
    const view = [channel * voxels, (channel + 1) * voxels] as const;
    filterChannel(image.data.subarray(...view), data.subarray(...view), size, box);
  }
  return makeImage({ ...image, data });
}

function filterChannel(from: VoxelArray, to: VoxelArray, size: Triple, [ri, rj, rk]: Triple): void {
  const [width, height, depth] = size;
  const columns = mirrored(width, ri);
  const rows = mirrored(height, rj);
  const slices = mirrored(depth, rk);
  const window = new Float64Array((2 * ri + 1) * (2 * rj + 1) * (2 * rk + 1));
  const middle = (window.length - 1) / 2;
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        let filled = 0;
        for (let c = 0; c <= 2 * rk; c++) {
          for (let b = 0; b <= 2 * rj; b++) {
            const row = (slices[k + c] * height + rows[j + b]) * width;
            for (let a = 0; a <= 2 * ri; a++) window[filled++] = from[row + columns[i + a]];
          }
        }
        to[at] = smallest(window, middle);
      }
    }
  }
}

/** Positions −reach … length + reach − 1, mirrored about the outer faces into the image. */
function mirrored(length: number, reach: number): Int32Array {
  return Int32Array.from({ length: length + 2 * reach }, (_, n) => {
    const period = 2 * length;
    const at = (((n - reach) % period) + period) % period;
    return at < length ? at : period - 1 - at;
  });
}

/** The value that `rank` others do not exceed; reorders. Hoare, "Algorithm 65: find" (1961). */
function smallest(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[rank];
    let up = low;
    let down = high;
    while (up <= down) {
      while (values[up] < pivot) up += 1;
      while (pivot < values[down]) down -= 1;
      if (up > down) break;
      const kept = values[up];
      values[up++] = values[down];
      values[down--] = kept;
    }
    if (down < rank) low = up;
    if (rank < up) high = down;
  }
  return values[rank];
}
