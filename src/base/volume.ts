// Voxels and where they are: the image that travels from file to model and back.

import { RoentgenError } from "./errors.ts";
import type { Geometry, PatientGeometry } from "./geometry.ts";
import { voxelCount } from "./geometry.ts";

/** Element types of voxels. */
export type VoxelType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "float32"
  | "float64";

export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * What lies before depth, height and width: colours, time points, echoes, the components of a vector.
 * "color" has size 3 (red, green, blue) or 4 (with opacity).
 */
export interface ChannelAxis {
  /** "color", "time", "echo", "b-value", "vector", "segment" or what the file calls it. */
  readonly name: string;
  readonly size: number;
  /** Position of each entry along the axis in `unit`: seconds, ms, s/mm². */
  readonly values?: readonly number[];
  readonly unit?: string;
}

/**
 * Voxels plus where they are. Memory is C order: channel axes as listed, then k (depth), j (height) and
 * i (width, the DICOM row direction) fastest, so that tensor shapes read [channel …, depth, height, width].
 * A film or picture is an image of depth 1. Values are what they mean (rescale applied), not what is stored.
 */
export interface Image<G extends Geometry = Geometry, D extends VoxelArray = VoxelArray> {
  readonly geometry: G;
  /** Slowest first; empty for one value a voxel. */
  readonly channels: readonly ChannelAxis[];
  readonly data: D;
  /** What the values are, where it is known: "HU", "SUVbw", "Gy", "mm²/s". */
  readonly unit?: string;
}

/** An image whose place in the patient is known. */
export type Volume<D extends VoxelArray = VoxelArray> = Image<PatientGeometry, D>;

/** Number of values a voxel has: the product of the channel axes, 1 for none. */
export function channelCount({ channels }: Pick<Image, "channels">): number {
  return channels.reduce((product, { size }) => product * size, 1);
}

/** [channel …, depth, height, width]. */
export function imageShape({ channels, geometry }: Pick<Image, "channels" | "geometry">): number[] {
  const [width, height, depth] = geometry.size;
  return [...channels.map(({ size }) => size), depth, height, width];
}

/**
 * Puts an image together.
 * @throws RoentgenError "shape-mismatch" where the data have another length than the geometry and channels say
 */
export function makeImage<G extends Geometry, D extends VoxelArray>(image: {
  geometry: G;
  data: D;
  channels?: readonly ChannelAxis[];
  unit?: string;
}): Image<G, D> {
  const { geometry, data, channels = [], unit } = image;
  const expected = voxelCount(geometry) * channelCount({ channels });
  if (data.length !== expected) {
    throw new RoentgenError("shape-mismatch", {
      problem: "The voxels do not fill the image",
      expected: `${expected} values for [${imageShape({ channels, geometry }).join(", ")}]`,
      found: `${data.length}`,
    });
  }
  return unit === undefined ? { geometry, channels, data } : { geometry, channels, data, unit };
}

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Least and greatest number that each integer type holds. */
export const INTEGER_RANGES = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
} as const;

/** The element type of an array of voxels. */
export function voxelType(data: VoxelArray): VoxelType {
  const name = data.constructor.name.replace("Array", "").toLowerCase();
  return name as VoxelType;
}

/** Whether threads can share memory: pages that are not cross-origin isolated can't. */
export const sharesMemory = typeof SharedArrayBuffer !== "undefined";

/** Zeros of an element type; shared between workers if asked for and possible. */
export function makeVoxels<T extends VoxelType>(
  type: T,
  length: number,
  { shared = false } = {},
): InstanceType<(typeof ARRAYS)[T]> {
  const Voxels = ARRAYS[type] as new (of: number | ArrayBufferLike) => VoxelArray;
  const bytes = length * ARRAYS[type].BYTES_PER_ELEMENT;
  const made = new Voxels(shared && sharesMemory ? new SharedArrayBuffer(bytes) : length);
  return made as InstanceType<(typeof ARRAYS)[T]>;
}
