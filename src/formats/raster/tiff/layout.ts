// How a page of a TIFF file holds its samples, checked before anything is decoded (TIFF 6.0, sections 3 to 15).

import { damaged, truncated, unsupported } from "../../damage.ts";
import { checkPixels } from "../pixel-limit.ts";
import type { Directory } from "./directory.ts";

/** Numbers of the fields that are used. */
export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

const COMPRESSIONS: Readonly<Record<number, string>> = {
  1: "none",
  5: "LZW",
  7: "JPEG",
  8: "Deflate",
  32773: "PackBits",
  32946: "Deflate",
};

export interface PageLayout {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format: 1 | 2 | 3;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr. */
  readonly photometric: number;
  readonly compression: string;
  /** Whether an extra sample is the opacity. */
  readonly opacity: boolean;
}

/** @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported", "too-large" */
export function layOutPage(
  page: Directory,
  bytes: Uint8Array,
  mostPixels: number,
  name: string,
): PageLayout {
  const width = one(page, TAG.width);
  const height = one(page, TAG.height);
  const samples = one(page, TAG.samples, 1);
  const isSize = (size: number) => Number.isInteger(size) && size > 0;
  if (!isSize(width) || !isSize(height) || !isSize(samples) || samples > 4096) {
    throw damaged(name, {
      expected: "a width, height and samples above 0",
      found: `${width} × ${height} × ${samples}`,
    });
  }
  checkPixels(width * samples, height, mostPixels * 4, name);
  checkPixels(width, height, mostPixels, name);
  const layout: PageLayout = {
    ...{ width, height, samples },
    bits: sameForAll(page, TAG.bits, 1, name),
    format: formatOf(page, name),
    photometric: one(page, TAG.photometric, 1),
    compression: COMPRESSIONS[one(page, TAG.compression, 1)] ?? "",
    opacity: [1, 2].includes(one(page, TAG.extraSamples, 0)),
  };
  checkSupport(layout, one(page, TAG.compression, 1), name);
  checkBlocks(page, layout, bytes, name);
  return layout;
}

/** The first number of a field. */
export function one(page: Directory, tag: number, otherwise = Number.NaN): number {
  const value = page.get(tag);
  return typeof value === "object" && value.length > 0 ? value[0] : otherwise;
}

function sameForAll(page: Directory, tag: number, otherwise: number, name: string): number {
  const values = page.get(tag) ?? [otherwise];
  if (typeof values === "object" && values.every((value) => value === values[0])) {
    return values[0] ?? otherwise;
  }
  throw unsupported(name, { expected: "samples of one size", found: `${values}`.slice(0, 80) });
}

function formatOf(page: Directory, name: string): 1 | 2 | 3 {
  const format = sameForAll(page, TAG.sampleFormat, 1, name);
  if (format === 1 || format === 2 || format === 3) return format;
  // Undefined data are read as unsigned numbers (section 19).
  if (format === 4) return 1;
  throw unsupported(name, {
    expected: "whole numbers or floating point",
    found: `format ${format}`,
  });
}

const bitsOf: Readonly<Record<1 | 2 | 3, readonly number[]>> = {
  1: [1, 2, 4, 8, 12, 16, 32],
  2: [8, 16, 32],
  3: [16, 32, 64],
};

function checkSupport(layout: PageLayout, code: number, name: string): void {
  const { compression, bits, format, photometric, samples } = layout;
  if (compression === "") {
    throw unsupported(name, {
      expected: "compression none, LZW, Deflate, PackBits or JPEG",
      found: `compression ${code}`,
    });
  }
  if (!bitsOf[format].includes(bits) || (compression === "JPEG" && bits !== 8)) {
    throw unsupported(name, {
      expected: "samples of 1 to 32 bits, or floating point",
      found: `${bits} bits`,
    });
  }
  const needed: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 };
  if (!(samples >= needed[photometric])) {
    throw unsupported(name, {
      expected: "grey, RGB, a palette, CMYK or YCbCr",
      found: `photometric interpretation ${photometric} of ${samples} samples`,
    });
  }
  if (photometric === 6 && compression !== "JPEG") {
    throw unsupported(name, { expected: "YCbCr only in JPEG", found: compression });
  }
}

