// Contrast-limited adaptive histogram equalisation in two and three dimensions, as skimage.exposure.equalize_adapthist.

import {
  anyOf,
  checkParameters,
  type Image,
  integer,
  makeImage,
  number,
  type OptionsOf,
  parameters,
  rules,
  type SettingsOf,
  type Triple,
  type VoxelArray,
} from "../../../base/index.ts";
import type { TransformKind } from "../../transform.ts";
import { channelViews, type FloatArray, mapChannels } from "../channels.ts";
import { fillMapped } from "../fill-mapped.ts";
import { valuesToMeasure } from "../foreground.ts";
import { rangeOf } from "../histogram.ts";
import { GREYS, greyMaps, regionsOf } from "./grey-maps.ts";
import { interpolateGreys } from "./interpolate-greys.ts";

const whole = integer({ min: 1 });

export const claheParameters = parameters({
  /** Voxels of a region along each axis, or along i, j and k; an eighth of the image by default. */
  kernel: anyOf(
    "voxels above 0, or three such numbers",
    whole,
    rules.tuple([whole, whole, whole]),
  ).optional(),
  /** Share of a region's voxels that one bin may hold: 0.01; more gives more contrast, 0 leaves it unlimited. */
  clipLimit: number({ min: 0, max: 1 }).default(0.01),
  bins: integer({ min: 2, max: GREYS }).default(256),
});

export type ClaheOptions = OptionsOf<typeof claheParameters>;
type Settings = SettingsOf<typeof claheParameters>;

/**
 * Equalises each region's histogram with limited contrast, and goes smoothly from region to region; 0 … 1. Each channel
 * by itself, colours by their value (the V of HSV) so that hues stay. NaN becomes 0.
 */
export function clahe(image: Image, options: ClaheOptions = {}): Image {
  const settings = checkParameters(claheParameters, options, "CLAHE");
  const { size } = image.geometry;
  if (isColour(image)) return claheOfColours(image, settings);
  return mapChannels(image, { channelWise: true }, (values, into) =>
    fillChannel(values, into, size, settings),
  );
}

function fillChannel(values: VoxelArray, into: FloatArray, size: Triple, settings: Settings): void {
  const { bins, kernel } = settings;
  const each = typeof kernel === "number" ? ([kernel, kernel, kernel] as const) : kernel;
  const regions = regionsOf(size, each ? within(each, size) : eighth(size));
  const greyBins = greysOf(values, 1 + Math.floor(GREYS / bins));
  const maps = greyMaps(greyBins, size, regions, settings);
  interpolateGreys({ greyBins, size, regions, maps, bins }, into);
  stretchInPlace(into);
}

function eighth(size: Triple): Triple {
  const along = (axis: number) => Math.max(1, Math.floor(size[axis] / 8));
  return [along(0), along(1), along(2)];
}

/** A region along an axis of one voxel is that voxel. */
function within(kernel: Triple, size: Triple): Triple {
  const along = (axis: number) => (size[axis] === 1 ? 1 : kernel[axis]);
  return [along(0), along(1), along(2)];
}

/** The bin of each value's grey, 0 … GREYS − 1 from the lowest to the highest value; halves to even. */
function greysOf(values: VoxelArray, greysPerBin: number): Uint16Array {
  const [low, high] = rangeOf(valuesToMeasure(values, {}));
  const range = high > low ? high - low : 1;
  const greyBins = new Uint16Array(values.length);
  fillMapped(values, greyBins, (value) => {
    const grey = ((value - low) / range) * (GREYS - 1);
    const below = Math.floor(grey);
    const rest = grey - below;
    const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
    return Math.trunc(rounded / greysPerBin);
  });
  return greyBins;
}

function stretchInPlace(values: FloatArray): void {
  const [low, high] = rangeOf(values);
  const range = high > low ? high - low : 1;
  for (let at = 0; at < values.length; at++) values[at] = (values[at] - low) / range;
}

function isColour({ channels }: Image): boolean {
  return channels.length === 1 && channels[0].name === "color" && channels[0].size === 3;
}

/** Red, green and blue scaled alike, so that the largest of them becomes the equalised value. */
function claheOfColours(image: Image, settings: Settings): Image {
  const [red, green, blue] = channelViews(image, true);
  const value = new Float32Array(red.length);
  for (let at = 0; at < value.length; at++) value[at] = Math.max(red[at], green[at], blue[at]);
  const into = new Float32Array(value.length);
  fillChannel(value, into, image.geometry.size, settings);
  const { geometry, channels } = image;
  const data = new Float32Array(3 * value.length);
  for (let at = 0; at < value.length; at++) {
    for (const [channel, source] of [red, green, blue].entries()) {
      const share = value[at] > 0 ? source[at] / value[at] : 1;
      data[channel * value.length + at] = share * into[at];
    }
  }
  return makeImage({ geometry, channels, data });
}

export const claheKind: TransformKind<typeof claheParameters> = {
  name: "clahe",
  title: "Equalises histograms region by region with limited contrast (CLAHE).",
  parameters: claheParameters,
  apply: (image, settings) => ({ image: clahe(image, settings) }),
};
