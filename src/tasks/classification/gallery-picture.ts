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
import type { ReportPicture } from "../../study/index.ts";
import { imageOf } from "./image-loader.ts";

/** Pixels along the longest side of an image. */
const LONGEST = 160;

/** The image as the network got it and, where there is one, its map over it. */
export function galleryPicture(
  batch: ImageBatch,
  image: number,
  explanation: Explanation | undefined,
): Pick<ReportPicture, "png" | "width" | "height"> {
  const slice = explanation && strongestSlice(explanation, image);
  const scale = Math.max(1, Math.floor(LONGEST / Math.max(...batch.shape.slice(-2))));
  const shown = thumbnail(inputPicture(batch, image, { slice, scale }));
  const pictures = explanation
    ? [shown, overlay(mapOf(explanation, image, { slice }), shown)]
    : [shown];
  const { width, height, data } = mosaic(pictures);
  return { png: writePng({ width, height, channels: 3, depth: 8, data }), width, height };
}

/** Shrunk with its proportions where it is large. */
function thumbnail(picture: Picture): Picture {
  const { width, height, channels, data } = picture;
  const shrink = LONGEST / Math.max(width, height);
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
