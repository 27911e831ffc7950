// The header of a PNG file and the chunks that say what its samples mean (PNG 3rd edition, section 11).

import { damaged } from "../../damage.ts";
import { checkPixels } from "../pixel-limit.ts";
import type { Chunk } from "./chunks.ts";

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and opacity, 6 RGB and opacity. */
  readonly colourType: number;
  /** Samples a pixel has in the file: 1 for a palette. */
  readonly samples: number;
  readonly interlaced: boolean;
}

const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depthsOf: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const knownCritical = ["IHDR", "PLTE", "IDAT", "IEND"];

/**
 * The header, its numbers checked (table 11.1).
 * @throws RoentgenError "file-corrupt"; "too-large" for more pixels than allowed
 */
export function readHeader(chunks: readonly Chunk[], mostPixels: number, name: string): PngHeader {
  const [{ type, data }] = chunks;
  if (type !== "IHDR" || data.length !== 13) {
    throw damaged(name, { expected: "a header of 13 bytes first", found: `${type}` });
  }
  const stranger = chunks.find(
    (one) => /^[A-Z]/.test(one.type) && !knownCritical.includes(one.type),
  );
  if (stranger) throw damaged(name, { expected: "known chunks", found: stranger.type });
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bitDepth, colourType, compression, filtering, interlacing] = data.subarray(8);
  const fits = width > 0 && height > 0 && width < 2 ** 31 && height < 2 ** 31;
  const known = compression === 0 && filtering === 0 && interlacing < 2;
  if (!fits || !known || !depthsOf[colourType]?.includes(bitDepth)) {
    throw damaged(name, {
      expected: "a size, bit depth, colour type and methods that PNG has",
      found: `${width} × ${height}, ${bitDepth} bits, type ${colourType}, methods ${compression}, ${filtering}, ${interlacing}`,
    });
  }
  checkPixels(width, height, mostPixels, name);
  const samples = samplesOf[colourType];
  return { width, height, bitDepth, colourType, samples, interlaced: interlacing === 1 };
}

/** The data of the one chunk of a type. */
export function chunkData(chunks: readonly Chunk[], type: string): Uint8Array | undefined {
  return chunks.find((chunk) => chunk.type === type)?.data;
}

/** What else the file says, for a person to read: texts, resolution, significant bits. */
export function describeChunks(chunks: readonly Chunk[]): Record<string, unknown> {
  const resolution = chunkData(chunks, "pHYs");
  const significantBits = chunkData(chunks, "sBIT");
  const texts = chunks.filter(({ type }) => type === "tEXt" || type === "iTXt").map(readText);
  return {
    ...(resolution?.length === 9 && { pixelsPerUnit: pixelsPerUnit(resolution) }),
    ...(significantBits && { significantBits: [...significantBits] }),
    ...(texts.length > 0 && { text: Object.fromEntries(texts) }),
    ...(chunkData(chunks, "acTL") && { animated: true }),
    ...(chunkData(chunks, "iCCP") && { colourProfile: true }),
  };
}

/** pHYs (section 11.3.4.3): the resolution of paper or screen. */
function pixelsPerUnit(data: Uint8Array): { x: number; y: number; unit: string } {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const unit = data[8] === 1 ? "metre" : "unknown";
  return { x: view.getUint32(0), y: view.getUint32(4), unit };
}

function readText({ type, data }: Chunk): [string, string] {
  const end = data.indexOf(0);
  const keyword = latin1(data.subarray(0, Math.max(end, 0)));
  if (type === "tEXt") return [keyword, latin1(data.subarray(end + 1))];
  const compressed = data[end + 1] === 1;
  const language = data.indexOf(0, end + 3);
  const translated = data.indexOf(0, language + 1);
  const words = data.subarray(translated + 1);
  return [keyword, compressed ? "(compressed)" : new TextDecoder().decode(words)];
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
