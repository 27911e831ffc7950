// Which volume comes when in a NIfTI file: channels on the fourth to seventh axis, parts of colour together.

import type { VoxelType } from "../../base/index.ts";
import { type ChannelAxis, channelCount, type Image, RoentgenError } from "../../base/index.ts";
import { type DataType, dataTypeNamed, dataTypeOf } from "./data-types.ts";

export interface StoredOrder {
  readonly type: DataType;
  /** Channels of the fourth, fifth, sixth and seventh axis; undefined where an axis has one entry. */
  readonly axes: readonly (ChannelAxis | undefined)[];
  /** For each volume of the file the volumes of the image that it is made of: several for colour. */
  readonly volumes: readonly (readonly number[])[];
}

/** Channels that belong on the fourth and on the fifth axis (nifti1.h, "dim[4]", "dim[5]"). */
const FOURTH = ["time", "frequency", "chemical shift"];
const FIFTH = [
  "vector",
  "color",
  "complex",
  "matrix",
  "symmetric matrix",
  "triangle",
  "quaternion",
];

/**
 * Where each channel goes. 8-bit colours become RGB24 or RGBA32, complex floats complex numbers; time goes to
 * the fourth axis, vectors to the fifth, others to the first that is free.
 * @throws RoentgenError "shape-mismatch" for more channel axes than NIfTI has
 */
export function storedOrder({ channels }: Image, type: VoxelType): StoredOrder {
  const parts = channels.find((axis) => compositeType(axis, type));
  const others = channels.filter((axis) => axis !== parts && axis.size > 1);
  const axes = placed(others);
  const ordered = axes.filter((axis) => axis !== undefined);
  const step = (axis: ChannelAxis) =>
    channelCount({ channels: channels.slice(channels.indexOf(axis) + 1) });
  const starts = ordered.reduce<number[]>(
    (starts, axis) =>
      Array.from({ length: axis.size }, (_, at) => at * step(axis)).flatMap((offset) =>
        starts.map((start) => start + offset),
      ),
    [0],
  );
  const composite = parts && compositeType(parts, type);
  const volumes = starts.map((start) =>
    Array.from({ length: parts?.size ?? 1 }, (_, at) => start + at * (parts ? step(parts) : 0)),
  );
  return { type: composite ?? dataTypeOf(type), axes, volumes };
}

/** The type that holds the entries of a channel axis in one voxel. */
function compositeType({ name, size }: ChannelAxis, type: VoxelType): DataType | undefined {
  if (name === "color" && type === "uint8" && size === 3) return dataTypeNamed("rgb24");
  if (name === "color" && type === "uint8" && size === 4) return dataTypeNamed("rgba32");
  if (name !== "complex" || size !== 2) return undefined;
  if (type === "float32") return dataTypeNamed("complex64");
  return type === "float64" ? dataTypeNamed("complex128") : undefined;
}

function placed(channels: readonly ChannelAxis[]): (ChannelAxis | undefined)[] {
  if (channels.length > 4) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot write the image as NIfTI",
      expected: "at most four channel axes",
      found: channels.map(({ name, size }) => `${name} (${size})`).join(", "),
    });
  }
  const axes: (ChannelAxis | undefined)[] = [undefined, undefined, undefined, undefined];
  const left: ChannelAxis[] = [];
  for (const axis of channels.toReversed()) {
    const wanted = FOURTH.includes(axis.name) ? 0 : FIFTH.includes(axis.name) ? 1 : -1;
    if (wanted >= 0 && !axes[wanted]) axes[wanted] = axis;
    else left.push(axis);
  }
  for (const axis of left) axes[axes.indexOf(undefined)] = axis;
  return axes;
}
