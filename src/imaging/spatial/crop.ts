// Crops: to a box, and to what is not background.

import {
  channelCount,
  type Image,
  number,
  oneOf,
  parameters,
  RoentgenError,
  type Triple,
  voxelCount,
} from "../../base/index.ts";
import type { GridMap } from "../transform.ts";
import { movingTransform } from "./moving-transform.ts";
import { asTriple, wholeOrTriple, wholeTriple } from "./parameters.ts";
import { alongAxes, SAME_AXES, SAME_SCALE } from "./subgrid.ts";

/** A box of voxels: its first, and how many along i, j, k. */
export interface Box {
  readonly start: Triple;
  readonly size: Triple;
}

const PICK = { interpolation: "nearest", outside: 0 } as const;

/** Keeps a box of voxels; `invert` puts the outside value around it. */
export const crop = movingTransform({
  name: "crop",
  title: "Keeps the voxels of a box.",
  parameters: parameters({
    /** The first voxel that is kept, along i, j, k. */
    start: wholeTriple({ min: 0 }),
    /** Voxels kept along i, j, k. */
    size: wholeTriple({ min: 1 }),
  }),
  moves: {
    effect: "chooses",
    map: (before, box) => {
      checkInside(box, before.size);
      return cropMap(before, box);
    },
    sampling: () => PICK,
  },
});

function cropMap(before: Parameters<typeof alongAxes>[0], { start, size }: Box): GridMap {
  return alongAxes(before, { sourceAxis: SAME_AXES, scale: SAME_SCALE, shift: start }, size);
}

function checkInside({ start, size }: Box, whole: Triple): void {
  if (start.every((first, axis) => first + size[axis] <= whole[axis])) return;
  throw new RoentgenError("bad-option", {
    problem: "The box to crop leaves the image",
    expected: `a box within ${whole.join(" × ")} voxels`,
    found: `${size.join(" × ")} voxels from (${start.join(", ")}) on`,
    remedy: 'Use "crop-or-pad" for a size that the image may not have.',
    subject: "size",
  });
}

/**
 * Keeps the bounding box of the voxels above a value in any channel, with a margin that ends at the image's
 * edge. As MONAI's CropForeground and TorchIO's CropOrPad with a mask.
 */
export const cropToForeground = movingTransform({
  name: "crop-to-foreground",
  title: "Keeps the bounding box of what is not background, with a margin.",
  parameters: parameters({
    /** Voxels above this value are foreground. */
    above: number().default(0),
    /** Voxels kept around the foreground, where the image has them. */
    margin: wholeOrTriple({ min: 0 }).default(0),
    /** Where foreground is looked for: in the image or in its mask. */
    of: oneOf("image", "mask").default("image"),
    /** What becomes of an image without foreground. */
    whenEmpty: oneOf("refuse", "keep").default("refuse"),
  }),
  moves: {
    effect: "chooses",
    find: (image, { above, margin, of, whenEmpty }, { mask }) => {
      const looked = of === "mask" ? (mask ?? refuseWithoutMask()) : image;
      const box = foregroundBox(looked, above);
      if (!box && whenEmpty === "refuse") refuseEmpty(of, above);
      const { start, size } = box
        ? grow(box, asTriple(margin), image.geometry.size)
        : { start: [0, 0, 0], size: image.geometry.size };
      return { start: [...start], size: [...size] };
    },
    map: (before, _, found) => cropMap(before, found as unknown as Box),
    sampling: () => PICK,
  },
});

/** The smallest box around all voxels above a value, in any channel; undefined where there are none. */
function foregroundBox(image: Image, above: number): Box | undefined {
  const { data, geometry } = image;
  const [width, height] = geometry.size;
  const voxels = voxelCount(geometry);
  const low = [...geometry.size];
  const high = [-1, -1, -1];
  for (let row = 0; row < (voxels / width) * channelCount(image); row++) {
    const first = firstAbove(data, row * width, width, above);
    if (first < 0) continue;
    const last = lastAbove(data, row * width, width, above);
    const inVolume = row % (voxels / width);
    const place = [first, inVolume % height, Math.floor(inVolume / height)];
    for (const axis of [0, 1, 2]) {
      low[axis] = Math.min(low[axis], place[axis]);
      high[axis] = Math.max(high[axis], axis === 0 ? last : place[axis]);
    }
  }
  if (high[0] < 0) return undefined;
  return {
    start: low as unknown as Triple,
    size: high.map((last, axis) => last - low[axis] + 1) as unknown as Triple,
  };
}

function firstAbove(data: Image["data"], start: number, count: number, above: number): number {
  for (let i = 0; i < count; i++) if (data[start + i] > above) return i;
  return -1;
}

function lastAbove(data: Image["data"], start: number, count: number, above: number): number {
  for (let i = count - 1; i > 0; i--) if (data[start + i] > above) return i;
  return 0;
}

function grow({ start, size }: Box, margin: Triple, whole: Triple): Box {
  const low = start.map((first, axis) => Math.max(0, first - margin[axis]));
  const high = start.map((first, axis) => Math.min(whole[axis], first + size[axis] + margin[axis]));
  return {
    start: low as unknown as Triple,
    size: high.map((end, axis) => end - low[axis]) as unknown as Triple,
  };
}

function refuseWithoutMask(): never {
  throw new RoentgenError("value-missing", {
    problem: "Cannot crop to the foreground of the mask: there is no mask",
    remedy: 'Give a mask with the image, or look in the image itself (of: "image").',
    subject: "of",
  });
}

function refuseEmpty(of: string, above: number): never {
  throw new RoentgenError("value-missing", {
    problem: `Cannot crop to the foreground: no voxel of the ${of} is above ${above}`,
    remedy: 'Lower "above", or take such images whole (whenEmpty: "keep").',
    subject: "above",
  });
}
