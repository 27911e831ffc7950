// Writes GIPL volumes, gzipped where the path ends so (Guy's Image Processing Lab; itkGiplImageIO.cxx).

import { gzipped } from "#compression";
import {
  IDENTITY,
  type Image,
  RoentgenError,
  type VoxelArray,
  type VoxelType,
} from "../../base/index.ts";
import { type Fields, writeFields } from "../elements/binary-fields.ts";
import type { ImageWriteOptions, WrittenFile } from "../images/image-file.ts";
import { bytesInOrder } from "../images/voxel-bytes.ts";
import { firstTypeThatHolds, voxelsAs } from "../images/voxel-types.ts";
import { GIPL_HEADER, GIPL_MAGIC, GIPL_TYPES } from "./layout.ts";

/** Types that ITK reads too; 32-bit integers are written as float64, which holds them exactly. */
const WRITTEN: readonly VoxelType[] = ["uint8", "int8", "int16", "uint16", "float32", "float64"];

/** Axes are counted in 16 bits. */
const LONGEST_AXIS = 65535;

/**
 * The file of an image. One channel axis becomes the fourth axis.
 * @throws RoentgenError "value-invalid" for a grid that is turned against left, posterior, superior, since the
 *   format has no directions; "shape-mismatch" for several channel axes or axes too long
 */
export async function giplFiles(
  image: Image,
  path: string,
  { compressionLevel, threads, signal }: ImageWriteOptions = {},
): Promise<WrittenFile[]> {
  const content = giplChunks(image);
  const options = { level: compressionLevel, threads, signal };
  return [{ path, content: /\.gz$/i.test(path) ? gzipped(content, options) : content }];
}

/** The file in pieces, not packed. */
export function giplChunks(image: Image): Uint8Array[] {
  checkHeld(image);
  const { geometry, channels } = image;
  const stored = firstTypeThatHolds(image.data, WRITTEN) ?? "float64";
  const data = voxelsAs(image.data, stored);
  const { least, most } = range(data);
  const header: Fields = {
    dim: [...geometry.size, channels[0]?.size ?? 1],
    image_type: GIPL_TYPES.find((type) => type.stored === stored)?.code ?? 0,
    pixdim: [...(geometry.spacing ?? [1, 1, 1]), 1],
    min: least,
    max: most,
    origin: geometry.frame === "LPS" ? [...geometry.origin, 0] : [0, 0, 0, 0],
    magic: GIPL_MAGIC[0],
  };
  return [writeFields(header, GIPL_HEADER, "big"), bytesInOrder(data, "big")];
}

/** Refuses what the format has no place for. */
function checkHeld({ geometry, channels }: Image): void {
  const turned =
    geometry.frame === "LPS" &&
    geometry.direction.some((v, at) => Math.abs(v - IDENTITY[at]) > 1e-6);
  if (turned) {
    throw new RoentgenError("value-invalid", {
      problem: "Cannot write the image as GIPL, which has no directions",
      expected: "axes along left, posterior and superior",
      found: `directions ${geometry.direction.join(", ")}`,
      remedy: "Turn it to LPS first, or write NIfTI.",
    });
  }
  const lengths = [...geometry.size, ...channels.map(({ size }) => size)];
  if (channels.length <= 1 && Math.max(...lengths) <= LONGEST_AXIS) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot write the image as GIPL",
    expected: `at most one channel axis, and axes of at most ${LONGEST_AXIS} voxels`,
    found: lengths.join(" × "),
    remedy: "Write NIfTI.",
  });
}

function range(data: VoxelArray): { least: number; most: number } {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? { least, most } : { least: 0, most: 0 };
}
