// JPEG, WebP and GIF in Node (behind the package import #pictures), by sharp.

import { damaged } from "../damage.ts";
import { MOST_PIXELS, type Picture } from "./picture.ts";
import type { DecodedPicture, PictureKind } from "./picture-codecs.ts";
import { believablePixels, checkPixels } from "./pixel-limit.ts";

const opaque = 255;

/** With the first picture: its native library takes a tenth of a second, and most programs have none. */
async function loadSharp() {
  return (await import("sharp")).default;
}

/**
 * Decodes a picture to 8 bits: grey where the file is grey, else RGB, with opacity where it has any. Of
 * animations the first picture. Turned upright as its EXIF orientation says; colour profiles leave values be.
 * @throws RoentgenError "file-corrupt", "too-large"
 */
export async function decodePicture(
  bytes: Uint8Array,
  kind: PictureKind,
  {
    name,
    mostPixels = believablePixels(bytes, MOST_PIXELS),
  }: { name: string; mostPixels?: number },
): Promise<DecodedPicture> {
  if (bytes.length === 0) throw damaged(name, { expected: `a ${kind} picture`, found: "no bytes" });
  const limits = { limitInputPixels: false, failOn: "error", ignoreIcc: true } as const;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sharp = await loadSharp();
  const input = sharp(buffer, { ...limits, pages: 1 });
  const facts = await input.metadata().catch((cause) => {
    throw broken(name, kind, cause);
  });
  const { format, width, height, space, orientation = 1 } = facts;
  if (format !== kind) throw damaged(name, { expected: `a ${kind} picture`, found: `${format}` });
  checkPixels(width, height, mostPixels, name);
  const isGrey = space === "b-w";
  const upright = input.autoOrient().toColourspace(isGrey ? "b-w" : "srgb");
  const { data, info } = await upright
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause) => {
      throw broken(name, kind, cause);
    });
  const hasOpacity = info.channels === 2 || info.channels === 4;
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const size = { width: info.width, height: info.height, channels: info.channels };
  const picture: Picture<Uint8Array> = { ...size, data: samples, ...(hasOpacity && { opaque }) };
  const { density, chromaSubsampling, isProgressive, pages } = facts;
  const notes = [
    ...(orientation > 1 ? [`Turned upright as its EXIF orientation ${orientation} says.`] : []),
    ...(space === "cmyk" ? ["Converted from CMYK to RGB."] : []),
    ...((pages ?? 1) > 1 ? [`The first of ${pages} pictures was read.`] : []),
  ];
  const header = {
    ...{ width, height, space },
    ...(density !== undefined && { density }),
    ...(chromaSubsampling !== undefined && { chromaSubsampling }),
    ...(isProgressive !== undefined && { isProgressive }),
    ...(orientation > 1 && { orientation }),
  };
  return { picture, header, notes };
}

function broken(name: string, kind: PictureKind, cause: unknown) {
  const words = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  return damaged(name, {
    expected: `a sound ${kind} picture`,
    found: `an error in it (${words})`,
    cause,
  });
}

/** Encodes grey, RGB or RGB with opacity: JPEG at quality 95 without subsampling, WebP without loss. */
export async function encodePicture(
  { width, height, channels, data }: Picture<Uint8Array>,
  kind: "jpeg" | "webp",
): Promise<Uint8Array> {
  const raw = { width, height, channels: channels as 1 | 3 | 4 };
  const sharp = await loadSharp();
  const input = sharp(data, { raw, limitInputPixels: false });
  const encoder =
    kind === "jpeg"
      ? input
          .toColourspace(channels === 1 ? "b-w" : "srgb")
          .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
      : input.webp({ lossless: true });
  return new Uint8Array(await encoder.toBuffer());
}
