// Values outside bounds set to the bounds.

import {
  checkParameters,
  type Image,
  makeImage,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  type VoxelArray,
} from "../../base/index.ts";
import type { TransformKind } from "../transform.ts";
import { isIntegerArray, mapChannels } from "./channels.ts";

export const clipParameters = parameters({
  /** Lowest value to keep; no bound where it is left out. */
  lower: number().optional(),
  upper: number().optional(),
});

export type ClipOptions = OptionsOf<typeof clipParameters>;

/**
 * Values below `lower` become it, those above `upper` likewise. The element type and unit stay; whole-number
 * types become float32 where a bound is a fraction or beyond what they hold.
 * @throws RoentgenError "bad-option" where lower lies above upper
 */
export function clipImage(image: Image, options: ClipOptions): Image {
  const { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = checkParameters(
    clipParameters,
    options,
    "clipping",
  );
  if (lower > upper) {
    throw new RoentgenError("bad-option", {
      problem: "There is nothing between the bounds",
      expected: "lower at most upper",
      found: `${lower} … ${upper}`,
      subject: "lower",
    });
  }
  const { geometry, channels, unit } = image;
  if (!holds(image.data, lower) || !holds(image.data, upper)) {
    return mapChannels(image, { channelWise: false, unit }, (values, into) =>
      fill(values, into, lower, upper),
    );
  }
  const data = image.data.slice() as VoxelArray;
  fill(image.data, data, lower, upper);
  return makeImage({ geometry, channels, data, unit });
}

function fill(values: VoxelArray, into: VoxelArray, lower: number, upper: number): void {
  for (let at = 0; at < values.length; at++) {
    into[at] = Math.max(lower, Math.min(upper, values[at]));
  }
}

/** Whether elements of this type can take a bound. */
function holds(data: VoxelArray, bound: number): boolean {
  if (!isIntegerArray(data) || !Number.isFinite(bound)) return true;
  const one = data.slice(0, 1);
  if (one.length === 0) return true;
  one[0] = bound;
  return one[0] === bound;
}

export const clipKind: TransformKind<typeof clipParameters> = {
  name: "clip",
  title: "Sets values outside bounds to the bounds.",
  parameters: clipParameters,
  apply: (image, settings) => ({ image: clipImage(image, settings) }),
};
