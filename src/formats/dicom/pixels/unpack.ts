// Pixel cells to numbers: any depth, either byte order, the bits that count out of those allocated
// (PS3.5 section 8.1 and annex D), colour by pixel or by plane, colour shared by two pixels.

import { RoentgenError, type VoxelArray } from "../../../base/index.ts";
import { nativeByteOrder } from "../../elements/byte-order.ts";

/** How cells lie in the bytes of one frame. */
export interface CellLayout {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly numbers: "integer" | "float";
  readonly littleEndian: boolean;
  /** Planes one after another instead of colour by pixel. */
  readonly planar: boolean;
  /** Two pixels share blue and red differences: Y1 Y2 Cb Cr (PS3.3 C.7.6.3.1.2). */
  readonly sharedChroma: boolean;
  /** Where in the first byte the frame begins; other than 0 only for cells of 1 or 12 bits. */
  readonly firstBit: number;
}

/** Writes the values of one frame to `target` from `offset` on, row by row, colour by pixel. */
export function unpackFrame(
  bytes: Uint8Array,
  layout: CellLayout,
  target: VoxelArray,
  offset: number,
): void {
  const { rows, columns, samples, planar, sharedChroma } = layout;
  const values = target.subarray(offset, offset + rows * columns * samples);
  if (sharedChroma) {
    const packed = emptyLike(values, rows * columns * 2);
    readCells(bytes, layout, packed);
    spreadChroma(packed, values);
  } else if (planar && samples > 1) {
    const planes = emptyLike(values, values.length);
    readCells(bytes, layout, planes);
    interleave(planes, values, samples);
  } else {
    readCells(bytes, layout, values);
  }
  keepStoredBitsInPlace(values, layout);
}

function emptyLike(values: VoxelArray, length: number): VoxelArray {
  return new (values.constructor as new (length: number) => VoxelArray)(length);
}

/**
 * Leaves the bits stored, sign extended, of cells that were read whole: what else is in them (retired
 * overlays, garbage) is no pixel value (PS3.5 8.1.1).
 */
export function keepStoredBitsInPlace(
  values: VoxelArray,
  layout: Pick<CellLayout, "bitsStored" | "highBit" | "signed" | "numbers" | "bitsAllocated">,
): void {
  const { bitsStored, highBit, signed, numbers, bitsAllocated } = layout;
  const width = values.BYTES_PER_ELEMENT * 8;
  if (numbers === "float" || bitsAllocated > 32 || bitsStored >= width) return;
  if (!signed && highBit === bitsStored - 1 && isClean(values, bitsStored)) return;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  if (signed) {
    for (let at = 0; at < values.length; at++) values[at] = (values[at] << left) >> right;
  } else {
    for (let at = 0; at < values.length; at++) values[at] = (values[at] << left) >>> right;
  }
}

/** Whether no 16-bit cell has bits above those stored, which few files have; looks at two cells at a time. */
function isClean(values: VoxelArray, bitsStored: number): boolean {
  const { buffer, byteOffset, length } = values;
  if (!(values instanceof Uint16Array) || byteOffset % 4 !== 0 || length % 2 !== 0) return false;
  const pairs = new Uint32Array(buffer, byteOffset, length / 2);
  let bits = 0;
  for (let at = 0; at < pairs.length; at++) bits |= pairs[at];
  return ((bits >>> 16) | (bits & 0xffff)) >>> bitsStored === 0;
}

function readCells(bytes: Uint8Array, layout: CellLayout, into: VoxelArray): void {
  const { littleEndian, numbers, bitsAllocated, firstBit } = layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (numbers === "float") readFloats(view, littleEndian, into);
  else if (bitsAllocated === 1) readBits(bytes, firstBit, into);
  else if (bitsAllocated === 8) readBytes(bytes, into);
  else if (bitsAllocated === 12) readTwelveBits(bytes, firstBit, into);
  else if (bitsAllocated === 16) readWords(view, littleEndian, into);
  else if (bitsAllocated === 24) readTripleBytes(bytes, littleEndian, into);
  else if (bitsAllocated === 32) readLongWords(view, littleEndian, into);
  else readLongIntegers(view, layout, into);
}

