// How steeply values change at each voxel: the length of the gradient by central differences.

import {
  channelCount,
  checkParameters,
  type Geometry,
  type Image,
  makeImage,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  type Triple,
  type VoxelArray,
  voxelCount,
} from "../../base/index.ts";

export const gradientParameters = parameters({
  /** "mm": change a mm; "voxels": change a voxel. */
  unit: oneOf("mm", "voxels").default("mm"),
});

export type GradientOptions = OptionsOf<typeof gradientParameters>;

/**
 * √(Σ (∂f/∂x)²), float32, by central differences inside and one-sided ones at the border, as numpy.gradient takes them.
 * Channels are measured one by one.
 * @throws RoentgenError "value-missing" for mm without spacing
 */
export function gradientMagnitude<G extends Geometry>(
  image: Image<G>,
  options: GradientOptions = {},
): Image<G, Float32Array> {
  const { unit } = checkParameters(gradientParameters, options, "gradient magnitude");
  const { geometry, channels } = image;
  const spacing = unit === "mm" ? geometry.spacing : ([1, 1, 1] as const);
  if (spacing === undefined) {
    throw new RoentgenError("value-missing", {
      problem: "Cannot measure change a mm: the image does not say how large its voxels are",
      remedy: 'Measure it a voxel (unit: "voxels").',
      subject: "unit",
    });
  }
  const data = new Float32Array(image.data.length);
  const voxels = voxelCount(geometry);
  for (let channel = 0; channel < channelCount(image); channel++) {
    const view = [channel * voxels, (channel + 1) * voxels] as const;
    measure(image.data.subarray(...view), data.subarray(...view), geometry.size, spacing);
  }
  return makeImage({ geometry, channels, data });
}

function measure(from: VoxelArray, to: Float32Array, size: Triple, spacing: Triple): void {
  const [width, height, depth] = size;
  const plane = width * height;
  const [si, sj, sk] = spacing;
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        const di = slope(from, at, i, width, 1) / si;
        const dj = slope(from, at, j, height, width) / sj;
        const dk = slope(from, at, k, depth, plane) / sk;
        to[at] = Math.sqrt(di * di + dj * dj + dk * dk);
      }
    }
  }
}

/** The change from one voxel to the next along an axis; 0 along an axis of one voxel. */
function slope(from: VoxelArray, at: number, n: number, length: number, step: number): number {
  const after = n + 1 < length ? 1 : 0;
  const before = n > 0 ? 1 : 0;
  const change = from[at + after * step] - from[at - before * step];
  return after + before === 2 ? change / 2 : change;
}
