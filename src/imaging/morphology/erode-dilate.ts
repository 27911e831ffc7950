// Erosion, dilation, opening and closing of masks and grey values by flat structuring elements:
// Soille, "Morphological Image Analysis" (2003), chapters 3 and 4.

import {
  channelCount,
  checkParameters,
  type Geometry,
  type Image,
  makeImage,
  makeVoxels,
  type OptionsOf,
  type Triple,
  type VoxelArray,
  voxelCount,
  voxelType,
} from "../../base/index.ts";
import type { Extreme } from "./extreme.ts";
import { flatFilter } from "./flat-filter.ts";
import { pad, takeMiddle } from "./pad.ts";
import { type Element, elementOn, elementParameters, reachOf } from "./structuring-element.ts";

/**
 * The structuring element: by default a ball of radius 1 voxel, i.e. a voxel and its faces' neighbours. Channels
 * are worked on one by one; the type of the values stays. A mask may hold any one value for its foreground.
 */
export type ElementOptions = OptionsOf<typeof elementParameters>;

/** Each voxel becomes the smallest value under the element: masks shrink. */
export function erode<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: ElementOptions = {},
): Image<G, D> {
  return morph(image, options, "erosion", ["smallest"]);
}

/** Each voxel becomes the largest value under the element: masks grow. */
export function dilate<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: ElementOptions = {},
): Image<G, D> {
  return morph(image, options, "dilation", ["largest"]);
}

/** Erosion, then dilation: takes off what the element does not fit into. Twice is as once. */
export function open<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: ElementOptions = {},
): Image<G, D> {
  return morph(image, options, "opening", ["smallest", "largest"]);
}

/** Dilation, then erosion: fills gaps that the element does not fit into. Twice is as once. */
export function close<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: ElementOptions = {},
): Image<G, D> {
  return morph(image, options, "closing", ["largest", "smallest"]);
}

/** Dilation less erosion: the steepness of edges, or of a mask both sides of its surface; float32. */
export function morphologicalGradient<G extends Geometry>(
  image: Image<G>,
  options: ElementOptions = {},
): Image<G, Float32Array> {
  return difference(image, dilate(image, options).data, erode(image, options).data);
}

/** What an opening takes off: bright things smaller than the element (white top-hat); float32. */
export function topHat<G extends Geometry>(
  image: Image<G>,
  options: ElementOptions = {},
): Image<G, Float32Array> {
  return difference(image, image.data, open(image, options).data);
}

/** What a closing fills: dark things smaller than the element (black top-hat); float32. */
export function bottomHat<G extends Geometry>(
  image: Image<G>,
  options: ElementOptions = {},
): Image<G, Float32Array> {
  return difference(image, close(image, options).data, image.data);
}

function difference<G extends Geometry>(
  { geometry, channels }: Image<G>,
  from: VoxelArray,
  less: VoxelArray,
): Image<G, Float32Array> {
  const data = new Float32Array(from.length);
  for (let at = 0; at < data.length; at++) data[at] = from[at] - less[at];
  return makeImage({ geometry, channels, data });
}

function morph<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: ElementOptions,
  subject: string,
  extremes: readonly Extreme[],
): Image<G, D> {
  const settings = checkParameters(elementParameters, options, subject);
  const element = elementOn(image.geometry, settings);
  const { size } = image.geometry;
  const voxels = voxelCount(image.geometry);
  const data = makeVoxels(voxelType(image.data), image.data.length) as D;
  for (let channel = 0; channel < channelCount(image); channel++) {
    const from = channel * voxels;
    let values = image.data.subarray(from, from + voxels) as D;
    for (const extreme of extremes) {
      values = filterWithin(values, size, element, extreme, settings.outside);
    }
    data.set(values, from);
  }
  return makeImage({ ...image, data });
}

function filterWithin<D extends VoxelArray>(
  data: D,
  size: Triple,
  element: Element,
  extreme: Extreme,
  outside: "ignored" | "zero",
): D {
  if (outside === "ignored") return flatFilter(data, size, element, extreme);
  // One voxel of zeros on each side does what many would: a flat element that reaches beyond reaches it.
  const reach = reachOf(element).map((r) => Math.min(r, 1)) as unknown as Triple;
  const padded = pad(data, size, reach, 0);
  return takeMiddle(flatFilter(padded.data, padded.size, element, extreme), size, reach);
}
