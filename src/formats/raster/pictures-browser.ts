// JPEG, WebP and GIF in browsers (behind the package import #pictures), by the browser's own decoders.

import { RoentgenError } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { jpegHead } from "../dicom/pixels/codestream.ts";
import { MOST_PIXELS, type Picture } from "./picture.ts";
import type { DecodedPicture, PictureKind } from "./picture-codecs.ts";
import { believablePixels, checkPixels } from "./pixel-limit.ts";

/** As in Node; browsers decode JPEG with other rounding, and of transparent pixels lose some precision. */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  kind: PictureKind,
  {
    name,
    mostPixels = believablePixels(bytes, MOST_PIXELS),
  }: { name: string; mostPixels?: number },
): Promise<DecodedPicture> {
  const options = {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
    imageOrientation: "from-image",
  } as const;
  const blob = new Blob([bytes], { type: `image/${kind}` });
  const bitmap = await createImageBitmap(blob, options).catch((cause) => {
    throw damaged(name, { expected: `a sound ${kind} picture`, found: "an error in it", cause });
  });
  const { width, height } = bitmap;
  checkPixels(width, height, mostPixels, name);
  const context = contextOf(new OffscreenCanvas(width, height));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const notes = ["Decoded by the browser, turned upright as its EXIF orientation says."];
  const channels = channelsOf(bytes, kind, data);
  return { picture: narrow(data, width, height, channels), header: { width, height }, notes };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context) return context;
  throw new RoentgenError("too-large", {
    problem: `There is not enough memory for a picture of ${canvas.width} × ${canvas.height}`,
  });
}

/** Which of red, green, blue and opacity are kept, as browsers do not say what the file had. */
function channelsOf(
  bytes: Uint8Array,
  kind: PictureKind,
  data: Uint8ClampedArray,
): readonly number[] {
  // WebP knows no grey.
  let isGrey = kind === "jpeg" ? jpegHead(bytes)?.components === 1 : kind !== "webp";
  let isOpaque = true;
  for (let at = 0; at < data.length; at += 4) {
    isGrey &&= data[at] === data[at + 1] && data[at] === data[at + 2];
    isOpaque &&= data[at + 3] === 255;
  }
  return [...(isGrey ? [0] : [0, 1, 2]), ...(isOpaque ? [] : [3])];
}

function narrow(
  data: Uint8ClampedArray,
  width: number,
  height: number,
  kept: readonly number[],
): Picture<Uint8Array> {
  const samples = new Uint8Array(width * height * kept.length);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    for (const colour of kept) samples[to++] = data[from + colour];
  }
  const size = { width, height, channels: kept.length };
  return { ...size, data: samples, ...(kept.includes(3) && { opaque: 255 }) };
}

/** As in Node, with the browser's encoder: JPEG at quality 0.95; WebP loses a little. */
export async function encodePicture(
  { width, height, channels, data }: Picture<Uint8Array>,
  kind: "jpeg" | "webp",
): Promise<Uint8Array> {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++) {
    for (let colour = 0; colour < Math.max(3, channels); colour++) {
      pixels[4 * at + colour] = data[channels * at + (channels === 1 ? 0 : colour)];
    }
  }
  const canvas = new OffscreenCanvas(width, height);
  contextOf(canvas).putImageData(new ImageData(pixels, width, height), 0, 0);
  const quality = kind === "webp" ? 1 : 0.95;
  const blob = await canvas.convertToBlob({ type: `image/${kind}`, quality });
  return new Uint8Array(await blob.arrayBuffer());
}
