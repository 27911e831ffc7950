// Frames that are not compressed: straight from the file into the array they are for, where cells allow it.

import type { ByteSource, VoxelArray } from "../../../base/index.ts";
import type { PixelDescription } from "./description.ts";
import { frameValues, nativeFrameBytes, nativeLength, sharesChroma } from "./frame-size.ts";
import { type CellLayout, keepStoredBitsInPlace, unpackFrame } from "./unpack.ts";

/** Reads stored values of one frame to `target` from `offset` on. */
export async function readNativeFrame(
  source: ByteSource,
  described: PixelDescription,
  frame: number,
  target: VoxelArray,
  offset: number,
): Promise<void> {
  const layout = nativeLayout(described, frame);
  const firstBit = frame * nativeFrameBytes(described) * 8;
  const first = Math.floor(firstBit / 8);
  if (fitsTarget(layout, target)) {
    const values = target.subarray(offset, offset + frameValues(described));
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await readElement(source, described, first, bytes);
    keepStoredBitsInPlace(values, layout);
    return;
  }
  const end = Math.ceil(firstBit / 8 + nativeFrameBytes(described));
  const bytes = await readCellBytes(source, described, first, end);
  unpackFrame(bytes, layout, target, offset);
}

/** How the cells of one frame of native data lie. */
function nativeLayout(described: PixelDescription, frame: number): CellLayout {
  return {
    ...described,
    planar: described.planarConfiguration === 1,
    sharedChroma: sharesChroma(described),
    firstBit: (frame * nativeFrameBytes(described) * 8) % 8,
  };
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Whether bytes of the file are, up to bits to mask, bytes of the array. */
function fitsTarget(layout: CellLayout, target: VoxelArray): boolean {
  const { bitsAllocated, littleEndian, planar, samples, sharedChroma, numbers } = layout;
  const sameWidth = bitsAllocated === target.BYTES_PER_ELEMENT * 8;
  const sameOrder = bitsAllocated === 8 ? littleEndian : littleEndian === HOST_IS_LITTLE_ENDIAN;
  const inOrder = !sharedChroma && (!planar || samples === 1);
  return sameWidth && sameOrder && inOrder && (numbers === "float" || bitsAllocated <= 32);
}

/** Bytes [first, end) of the element; 16-bit words of small big-endian cells are turned round (PS3.5 8.1.2). */
async function readCellBytes(
  source: ByteSource,
  described: PixelDescription,
  first: number,
  end: number,
): Promise<Uint8Array> {
  const { littleEndian, bitsAllocated, element } = described;
  const wordsTurned = !littleEndian && element.vr === "OW" && bitsAllocated < 16;
  if (!wordsTurned) {
    const bytes = new Uint8Array(end - first);
    await readElement(source, described, first, bytes);
    return bytes;
  }
  const start = first - (first % 2);
  const words = new Uint8Array(end - start + ((end - start) % 2));
  const available = Math.min(words.length, nativeLength(described.element) - start);
  await readElement(source, described, start, words.subarray(0, available));
  for (let at = 0; at < words.length; at += 2) {
    [words[at], words[at + 1]] = [words[at + 1], words[at]];
  }
  return words.subarray(first - start);
}

async function readElement(
  source: ByteSource,
  { element }: PixelDescription,
  first: number,
  into: Uint8Array,
): Promise<void> {
  if (element.kind === "value") into.set(element.bytes.subarray(first, first + into.byteLength));
  else if (element.kind === "left") await source.readInto(element.offset + first, into);
}
