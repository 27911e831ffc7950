// The values of an image channel by channel, and the images that a mapping of values gives.

import {
  channelCount,
  type Image,
  makeImage,
  makeVoxels,
  RoentgenError,
  type VoxelArray,
  voxelCount,
} from "../../base/index.ts";

/** The values of each channel, or those of all as one; views of the image's memory, not copies. */
export function channelViews(image: Image, channelWise: boolean): VoxelArray[] {
  return viewsOf(image, image.data, channelWise);
}

/** Elements that hold fractions: float64 stays what it is, everything else becomes float32. */
export type FloatArray = Float32Array | Float64Array;

interface Mapping {
  readonly channelWise: boolean;
  /** What the new values are, where it is known. */
  readonly unit?: string;
}

/** A new image on the same grid whose channels `map` fills, in fractions. */
export function mapChannels(
  image: Image,
  { channelWise, unit }: Mapping,
  map: (values: VoxelArray, into: FloatArray, channel: number) => void,
): Image {
  const type = image.data instanceof Float64Array ? "float64" : "float32";
  const data = makeVoxels(type, image.data.length);
  const targets = viewsOf(image, data, channelWise);
  channelViews(image, channelWise).forEach((values, channel) => {
    map(values, targets[channel], channel);
  });
  return makeImage({ geometry: image.geometry, channels: image.channels, data, unit });
}

function viewsOf<D extends VoxelArray>(image: Image, data: D, channelWise: boolean): D[] {
  if (!channelWise) return [data];
  const length = voxelCount(image.geometry);
  return Array.from(
    { length: channelCount(image) },
    (_, channel) => data.subarray(channel * length, (channel + 1) * length) as D,
  );
}

/** Whether values are whole numbers by type. */
export function isIntegerArray(data: VoxelArray): boolean {
  return !(data instanceof Float32Array || data instanceof Float64Array);
}

/**
 * Refuses what was found in an image of other channels.
 * @param what as a clause: "The landmarks found"
 * @throws RoentgenError "shape-mismatch"
 */
export function checkChannels(image: Image, found: ArrayLike<unknown>, what: string): void {
  const channels = channelCount(image);
  if (found.length === channels) return;
  throw new RoentgenError("shape-mismatch", {
    problem: `${what} do not fit the image`,
    expected: `as many as channels, ${channels}`,
    found: `${found.length}`,
  });
}
