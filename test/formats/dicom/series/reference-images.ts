// Compares an image with a NIfTI that dcm2niix made of it: by world coordinates where ours has them, else row by row.

import { channelCount, type Image, type Volume } from "../../../../src/base/index.ts";
import { comparePair } from "./reference-pairs.ts";

export interface Agreement {
  readonly voxels: number;
  /** Largest distance between centres of voxels, mm; of images without a place none. */
  readonly worstMm?: number;
  readonly worstDifference: number;
  /** Largest absolute value of the reference. */
  readonly largest: number;
}

/** How far they agree, or why they can't be compared. */
export function compareImages(ours: Image, reference: Image): Agreement | string {
  const sizes = [ours, reference].map((image) =>
    [...image.geometry.size, channelCount(image)].join(" × "),
  );
  if (sizes[0] !== sizes[1]) return `ours is ${sizes[0]}, the reference ${sizes[1]}`;
  if (ours.geometry.frame !== "LPS") return compareRows(ours, reference);
  if (reference.geometry.frame !== "LPS") return "the reference has no place";
  try {
    return comparePair(ours as Volume, reference as Volume);
  } catch (error) {
    return (error as Error).message;
  }
}

/** dcm2niix stores rows from the bottom up, DICOM from the top down. */
function compareRows(ours: Image, reference: Image): Agreement {
  const [width, height] = ours.geometry.size;
  let [worstDifference, largest] = [0, 0];
  for (let at = 0; at < ours.data.length; at++) {
    const row = Math.floor(at / width);
    const turned = row - (row % height) + (height - 1 - (row % height));
    const value = reference.data[turned * width + (at % width)];
    worstDifference = Math.max(worstDifference, Math.abs(ours.data[at] - value));
    largest = Math.max(largest, Math.abs(value));
  }
  return { voxels: ours.data.length, worstDifference, largest };
}
