// The samples of one page of a TIFF file, from strips or tiles, together or apart (TIFF 6.0, sections 3, 14, 15).

import type { VoxelArray, VoxelType } from "../../../base/index.ts";
import { makeVoxels } from "../../../base/index.ts";
import { unsupported } from "../../damage.ts";
import type { ByteOrder } from "../../elements/byte-order.ts";
import { numbersFromBytes } from "../../elements/element-types.ts";
import type { Directory } from "./directory.ts";
import { decodeJpegBlock } from "./jpeg-block.ts";
import { one, type PageLayout, TAG } from "./layout.ts";
import { unpackBlock } from "./unpack-block.ts";

/** Samples of a page, those of one pixel side by side. */
export async function readPage(
  page: Directory,
  layout: PageLayout,
  bytes: Uint8Array,
  order: ByteOrder,
  name: string,
): Promise<VoxelArray> {
  const { width, height, samples } = layout;
  const target = makeVoxels(voxelTypeOf(layout), width * height * samples);
  const blocks = blocksOf(page, layout);
  for (let index = 0; index < blocks.count; index++) {
    const block = blockAt(blocks, layout, index);
    const packed = bytes.subarray(
      blocks.offsets[index],
      blocks.offsets[index] + blocks.lengths[index],
    );
    const values =
      layout.compression === "JPEG"
        ? await decodeJpegBlock(packed, page, layout, block, name)
        : decodeBlock(packed, page, layout, block, order, name);
    place(values, target, layout, block);
  }
  return target;
}

function voxelTypeOf({ bits, format }: PageLayout): VoxelType {
  if (format === 3) return bits === 64 ? "float64" : "float32";
  const width = bits <= 8 ? 8 : bits <= 16 ? 16 : 32;
  return `${format === 2 ? "int" : "uint"}${width}` as VoxelType;
}

interface Blocks {
  readonly width: number;
  readonly height: number;
  /** Blocks beside each other. */
  readonly across: number;
  readonly perSample: number;
  readonly count: number;
  readonly separate: boolean;
  readonly tiled: boolean;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

/** One strip or tile: where it belongs and what it holds. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Rows that it holds: of the last strip fewer. */
  readonly rows: number;
  readonly samples: number;
  readonly firstSample: number;
}

function blocksOf(page: Directory, { width, height, samples }: PageLayout): Blocks {
  const tiled = page.has(TAG.tileWidth);
  const blockWidth = tiled ? one(page, TAG.tileWidth) : width;
  const rows = tiled ? one(page, TAG.tileHeight) : one(page, TAG.rowsPerStrip, height);
  const blockHeight = tiled ? rows : Math.min(rows, height);
  const separate = one(page, TAG.planar, 1) === 2;
  const across = Math.ceil(width / blockWidth);
  const perSample = across * Math.ceil(height / blockHeight);
  return {
    ...{ width: blockWidth, height: blockHeight, across, perSample, separate, tiled },
    count: perSample * (separate ? samples : 1),
    offsets: page.get(tiled ? TAG.tileOffsets : TAG.stripOffsets) as readonly number[],
    lengths: page.get(tiled ? TAG.tileBytes : TAG.stripBytes) as readonly number[],
  };
}

function blockAt(blocks: Blocks, { height, samples }: PageLayout, index: number): Block {
  const within = index % blocks.perSample;
  const y = Math.floor(within / blocks.across) * blocks.height;
  return {
    x: (within % blocks.across) * blocks.width,
    y,
    width: blocks.width,
    rows: blocks.tiled ? blocks.height : Math.min(blocks.height, height - y),
    samples: blocks.separate ? 1 : samples,
    firstSample: blocks.separate ? Math.floor(index / blocks.perSample) : 0,
  };
}