function readBytes(bytes: Uint8Array, into: VoxelArray): void {
  // Into Int8Array, 255 becomes -1.
  into.set(bytes.subarray(0, into.length));
}

function readWords(view: DataView, littleEndian: boolean, into: VoxelArray): void {
  const isCopy = into instanceof Uint16Array || into instanceof Int16Array;
  if (isCopy && littleEndian === (nativeByteOrder === "little")) {
    const { buffer, byteOffset, byteLength } = into;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, byteLength);
    new Uint8Array(buffer, byteOffset, byteLength).set(bytes);
    return;
  }
  for (let at = 0; at < into.length; at++) into[at] = view.getUint16(at * 2, littleEndian);
}

function readLongWords(view: DataView, littleEndian: boolean, into: VoxelArray): void {
  for (let at = 0; at < into.length; at++) into[at] = view.getUint32(at * 4, littleEndian);
}

function readFloats(view: DataView, littleEndian: boolean, into: VoxelArray): void {
  if (into instanceof Float32Array) {
    for (let at = 0; at < into.length; at++) into[at] = view.getFloat32(at * 4, littleEndian);
  } else {
    for (let at = 0; at < into.length; at++) into[at] = view.getFloat64(at * 8, littleEndian);
  }
}

/** The first pixel is in the lowest bit (PS3.5 8.1.1, D.2). */
function readBits(bytes: Uint8Array, firstBit: number, into: VoxelArray): void {
  for (let at = 0, bit = firstBit; at < into.length; at++, bit++) {
    into[at] = (bytes[bit >> 3] >> (bit & 7)) & 1;
  }
}

/** Retired packing: two cells in three bytes, low bits first. */
function readTwelveBits(bytes: Uint8Array, firstBit: number, into: VoxelArray): void {
  for (let at = 0, bit = firstBit; at < into.length; at++, bit += 12) {
    const byte = bit >> 3;
    into[at] = ((bytes[byte] | (bytes[byte + 1] << 8)) >> (bit & 7)) & 0xfff;
  }
}

function readTripleBytes(bytes: Uint8Array, littleEndian: boolean, into: VoxelArray): void {
  const [low, high] = littleEndian ? [0, 2] : [2, 0];
  for (let at = 0, byte = 0; at < into.length; at++, byte += 3) {
    into[at] = bytes[byte + low] | (bytes[byte + 1] << 8) | (bytes[byte + high] << 16);
  }
}

/** @throws RoentgenError "value-invalid" for a value that no double holds exactly */
function readLongIntegers(view: DataView, layout: CellLayout, into: VoxelArray): void {
  const { littleEndian, signed, bitsStored, highBit, name } = layout;
  const shift = BigInt(highBit + 1 - bitsStored);
  for (let at = 0; at < into.length; at++) {
    const cell = view.getBigUint64(at * 8, littleEndian) >> shift;
    const value = signed ? BigInt.asIntN(bitsStored, cell) : BigInt.asUintN(bitsStored, cell);
    into[at] = Number(value);
    if (BigInt(into[at]) === value) continue;
    throw new RoentgenError("value-invalid", {
      problem: `Cannot read the pixels of ${name}`,
      expected: "64-bit integers within ±2^53, which are kept exactly",
      found: String(value),
      subject: name,
    });
  }
}

/** Planes to colour by pixel. */
function interleave(planes: VoxelArray, into: VoxelArray, samples: number): void {
  const pixels = into.length / samples;
  for (let sample = 0, from = 0; sample < samples; sample++) {
    for (let pixel = 0, to = sample; pixel < pixels; pixel++, to += samples) {
      into[to] = planes[from++];
    }
  }
}

/** Both pixels of a pair get the colour that they share. */
function spreadChroma(packed: VoxelArray, into: VoxelArray): void {
  for (let from = 0, to = 0; to < into.length; from += 4, to += 6) {
    into[to] = packed[from];
    into[to + 3] = packed[from + 1];
    into[to + 1] = into[to + 4] = packed[from + 2];
    into[to + 2] = into[to + 5] = packed[from + 3];
  }
}
