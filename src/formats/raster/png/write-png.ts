// Writes PNG (3rd edition): grey, RGB or RGB with opacity, 8 or 16 bits a sample, without loss.

import { zlibSync } from "fflate";
import { RoentgenError } from "../../../base/index.ts";
import { joinBytes } from "../../elements/join-bytes.ts";
import { chunkBytes, SIGNATURE } from "./chunks.ts";
import { FILTERS, filterRow } from "./filters.ts";

/** A picture to be written as PNG. */
export interface PngPicture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB, 4 RGB and opacity. */
  readonly channels: 1 | 3 | 4;
  /** Bits a sample. */
  readonly depth: 8 | 16;
  /** Row after row from the top, the colours of a pixel side by side; 0–255 or 0–65535. */
  readonly data: ArrayLike<number>;
  /** Texts to go along, by keyword (1 to 79 Latin-1 characters): { Software: "roentgen" }. */
  readonly text?: Readonly<Record<string, string>>;
}

const colourTypes = { 1: 0, 3: 2, 4: 6 } as const;

/**
 * The bytes of a PNG file; the same in Node and browser.
 * @throws RoentgenError "value-invalid" for a size that PNG has not, "shape-mismatch" where data do not fill it
 */
export function writePng(picture: PngPicture): Uint8Array<ArrayBuffer> {
  checkPicture(picture);
  const { width, height, channels, depth, text = {} } = picture;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colourTypes[channels]], 8);
  return joinBytes([
    SIGNATURE,
    chunkBytes({ type: "IHDR", data: header }),
    ...Object.entries(text).map(([keyword, words]) => textChunk(keyword, words)),
    chunkBytes({ type: "IDAT", data: zlibSync(filteredRows(picture), { level: 6 }) }),
    chunkBytes({ type: "IEND", data: new Uint8Array() }),
  ]);
}

function checkPicture({ width, height, channels, data }: PngPicture): void {
  const isSize = (length: number) => Number.isInteger(length) && length > 0 && length < 2 ** 31;
  if (!isSize(width) || !isSize(height)) {
    throw new RoentgenError("value-invalid", {
      problem: "Cannot write a PNG picture of this size",
      expected: "width and height above 0",
      found: `${width} × ${height}`,
    });
  }
  if (data.length !== width * height * channels) {
    throw new RoentgenError("shape-mismatch", {
      problem: "The samples do not fill the picture",
      expected: `${width * height * channels} values for ${width} × ${height} × ${channels}`,
      found: `${data.length}`,
    });
  }
}

/** An international text (section 11.3.3.4), not compressed. */
function textChunk(keyword: string, words: string): Uint8Array {
  const encode = (part: string) => new TextEncoder().encode(part);
  return chunkBytes({
    type: "iTXt",
    data: joinBytes([encode(keyword), new Uint8Array(5), encode(words)]),
  });
}

/** Every row with the filter that leaves the least sum (section 12.7), its number in front. */
function filteredRows({ width, height, channels, depth, data }: PngPicture): Uint8Array {
  const step = (channels * depth) / 8;
  const rowBytes = width * step;
  const filtered = new Uint8Array(height * (rowBytes + 1));
  let row = new Uint8Array(rowBytes);
  let above = new Uint8Array(rowBytes);
  let [best, tried] = [new Uint8Array(rowBytes), new Uint8Array(rowBytes)];
  for (let y = 0; y < height; y++) {
    fillRow(row, data, y * width * channels, depth);
    let least = Number.POSITIVE_INFINITY;
    let chosen = 0;
    for (const filter of FILTERS) {
      const sum = filterRow(filter, row, above, step, tried);
      if (sum >= least) continue;
      [least, chosen] = [sum, filter];
      [best, tried] = [tried, best];
    }
    filtered[y * (rowBytes + 1)] = chosen;
    filtered.set(best, y * (rowBytes + 1) + 1);
    [row, above] = [above, row];
  }
  return filtered;
}

/** Samples of a row as bytes, the higher byte first. */
function fillRow(row: Uint8Array, data: ArrayLike<number>, start: number, depth: 8 | 16): void {
  if (depth === 8) {
    for (let at = 0; at < row.length; at++) row[at] = data[start + at];
    return;
  }
  for (let at = 0; at < row.length; at += 2) {
    const sample = data[start + at / 2];
    row[at] = sample >> 8;
    row[at + 1] = sample;
  }
}