function decodeBlock(
  packed: Uint8Array,
  page: Directory,
  layout: PageLayout,
  block: Block,
  order: ByteOrder,
  name: string,
): VoxelArray {
  const { bits, format } = layout;
  const perRow = block.width * block.samples;
  const rowBytes = Math.ceil((perRow * bits) / 8);
  const bytes = unpackBlock(packed, layout.compression, rowBytes * block.rows, name);
  const predictor = one(page, TAG.predictor, 1);
  if (predictor === 3 && format === 3) {
    const restored = restoreFloats(bytes, rowBytes, block.samples, bits / 8);
    return numbersFromBytes(restored, floatType(bits), "big") as VoxelArray;
  }
  if (predictor !== 1 && (predictor !== 2 || bits % 8 !== 0 || format === 3)) {
    throw unsupported(name, {
      expected: "a predictor that fits the samples",
      found: `${predictor}`,
    });
  }
  const values = valuesOf(bytes, layout, perRow, rowBytes, order);
  if (predictor === 2) sumInPlace(values, perRow, block.samples);
  return values;
}

function floatType(bits: number) {
  return bits === 16 ? "float16" : bits === 32 ? "float32" : "float64";
}

/** Numbers of whole bytes are in the file's order, others packed from the highest bit on. */
function valuesOf(
  bytes: Uint8Array,
  layout: PageLayout,
  perRow: number,
  rowBytes: number,
  order: ByteOrder,
): VoxelArray {
  const { bits, format } = layout;
  if (format === 3)
    return numbersFromBytes(new Uint8Array(bytes), floatType(bits), order) as VoxelArray;
  if (bits % 8 === 0)
    return numbersFromBytes(new Uint8Array(bytes), voxelTypeOf(layout), order) as VoxelArray;
  const rows = bytes.length / rowBytes;
  const values = bits === 12 ? new Uint16Array(rows * perRow) : new Uint8Array(rows * perRow);
  for (let at = 0; at < values.length; at++) {
    const bit = Math.floor(at / perRow) * rowBytes * 8 + (at % perRow) * bits;
    const word = (bytes[bit >> 3] << 16) | ((bytes[(bit >> 3) + 1] ?? 0) << 8);
    values[at] = (word >> (24 - bits - (bit & 7))) & (2 ** bits - 1);
  }
  return values;
}

/** Horizontal differencing (section 14): each sample is added to that of the pixel before. */
function sumInPlace(values: VoxelArray, perRow: number, samples: number): void {
  for (let row = 0; row < values.length; row += perRow) {
    for (let at = row + samples; at < row + perRow; at++) values[at] += values[at - samples];
  }
}

/** Adobe's floating point predictor (TIFF Technical Note 3): bytes of equal weight lie together, as differences. */
function restoreFloats(
  bytes: Uint8Array,
  rowBytes: number,
  samples: number,
  width: number,
): Uint8Array<ArrayBuffer> {
  const restored = new Uint8Array(bytes.length);
  const sums = new Uint8Array(rowBytes);
  const count = rowBytes / width;
  for (let row = 0; row < bytes.length; row += rowBytes) {
    for (let at = 0; at < rowBytes; at++) {
      sums[at] = bytes[row + at] + (at < samples ? 0 : sums[at - samples]);
    }
    for (let value = 0; value < count; value++) {
      for (let byte = 0; byte < width; byte++) {
        restored[row + value * width + byte] = sums[byte * count + value];
      }
    }
  }
  return restored;
}

function place(values: VoxelArray, target: VoxelArray, layout: PageLayout, block: Block): void {
  const { width, height, samples } = layout;
  const columns = Math.min(block.width, width - block.x);
  const rows = Math.min(block.rows, height - block.y);
  for (let y = 0; y < rows; y++) {
    let from = y * block.width * block.samples;
    let to = ((block.y + y) * width + block.x) * samples + block.firstSample;
    if (block.samples === samples) {
      target.set(values.subarray(from, from + columns * samples) as never, to);
      continue;
    }
    for (let x = 0; x < columns; x++, to += samples) target[to] = values[from++];
  }
}
