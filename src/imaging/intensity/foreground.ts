// Which voxels count when values are measured: all, those in a mask, or those above a threshold.

import {
  anyOf,
  type Image,
  number,
  oneOf,
  parameters,
  RoentgenError,
  type VoxelArray,
  voxelCount,
} from "../../base/index.ts";
import { channelViews, isIntegerArray } from "./channels.ts";
import { otsuOf } from "./otsu.ts";

/**
 * Voxels to measure: "all"; those in the "mask"; "nonzero" (as MONAI's NormalizeIntensity); those above the
 * "mean" (as TorchIO's ZNormalization.mean), above "otsu"'s threshold, or above a number.
 */
export type Foreground = "all" | "mask" | "nonzero" | "mean" | "otsu" | { readonly above: number };

/** The rule of an option `foreground`. */
export function foregroundRule() {
  return anyOf(
    '"all", "mask", "nonzero", "mean", "otsu" or { above: a number }',
    oneOf("all", "mask", "nonzero", "mean", "otsu"),
    parameters({ above: number() }),
  );
}

/** A second image that says where to measure: every voxel other than 0. */
export interface Masked {
  readonly mask?: Image;
}

/** What is measured of an image, and whether each channel by itself. */
export interface Measured extends Masked {
  readonly foreground: Foreground;
  readonly channelWise: boolean;
}

/**
 * Measures the foreground of every channel, or of all together.
 * @throws RoentgenError "value-missing" where there is none, "shape-mismatch" for a mask on another grid
 */
export function measureChannels<T>(
  image: Image,
  { foreground, channelWise, mask }: Measured,
  measure: (values: VoxelArray) => T,
): T[] {
  if (foreground === "mask" && !mask) refuseMissingMask();
  const inside = maskVoxels(mask, image);
  return channelViews(image, channelWise).map((values) =>
    measure(valuesToMeasure(values, { foreground, mask: inside })),
  );
}

function refuseMissingMask(): never {
  throw new RoentgenError("value-missing", {
    problem: "The foreground is to be the mask",
    expected: "a mask on the image's grid",
    found: "none",
    remedy: 'Give one as `mask`, or choose another foreground, such as "nonzero".',
    subject: "foreground",
  });
}

/** A step's mask where its settings measure within it: a label map beside the image is not meant otherwise. */
export function maskWanted({ foreground }: { foreground: Foreground }, mask: Image | undefined) {
  return foreground === "mask" ? mask : undefined;
}

/** What counts in one channel. */
interface Counted {
  readonly foreground?: Foreground;
  /** A value for each voxel; it serves every channel where these come together. */
  readonly mask?: VoxelArray;
}

/**
 * Finite values of one channel inside mask and foreground; the values themselves where all count, else a copy.
 * @throws RoentgenError "value-missing" where none is left
 */
export function valuesToMeasure(values: VoxelArray, counted: Counted): VoxelArray {
  const { foreground = "all", mask } = counted;
  const everything = foreground === "all" && !mask && values.length > 0 && allFinite(values);
  const found = everything ? values : keep(values, foregroundTest(values, counted));
  if (found.length > 0) return found;
  throw new RoentgenError("value-missing", {
    problem: "There is nothing to measure in the image",
    expected: "a finite value in the foreground",
    found: "none",
    remedy: counted.mask
      ? "Give a mask with voxels in it, on the image's grid."
      : 'Choose another foreground, such as "all".',
  });
}

/** Whether the value at an index counts: finite, inside the mask and the foreground. */
export function foregroundTest(
  values: VoxelArray,
  { foreground = "all", mask }: Counted,
): (at: number) => boolean {
  const inside = insideTest(values, mask);
  if (foreground === "all" || foreground === "mask") return inside;
  if (foreground === "nonzero") return (at) => values[at] !== 0 && inside(at);
  const threshold = thresholdOf(keep(values, inside), foreground);
  return (at) => values[at] > threshold && inside(at);
}

type Thresholded = Exclude<Foreground, "all" | "mask" | "nonzero">;

function thresholdOf(values: VoxelArray, foreground: Thresholded): number {
  if (values.length === 0) return 0;
  if (foreground === "otsu") return otsuOf(values);
  if (foreground === "mean") return meanOf(values);
  return foreground.above;
}

function insideTest(values: VoxelArray, mask: VoxelArray | undefined): (at: number) => boolean {
  if (!mask) return isIntegerArray(values) ? () => true : (at) => holdsNumber(values[at]);
  const { length } = mask;
  return (at) => mask[at % length] !== 0 && holdsNumber(values[at]);
}

function meanOf(values: VoxelArray): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at];
  return sum / values.length;
}

function allFinite(values: VoxelArray): boolean {
  if (isIntegerArray(values)) return true;
  let at = 0;
  while (at < values.length && values[at] - values[at] === 0) at++;
  return at === values.length;
}

/** Infinite minus infinite is NaN, so this holds for finite numbers only; cheaper than a call. */
const holdsNumber = (value: number) => value - value === 0;

/** The values that count; the array itself where that is all of them. */
function keep(values: VoxelArray, counts: (at: number) => boolean): VoxelArray {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (counts(at)) count++;
  if (count === values.length) return values;
  const kept = new (values.constructor as new (length: number) => VoxelArray)(count);
  let next = 0;
  for (let at = 0; at < values.length; at++) if (counts(at)) kept[next++] = values[at];
  return kept;
}

/**
 * The voxels of a mask that lies on an image's grid.
 * @throws RoentgenError "shape-mismatch" where it has another size or several channels
 */
export function maskVoxels(mask: Image | undefined, image: Image): VoxelArray | undefined {
  if (!mask) return undefined;
  const sameSize = mask.geometry.size.every((size, axis) => size === image.geometry.size[axis]);
  if (sameSize && mask.data.length === voxelCount(image.geometry)) return mask.data;
  throw new RoentgenError("shape-mismatch", {
    problem: "The mask does not lie on the image's grid",
    expected: `one value for each of ${image.geometry.size.join(" × ")} voxels`,
    found: `${mask.data.length} values for ${mask.geometry.size.join(" × ")}`,
    remedy: "Resample the mask to the image first.",
    subject: "mask",
  });
}
