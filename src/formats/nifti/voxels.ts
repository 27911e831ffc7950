// Voxels from the bytes of a file: byte order, colour and complex parts apart, scale applied.

import { makeVoxels, type VoxelArray } from "../../base/index.ts";
import { type ByteOrder, nativeByteOrder, swapBytesInPlace } from "../elements/byte-order.ts";
import type { ByteReader } from "../elements/byte-reader.ts";
import { checkRemaining } from "../elements/byte-reader.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { bytesOf, type DataType, type StoredNumber, scaledType } from "./data-types.ts";
import type { Scale } from "./scaling.ts";

interface VoxelPlan {
  readonly type: DataType;
  readonly byteOrder: ByteOrder;
  /** Voxels of one volume. */
  readonly volume: number;
  /** Volumes, colour and complex parts not counted. */
  readonly volumes: number;
  readonly scale: Scale | undefined;
}

/** What the voxels are, and notes where 64-bit integers had to be rounded. */
export interface ReadVoxels {
  readonly data: VoxelArray;
  readonly notes?: readonly string[];
}

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Reads straight into the voxels' own memory; nothing is allocated that the file can't fill. */
export async function readVoxels(reader: ByteReader, plan: VoxelPlan): Promise<ReadVoxels> {
  const { type, byteOrder, volume, volumes, scale } = plan;
  const unit = bytesOf(type.stored);
  const byteLength = volumes * volume * type.parts * unit;
  checkRemaining(reader, byteLength);
  const bytes = allocateBytes(byteLength, `the voxels of ${reader.name}`);
  await reader.readInto(bytes);
  if (byteOrder !== nativeByteOrder) swapBytesInPlace(bytes, unit);
  const stored = new ARRAYS[type.stored](bytes.buffer);
  const { data, notes } = narrowed(stored, type.stored);
  const planes = type.parts > 1 ? planar(data, type.parts, volume) : data;
  if (!scale || type.axis === "color") return { data: planes, notes };
  return { data: scaled(planes, scale, plan), notes };
}

/** 64-bit integers as int32 where all fit, else as float64. */
function narrowed(
  stored: VoxelArray | BigInt64Array | BigUint64Array,
  type: StoredNumber,
): ReadVoxels {
  if (!(stored instanceof BigInt64Array || stored instanceof BigUint64Array)) {
    return { data: stored };
  }
  const { buffer, byteOffset, length } = stored;
  // Two 32-bit halves are many times faster than big integers.
  const halves = new Uint32Array(buffer, byteOffset, 2 * length);
  const high = type === "int64" ? new Int32Array(buffer, byteOffset, 2 * length) : halves;
  const lowAt = nativeByteOrder === "little" ? 0 : 1;
  const doubles = new Float64Array(length);
  let [least, most] = [0, 0];
  for (let index = 0; index < length; index++) {
    const value = high[2 * index + 1 - lowAt] * 2 ** 32 + halves[2 * index + lowAt];
    doubles[index] = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least >= -(2 ** 31) && most < 2 ** 31) return { data: Int32Array.from(doubles) };
  if (least >= Number.MIN_SAFE_INTEGER && most <= Number.MAX_SAFE_INTEGER) return { data: doubles };
  return {
    data: doubles,
    notes: [`Some ${type} voxels are beyond 2⁵³ and were rounded to the nearest float64.`],
  };
}

/** In each volume one plane for each part, instead of parts side by side. */
function planar(data: VoxelArray, parts: number, volume: number): VoxelArray {
  const planes = new (data.constructor as Float64ArrayConstructor)(data.length);
  for (let start = 0; start < data.length; start += parts * volume) {
    for (let part = 0; part < parts; part++) {
      const to = start + part * volume;
      for (let index = 0, from = start + part; index < volume; index++, from += parts) {
        planes[to + index] = data[from];
      }
    }
  }
  return planes;
}

/** value = slope · stored + inter, in double precision; of complex numbers only the real part is shifted. */
function scaled(
  data: VoxelArray,
  { slope, inter }: Scale,
  { type, volume }: VoxelPlan,
): VoxelArray {
  const reuses = data instanceof Float32Array || data instanceof Float64Array;
  const values = reuses ? data : makeVoxels(scaledType(type.stored), data.length);
  for (let start = 0; start < data.length; start += volume) {
    const shift = type.axis === "complex" && (start / volume) % 2 === 1 ? 0 : inter;
    const end = start + volume;
    for (let index = start; index < end; index++) values[index] = data[index] * slope + shift;
  }
  return values;
}
