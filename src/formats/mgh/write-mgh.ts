// Writes FreeSurfer's MGH and MGZ volumes (FsMghFormat; mriio.cpp, mghWrite).

import { gzipped } from "#compression";
import { type Image, type Matrix3, RoentgenError, type VoxelArray } from "../../base/index.ts";
import { type Fields, writeFields } from "../elements/binary-fields.ts";
import type { ImageWriteOptions, WrittenFile } from "../images/image-file.ts";
import { bytesInOrder } from "../images/voxel-bytes.ts";
import { firstTypeThatHolds, voxelsAs } from "../images/voxel-types.ts";
import { MGH_TYPES } from "./data-types.ts";
import { MGH_FOOTER, MGH_HEADER, VOXEL_OFFSET } from "./layout.ts";

/**
 * The file of an image: gzipped where the path ends in .mgz or .gz. One channel axis becomes frames, "time"
 * with its repetition time; an image in frame "pixels" is written without a place.
 * @throws RoentgenError "type-mismatch" for uint32 and float64, which none of its types holds;
 *   "shape-mismatch" for several channel axes
 */
export async function mghFiles(
  image: Image,
  path: string,
  { compressionLevel, threads, signal }: ImageWriteOptions = {},
): Promise<WrittenFile[]> {
  const content = mghChunks(image);
  const packs = /\.(mgz|gz)$/i.test(path);
  const options = { level: compressionLevel, threads, signal };
  return [{ path, content: packs ? gzipped(content, options) : content }];
}

/** The file in pieces, not packed. */
function mghChunks(image: Image): Uint8Array[] {
  const type = typeFor(image.data);
  const frames = frameAxis(image);
  const { geometry } = image;
  const header: Fields = {
    version: 1,
    width: geometry.size[0],
    height: geometry.size[1],
    depth: geometry.size[2],
    nframes: frames?.size ?? 1,
    type: type.code,
    ...placeFields(image),
  };
  const start = new Uint8Array(VOXEL_OFFSET);
  start.set(writeFields(header, MGH_HEADER, "big"));
  const footer = writeFields({ tr: repetitionMs(frames) }, MGH_FOOTER, "big");
  return [start, bytesInOrder(voxelsAs(image.data, type.stored), "big"), footer];
}

function typeFor(data: VoxelArray) {
  const stored = firstTypeThatHolds(
    data,
    MGH_TYPES.map((type) => type.stored),
  );
  const type = MGH_TYPES.find((one) => one.stored === stored);
  if (type) return type;
  throw new RoentgenError("type-mismatch", {
    problem: "Cannot write the image as MGH",
    expected: `voxels that fit into ${MGH_TYPES.map((one) => one.stored).join(", ")}`,
    found: data.constructor.name.replace("Array", "").toLowerCase(),
    remedy: "Convert the voxels to float32 first, or write NIfTI.",
  });
}

function frameAxis({ channels }: Image) {
  if (channels.length <= 1) return channels[0];
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot write the image as MGH",
    expected: "at most one channel axis",
    found: channels.map(({ name, size }) => `${name} (${size})`).join(", "),
    remedy: "Write each channel as a file, or write NIfTI.",
  });
}

/** Directions in RAS and the RAS of voxel size / 2. */
function placeFields({ geometry }: Image): Fields {
  const { size, spacing } = geometry;
  if (geometry.frame === "pixels") return { goodRASFlag: 0, delta: spacing ?? [1, 1, 1] };
  const ras = geometry.direction.map((v, at) => (at < 6 ? 0 - v : v)) as unknown as Matrix3;
  const column = (axis: number) => [ras[axis], ras[3 + axis], ras[6 + axis]];
  const centre = [0, 1, 2].map((row) => {
    const corner = row < 2 ? 0 - geometry.origin[row] : geometry.origin[row];
    const toMiddle = size.map((n, axis) => (ras[3 * row + axis] * geometry.spacing[axis] * n) / 2);
    return toMiddle.reduce((sum, step) => sum + step, corner);
  });
  return {
    goodRASFlag: 1,
    delta: geometry.spacing,
    Mdc: [...column(0), ...column(1), ...column(2)],
    Pxyz_c: centre,
  };
}

function repetitionMs(frames: Image["channels"][number] | undefined): number {
  const { name, values, unit } = frames ?? {};
  if (name !== "time" || !values || values.length < 2) return 0;
  const step = (values[values.length - 1] - values[0]) / (values.length - 1);
  if (unit === "s") return step * 1000;
  return unit === "ms" ? step : 0;
}
