// Masks of what is in an image: values above a threshold, tidied by components, opening and filled holes.

import {
  anyOf,
  checkParameters,
  type Geometry,
  type Image,
  integer,
  makeImage,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  type SettingsOf,
  type VoxelArray,
} from "../../base/index.ts";
import { close, open } from "../morphology/erode-dilate.ts";
import { fillHoles } from "../morphology/fill-holes.ts";
import { largestComponent } from "../morphology/keep-components.ts";
import { refuseChannels } from "../morphology/single-channel.ts";
import type { TransformKind } from "../transform.ts";
import { liThreshold } from "./li.ts";
import { otsuThreshold } from "./otsu.ts";
import { imageStatistics } from "./statistics.ts";
import { triangleThreshold } from "./triangle.ts";

export const foregroundMaskParameters = parameters({
  /** Voxels above it are foreground: a number, or how it is found. */
  above: anyOf(
    '"otsu", "triangle", "li", "mean" or a number',
    oneOf("otsu", "triangle", "li", "mean"),
    number(),
  ).default("otsu"),
  /** Radius of the ball that the mask is opened with, in mm: takes off what is thinner than twice that. 0 for none. */
  openingMm: number({ min: 0 }).default(0),
  /** Radius of the ball that the mask is closed with, in mm. 0 for none. */
  closingMm: number({ min: 0 }).default(0),
  /** How many of the largest components to keep; 0 for all. */
  keep: integer({ min: 0 }).default(1),
  /** Holes to fill: in each slice, only those closed on all sides in the volume, or none. */
  fill: oneOf("slices", "volume", "none").default("slices"),
});

export type ForegroundMaskOptions = OptionsOf<typeof foregroundMaskParameters>;
type Settings = SettingsOf<typeof foregroundMaskParameters>;

/**
 * A mask (1 and 0) of the head, body or breast in an MR image, or of other bright things on dark ground: above Otsu's
 * threshold, the largest component, holes filled slice by slice. NaN is background.
 * @throws RoentgenError "shape-mismatch" for several values a voxel, "value-missing" for an image without a finite
 * value, or for mm where the image does not say how large its voxels are
 */
export function foregroundMask<G extends Geometry>(
  image: Image<G>,
  options: ForegroundMaskOptions = {},
): Image<G, Uint8Array> {
  refuseChannels(image, "Cannot find the foreground");
  const settings = checkParameters(foregroundMaskParameters, options, "foreground mask");
  return tidied(image, thresholdOf(image, settings.above), settings);
}

function thresholdOf(image: Image, above: Settings["above"]): number {
  if (above === "otsu") return otsuThreshold(image);
  if (above === "triangle") return triangleThreshold(image);
  if (above === "li") return liThreshold(image);
  if (above === "mean") return imageStatistics(image, { percents: [] }).mean;
  return above;
}

/** The mask of values above a threshold: opened, its largest components, closed, filled. */
export function tidied<G extends Geometry>(
  { geometry, data }: Image<G>,
  threshold: number,
  { openingMm, closingMm, keep, fill }: Omit<Settings, "above">,
): Image<G, Uint8Array> {
  let mask = makeImage({ geometry, data: aboveThreshold(data, threshold) });
  if (openingMm > 0) mask = open(mask, { radiusMm: openingMm });
  if (keep > 0) mask = largestComponent(mask, { keep });
  if (closingMm > 0) mask = close(mask, { radiusMm: closingMm });
  return fill === "none" ? mask : fillHoles(mask, { within: fill });
}

function aboveThreshold(values: VoxelArray, threshold: number): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) mask[at] = values[at] > threshold ? 1 : 0;
  return mask;
}

export const foregroundMaskKind: TransformKind<typeof foregroundMaskParameters> = {
  name: "foreground-mask",
  title: "Masks the foreground: above a threshold, the largest component, holes filled.",
  parameters: foregroundMaskParameters,
  apply: (image, settings) => {
    refuseChannels(image, "Cannot find the foreground");
    const threshold = thresholdOf(image, settings.above);
    return { image: tidied(image, threshold, settings), found: { threshold } };
  },
  replay: (image, { settings, found }) =>
    tidied(image, (found as { threshold: number }).threshold, settings),
};
