// Overlays: graphics of one bit a pixel, in groups 6000 to 601E (PS3.3 C.9.2), or in unused bits of the pixels,
// as files before 2004 have them.

import { type ByteSource, makeVoxels } from "../../../base/index.ts";
import { damaged } from "../../damage.ts";
import type { DataSet, DicomFile } from "../data-set/data-set.ts";
import { readElementBytes } from "../data-set/read-dicom.ts";
import { number, numbers, text } from "../data-set/values.ts";
import { openDecoder } from "./decoder.ts";
import { describePixels, hasPixels, type PixelDescription } from "./description.ts";

export interface Overlay {
  /** 0x6000, 0x6002 … */
  readonly group: number;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  /** Frame of the image, from 0 on, that the first overlay frame lies over. */
  readonly firstImageFrame: number;
  /** Row and column of the image, from 0 on, that the first pixel lies over; may be outside. */
  readonly origin: readonly [row: number, column: number];
  /** "graphics" or "region of interest". */
  readonly kind: "graphics" | "region of interest";
  readonly label?: string;
  readonly description?: string;
  /** 0 or 1: [frames, rows, columns]. */
  readonly data: Uint8Array;
}

/**
 * Reads all overlays of a file; none where it has none.
 * @throws RoentgenError "file-corrupt" for an overlay that has fewer bits than rows, columns and frames need
 */
export async function readOverlays(source: ByteSource, file: DicomFile): Promise<Overlay[]> {
  const overlays: Overlay[] = [];
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const overlay = await readOverlay(source, file, group);
    if (overlay) overlays.push(overlay);
  }
  return overlays;
}

/** The tag of an element of an overlay group. */
function tag(group: number, element: number): number {
  return group * 65_536 + element;
}

async function readOverlay(
  source: ByteSource,
  file: DicomFile,
  group: number,
): Promise<Overlay | undefined> {
  const { dataSet } = file;
  const rows = number(dataSet, tag(group, 0x0010));
  const columns = number(dataSet, tag(group, 0x0011));
  if (!rows || !columns) return undefined;
  const frames = Math.max(1, number(dataSet, tag(group, 0x0015)) ?? 1);
  const size = { rows, columns, frames };
  const data = dataSet.elements.has(tag(group, 0x3000))
    ? await ownBits(source, file, group, size)
    : await embeddedBits(source, file, group, size);
  return data && { group, ...size, ...placeOf(dataSet, group), data };
}

interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
}

function placeOf(
  dataSet: DataSet,
  group: number,
): Pick<Overlay, "origin" | "kind" | "label" | "description" | "firstImageFrame"> {
  const [row = 1, column = 1] = numbers(dataSet, tag(group, 0x0050));
  const label = text(dataSet, tag(group, 0x1500));
  const description = text(dataSet, tag(group, 0x0022));
  return {
    origin: [row - 1, column - 1],
    kind: text(dataSet, tag(group, 0x0040)) === "R" ? "region of interest" : "graphics",
    firstImageFrame: (number(dataSet, tag(group, 0x0051)) ?? 1) - 1,
    ...(label && { label }),
    ...(description && { description }),
  };
}

/** Overlay Data: bits one after another, no frame or row padded. */
async function ownBits(
  source: ByteSource,
  { name, dataSet }: DicomFile,
  group: number,
  { rows, columns, frames }: Size,
): Promise<Uint8Array> {
  const element = dataSet.elements.get(tag(group, 0x3000))!;
  const stored = await readElementBytes(source, element);
  const bits = rows * columns * frames;
  if (stored.byteLength * 8 < bits) {
    throw damaged(name, {
      expected: `${bits} bits in overlay ${group.toString(16).toUpperCase()}`,
      found: `${stored.byteLength * 8}`,
    });
  }
  const turned = !dataSet.littleEndian && element.vr === "OW";
  const data = new Uint8Array(bits);
  for (let at = 0; at < bits; at++) {
    const byte = turned ? (at >> 3) ^ 1 : at >> 3;
    data[at] = (stored[byte] >> (at & 7)) & 1;
  }
  return data;
}

/** Retired: one of the unused bits of every pixel cell. */
async function embeddedBits(
  source: ByteSource,
  file: DicomFile,
  group: number,
  size: Size,
): Promise<Uint8Array | undefined> {
  const position = number(file.dataSet, tag(group, 0x0102));
  if (!position || !hasPixels(file)) return undefined;
  const described = describePixels(file);
  const { rows, columns, samples, numbers: kind } = described;
  const fits = rows === size.rows && columns === size.columns && samples === 1;
  if (!fits || kind === "float" || position >= described.bitsAllocated) return undefined;
  return readBit(source, described, position, Math.min(size.frames, described.frames));
}

/** Reads the pixels as if only this bit were stored. */
async function readBit(
  source: ByteSource,
  described: PixelDescription,
  position: number,
  frames: number,
): Promise<Uint8Array> {
  const type =
    described.bitsAllocated <= 8 ? "uint8" : described.bitsAllocated <= 16 ? "uint16" : "uint32";
  const one: PixelDescription = {
    ...described,
    type,
    signed: false,
    bitsStored: 1,
    highBit: position,
  };
  const size = described.rows * described.columns;
  const data = new Uint8Array(size * frames);
  const decoder = openDecoder({ threads: 1 });
  try {
    for (let frame = 0; frame < frames; frame++) {
      const target = makeVoxels(type, size);
      await decoder.decode({ source, description: one, frame, target, offset: 0 });
      data.set(target, frame * size);
    }
  } finally {
    await decoder.close();
  }
  return data;
}
