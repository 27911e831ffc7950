// Reads BMP (Windows bitmaps, BITMAPCOREHEADER to BITMAPV5HEADER): 1 to 32 bits a pixel, runs, bit fields.

import { damaged, truncated, unsupported } from "../../damage.ts";
import { MOST_PIXELS, type Picture } from "../picture.ts";
import { checkPixels } from "../pixel-limit.ts";
import { type BmpHeader, readBmpHeader } from "./header.ts";
import { spreadRuns } from "./runs.ts";

export interface BmpFile {
  readonly picture: Picture<Uint8Array>;
  readonly header: Omit<BmpHeader, "palette">;
  /** What the reader should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * A BMP file in memory: grey where its palette has no colour, else RGB, with opacity where bit fields have it.
 * @param options.mostPixels width · height beyond it is refused; by default 2²⁸
 * @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported" (JPEG or PNG inside), "too-large"
 */
export function readBmp(
  bytes: Uint8Array,
  { mostPixels = MOST_PIXELS, name = "the BMP file" }: { mostPixels?: number; name?: string } = {},
): BmpFile {
  const header = readBmpHeader(bytes, name);
  checkPixels(header.width, header.height, mostPixels, name);
  const { palette, ...described } = header;
  if (header.bits <= 8) return { ...fromPalette(bytes, header, name), header: described };
  return { picture: direct(bytes, header, name), header: described, notes: [] };
}

/** Rows lie from the bottom up unless the height was negative. */
function rowOf(y: number, { height, topDown }: BmpHeader): number {
  return topDown ? y : height - 1 - y;
}

function fromPalette(
  bytes: Uint8Array,
  header: BmpHeader,
  name: string,
): { picture: Picture<Uint8Array>; notes: string[] } {
  const { width, height, palette, compression } = header;
  const indices =
    compression === "none" ? unpackIndices(bytes, header, name) : spreadRuns(bytes, header, name);
  const isGrey = palette.every((value, at) => value === palette[at - (at % 3)]);
  const channels = isGrey ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let at = 0, to = 0; at < indices.length; at++, to += channels) {
    const entry = 3 * indices[at];
    if (entry >= palette.length) {
      const found = `${palette.length / 3}`;
      throw damaged(name, { expected: `a palette of more than ${indices[at]} colours`, found });
    }
    for (let colour = 0; colour < channels; colour++) data[to + colour] = palette[entry + colour];
  }
  const notes = isGrey ? [] : ["The colours of a palette were looked up."];
  return { picture: { width, height, channels, data }, notes };
}

/** Rows are padded to four bytes. */
function rowBytes({ width, bits }: BmpHeader): number {
  return Math.ceil((width * bits) / 32) * 4;
}

function checkRows(bytes: Uint8Array, header: BmpHeader, name: string): void {
  // The last row's padding is often left out.
  const needed =
    header.start +
    (header.height - 1) * rowBytes(header) +
    Math.ceil((header.width * header.bits) / 8);
  if (needed <= bytes.length) return;
  throw truncated(name, { expected: `${needed} bytes`, found: `${bytes.length}` });
}

function unpackIndices(bytes: Uint8Array, header: BmpHeader, name: string): Uint8Array {
  const { width, height, bits, start } = header;
  checkRows(bytes, header, name);
  const indices = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    const from = start + y * rowBytes(header);
    const to = rowOf(y, header) * width;
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      indices[to + x] = (bytes[from + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return indices;
}

function direct(bytes: Uint8Array, header: BmpHeader, name: string): Picture<Uint8Array> {
  const { width, height, bits, start, masks, compression } = header;
  if (compression !== "none") {
    throw unsupported(name, { expected: `${bits} bits without runs`, found: compression });
  }
  checkRows(bytes, header, name);
  const step = bits / 8;
  const fields = masks.filter((mask) => mask !== 0).map(fieldOf);
  const channels = masks[3] === 0 ? 3 : 4;
  if (fields.length !== channels) {
    throw damaged(name, { expected: "bit fields for red, green and blue", found: "fewer" });
  }
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    let from = start + y * rowBytes(header);
    let to = rowOf(y, header) * width * channels;
    for (let x = 0; x < width; x++, from += step) {
      let pixel = bytes[from] | (bytes[from + 1] << 8);
      if (step > 2) pixel |= bytes[from + 2] << 16;
      if (step > 3) pixel |= bytes[from + 3] << 24;
      for (const { shift, most } of fields) {
        const value = (pixel >>> shift) & most;
        data[to++] = most === 255 ? value : Math.round((value * 255) / most);
      }
    }
  }
  return { width, height, channels, data, ...(channels === 4 && { opaque: 255 }) };
}

/** Where a field's bits begin and the largest value that they hold. */
function fieldOf(mask: number): { shift: number; most: number } {
  const shift = 31 - Math.clz32(mask & -mask);
  return { shift, most: mask >>> shift };
}
