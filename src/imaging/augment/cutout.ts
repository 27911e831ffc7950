// Boxes of the image blanked out. DeVries, Taylor, "Improved regularization of convolutional neural networks
// with cutout", arXiv:1708.04552, 2017; as MONAI's RandCoarseDropout.

import {
  anyOf,
  channelCount,
  type Image,
  makeImage,
  number,
  oneOf,
  parameters,
  type RandomStream,
  rules,
  type Triple,
  voxelCount,
} from "../../base/index.ts";
import { realVoxels } from "../resample/real-voxels.ts";
import { wholeTriple } from "../spatial/parameters.ts";
import type { TransformKind } from "../transform.ts";
import { type Range, randomChange, rangeRule, wholeWithin, within } from "./random-change.ts";
import { meanAndSpread } from "./spread-of-values.ts";

const value = anyOf('a number or "mean"', number(), oneOf("mean"));

const cutoutParameters = parameters({
  boxes: rules.array(
    rules.strictObject({ start: wholeTriple({ min: 0 }), size: wholeTriple({ min: 1 }) }),
  ),
  /** What the boxes hold: a value, or the mean of the image. */
  value: value.default("mean"),
});

interface Box {
  readonly start: Triple;
  readonly size: Triple;
}

export const cutout: TransformKind<typeof cutoutParameters> = {
  name: "cutout",
  title: "Blanks out boxes.",
  parameters: cutoutParameters,
  apply: (image, { boxes, value }) => {
    const found = value === "mean" ? meanAndSpread(image).mean : value;
    return { image: blank(image, boxes, found), found };
  },
  replay: (image, { settings, found }) => blank(image, settings.boxes, found as number),
};

/** Boxes end where the image does. */
function blank(image: Image, boxes: readonly Box[], value: number): Image {
  const data = realVoxels(image.data, { fresh: true });
  const { size } = image.geometry;
  const [width, height] = size;
  for (const box of boxes) {
    const end = box.start.map((first, axis) => Math.min(first + box.size[axis], size[axis]));
    for (let channel = 0; channel < channelCount(image); channel++) {
      for (let k = box.start[2]; k < end[2]; k++) {
        for (let j = box.start[1]; j < end[1]; j++) {
          const row = channel * voxelCount(image.geometry) + (k * height + j) * width;
          data.fill(value, row + Math.min(box.start[0], width), row + end[0]);
        }
      }
    }
  }
  return makeImage({ ...image, data });
}

export const randomCutout = randomChange({
  name: "random-cutout",
  title: "Blanks out random boxes.",
  parameters: {
    /** How many boxes. */
    count: rangeRule({ min: 0, max: 100 }).default([1, 3]),
    /** Length of a box's sides as shares of the image's. */
    size: rangeRule({ above: 0, max: 1 }).default([0.1, 0.3]),
    value: value.default("mean"),
  },
  draw: (random, { count, size, value }, { geometry }) => {
    const length = wholeWithin(random, count);
    const boxes = Array.from({ length }, () => drawBox(random, geometry.size, size));
    return { name: "cutout", boxes, value };
  },
});

function drawBox(random: RandomStream, whole: Triple, share: Range): Box {
  const size = whole.map((length) => Math.max(1, Math.round(length * within(random, share))));
  const start = whole.map((length, axis) => random.integer(length - size[axis] + 1));
  return { start: start as unknown as Triple, size: size as unknown as Triple };
}