/** Every strip or tile lies in the file, and there are as many as the size asks for. */
function checkBlocks(page: Directory, layout: PageLayout, bytes: Uint8Array, name: string): void {
  const { width, height, samples, bits, compression } = layout;
  const tiled = page.has(TAG.tileWidth);
  const blockWidth = tiled ? one(page, TAG.tileWidth) : width;
  const rows = tiled ? one(page, TAG.tileHeight) : one(page, TAG.rowsPerStrip, height);
  const blockHeight = tiled ? rows : Math.min(rows, height);
  const fits =
    Number.isInteger(blockWidth) &&
    Number.isInteger(blockHeight) &&
    blockWidth > 0 &&
    blockHeight > 0;
  // Tiles may be larger than a small picture, but not by much.
  const most = Math.max(2 ** 20, 4 * width * height);
  if (!fits || blockWidth * blockHeight > most) {
    throw damaged(name, {
      expected: "blocks of a size that fits",
      found: `${blockWidth} × ${blockHeight}`,
    });
  }
  const separate = one(page, TAG.planar, 1) === 2;
  const count =
    Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight) * (separate ? samples : 1);
  const offsets = numbers(page, tiled ? TAG.tileOffsets : TAG.stripOffsets);
  const lengths = numbers(page, tiled ? TAG.tileBytes : TAG.stripBytes);
  if (offsets.length < count || lengths.length < count) {
    throw damaged(name, {
      expected: `${count} strips or tiles`,
      found: `${Math.min(offsets.length, lengths.length)}`,
    });
  }
  const rowBytes = Math.ceil((blockWidth * (separate ? 1 : samples) * bits) / 8);
  const across = Math.ceil(width / blockWidth);
  const perSample = separate ? count / samples : count;
  for (let at = 0; at < count; at++) {
    if (offsets[at] + lengths[at] > bytes.length) {
      throw truncated(name, {
        expected: `a block up to ${offsets[at] + lengths[at]}`,
        found: `${bytes.length} bytes`,
      });
    }
    // The last strip holds fewer rows, the last tile as many as the others.
    const above = Math.floor((at % perSample) / across) * blockHeight;
    const inBlock = tiled ? blockHeight : Math.min(blockHeight, height - above);
    checkGrowth(bytes, offsets[at], lengths[at], compression, rowBytes * inBlock, name);
  }
}

function numbers(page: Directory, tag: number): readonly number[] {
  const value = page.get(tag);
  return typeof value === "object" ? value : [];
}

/** How much larger bytes can become: 128 of 2 in PackBits, 258 of 2 bits in Deflate, 4 kB of 9 bits in LZW. */
const growth: Readonly<Record<string, number>> = {
  none: 1,
  PackBits: 64,
  Deflate: 1032,
  LZW: 3641,
};

/** Sizes that the bytes cannot fill are refused before memory is taken. A JPEG inside says its own size. */
function checkGrowth(
  bytes: Uint8Array,
  offset: number,
  length: number,
  compression: string,
  full: number,
  name: string,
): void {
  if (compression !== "JPEG") {
    if (full <= length * growth[compression]) return;
    throw truncated(name, {
      expected: `${full} bytes in a strip or tile`,
      found: `${length} packed`,
    });
  }
  const end = offset + length;
  for (let at = offset + 2; at + 9 < end && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    const height = bytes[at + 5] * 256 + bytes[at + 6];
    const width = bytes[at + 7] * 256 + bytes[at + 8];
    if (isFrame && height * width > 4 * full + 4096) {
      throw damaged(name, {
        expected: `a JPEG of at most ${full} samples`,
        found: `${width} × ${height}`,
      });
    }
    if (isFrame || marker === 0xda) return;
    at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
  }
}
