// Reads PNG (3rd edition): every bit depth and colour type, interlaced or not, every value exact.

import { damaged } from "../../damage.ts";
import { MOST_PIXELS, type Picture } from "../picture.ts";
import { type Chunk, readChunks } from "./chunks.ts";
import { chunkData, describeChunks, type PngHeader, readHeader } from "./header.ts";
import { readSamples } from "./rows.ts";

export interface PngFile {
  /** Values 0–255, or 0–65535 of a file with 16 bits a sample. */
  readonly picture: Picture<Uint8Array | Uint16Array>;
  readonly header: PngHeader & Readonly<Record<string, unknown>>;
  /** What the reader should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * A PNG file in memory. Grey of 1, 2 or 4 bits is spread over 0–255 as the format defines its samples
 * (section 13.12), palettes are looked up, a transparent colour becomes opacity. Gamma and colour profiles
 * do not change values. Of an animation it gives the picture that other programs show.
 * @param options.mostPixels width · height beyond it is refused; by default 2²⁸
 * @throws RoentgenError "file-corrupt", "file-truncated", "too-large"
 */
export function readPng(
  bytes: Uint8Array,
  { mostPixels = MOST_PIXELS, name = "the PNG file" }: { mostPixels?: number; name?: string } = {},
): PngFile {
  const chunks = readChunks(bytes, name);
  const header = readHeader(chunks, mostPixels, name);
  const samples = readSamples(chunks, header, name);
  const { picture, notes } = meaning(samples, header, chunks, name);
  if (chunkData(chunks, "acTL"))
    notes.push("The file is an animation; its still picture was read.");
  return { picture, header: { ...header, ...describeChunks(chunks) }, notes };
}

interface Meaning {
  picture: Picture<Uint8Array | Uint16Array>;
  notes: string[];
}

function meaning(
  samples: Uint8Array | Uint16Array,
  header: PngHeader,
  chunks: readonly Chunk[],
  name: string,
): Meaning {
  const { width, height, bitDepth, colourType } = header;
  const opaque = bitDepth === 16 ? 65535 : 255;
  if (colourType === 3) return palette(samples, header, chunks, name);
  const key = transparentColour(chunks, colourType);
  const notes: string[] = [];
  const keyed = key ? addOpacity(samples, key, 2 ** bitDepth - 1) : samples;
  if (bitDepth < 8) {
    scaleInPlace(keyed, 255 / (2 ** bitDepth - 1));
    notes.push(`Grey of ${bitDepth} bit was spread over 0 to 255.`);
  }
  const hasOpacity = key !== undefined || colourType >= 4;
  const channels = (colourType === 0 || colourType === 4 ? 1 : 3) + (hasOpacity ? 1 : 0);
  const picture = { width, height, channels, data: keyed, ...(hasOpacity && { opaque }) };
  return { picture, notes };
}

function scaleInPlace(samples: Uint8Array | Uint16Array, factor: number): void {
  for (let at = 0; at < samples.length; at++) samples[at] *= factor;
}

/** The colour that tRNS makes transparent (section 11.3.1.1). */
function transparentColour(chunks: readonly Chunk[], colourType: number): number[] | undefined {
  const data = chunkData(chunks, "tRNS");
  const samples = colourType === 0 ? 1 : 3;
  if (!data || colourType >= 4 || data.length < 2 * samples) return undefined;
  return Array.from({ length: samples }, (_, at) => data[2 * at] * 256 + data[2 * at + 1]);
}

/** The samples with an opacity behind those of each pixel: 0 for the key, else `opaque`. */
function addOpacity(
  samples: Uint8Array | Uint16Array,
  key: readonly number[],
  opaque: number,
): Uint8Array | Uint16Array {
  const count = key.length;
  const Samples = samples.constructor as typeof Uint8Array | typeof Uint16Array;
  const target = new Samples((samples.length / count) * (count + 1));
  for (let from = 0, to = 0; from < samples.length; from += count, to += count + 1) {
    let same = true;
    for (let at = 0; at < count; at++) {
      target[to + at] = samples[from + at];
      same &&= samples[from + at] === key[at];
    }
    target[to + count] = same ? 0 : opaque;
  }
  return target;
}

/** Looks indices up; a palette without colour gives grey. */
function palette(
  indices: Uint8Array | Uint16Array,
  { width, height }: PngHeader,
  chunks: readonly Chunk[],
  name: string,
): Meaning {
  const entries = chunkData(chunks, "PLTE") ?? new Uint8Array();
  const count = Math.floor(entries.length / 3);
  const opacities = chunkData(chunks, "tRNS");
  const isGrey = entries.every((value, at) => value === entries[at - (at % 3)]);
  const colours = isGrey ? 1 : 3;
  const channels = colours + (opacities ? 1 : 0);
  const data = new Uint8Array(indices.length * channels);
  for (let at = 0, to = 0; at < indices.length; at++, to += channels) {
    const index = indices[at];
    if (index >= count) {
      throw damaged(name, {
        expected: `a palette of more than ${index} colours`,
        found: `${count}`,
      });
    }
    for (let colour = 0; colour < colours; colour++)
      data[to + colour] = entries[3 * index + colour];
    if (opacities) data[to + colours] = opacities[index] ?? 255;
  }
  const notes = [`The colours of a palette were looked up${isGrey ? "; all are grey" : ""}.`];
  return { picture: { width, height, channels, data, ...(opacities && { opaque: 255 }) }, notes };
}
