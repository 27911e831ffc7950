// One picture of a gallery: an image and the map over it, side by side, small enough for a report.

import { prepareImage } from "../../datasets/index.ts";
import {
  type Explanation,
  type ImageBatch,
  inputPicture,
  mapOf,
  mosaic,
  overlay,
  strongestSlice,
} from "../../explain/index.ts";
import { writePng } from "../../formats/index.ts";
import type { Picture } from "../../imaging/index.ts";
import type { PngPicture } from "../../study/index.ts";
import { imageOf } from "./image-loader.ts";

/** Pixels along the longest side of an image. */
const LONGEST = 160;

/** Pixels between images. */
const GAP = 4;

/** The image as the network got it and, where there is one, its map over it. */
export function galleryPicture(
  batch: ImageBatch,
  image: number,
  explanation: Explanation | undefined,
): PngPicture {
  const slice = explanation && strongestSlice(explanation, image);
  const shown = thumbnail(inputPicture(batch, image, { slice, scale: scaleOf(batch) }));
  const pictures = explanation
    ? [shown, overlay(mapOf(explanation, image, { slice }), shown)]
    : [shown];
  return pngOf(mosaic(pictures, { gap: GAP }));
}

/** Some images in a row that is as wide as such a pair. */
export function galleryRow(batch: ImageBatch): PngPicture {
  const [images] = batch.shape;
  const side = Math.max(...batch.shape.slice(-2));
  const pair = 2 * Math.min(LONGEST, side * scaleOf(batch)) + GAP;
  const longest = Math.floor((pair - (images - 1) * GAP) / images);
  const scale = Math.ceil(longest / side);
  const pictures = Array.from({ length: images }, (_, image) =>
    thumbnail(inputPicture(batch, image, { scale }), longest),
  );
  return pngOf(mosaic(pictures, { gap: GAP }));
}

function scaleOf({ shape }: ImageBatch): number {
  return Math.max(1, Math.floor(LONGEST / Math.max(...shape.slice(-2))));
}

function pngOf({ width, height, data }: Picture): PngPicture {
  return { png: writePng({ width, height, channels: 3, depth: 8, data }), width, height };
}

/** Shrunk with its proportions where it is large. */
function thumbnail(picture: Picture, longest: number = LONGEST): Picture {
  const { width, height, channels, data } = picture;
  const shrink = longest / Math.max(width, height);
  if (shrink >= 1) return picture;
  const plane = width * height;
  const planar = Float32Array.from(
    { length: plane * channels },
    (_, at) => data[(at % plane) * channels + Math.floor(at / plane)] / 255,
  );
  const size = [height, width].map((side) => Math.max(1, Math.round(side * shrink)));
  const small = prepareImage(imageOf(planar, [channels, height, width]), {
    ...{ size, channels, fit: "stretch" },
    intensity: { kind: "window", low: 0, high: 1 },
  });
  return inputPicture({ shape: [1, channels, ...size], data: small }, 0);
}
