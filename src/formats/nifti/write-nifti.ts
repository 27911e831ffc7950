// Writes NIfTI-1 and NIfTI-2, little-endian, as one file or as a pair, gzipped if asked for.

import { gzipped } from "#compression";
import { type Image, type VoxelArray, voxelCount, voxelType } from "../../base/index.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import type { ImageWriteOptions, WrittenFile } from "../images/image-file.ts";
import { bytesInOrder } from "../images/voxel-bytes.ts";
import { voxelsAs } from "../images/voxel-types.ts";
import { extensionBytes } from "./extensions.ts";
import { type StoredOrder, storedOrder } from "./stored-order.ts";
import { checkWriteOptions, headerBytes, type NiftiWriteOptions } from "./write-header.ts";

/** The image as a `.nii` file. */
export function writeNifti(image: Image, options: NiftiWriteOptions = {}): Uint8Array {
  return joinBytes([...niftiChunks(image, options)]);
}

/**
 * The same file in pieces, with no copy of voxels that lie as the file has them.
 *
 * sform and qform are both written, with the same code; an image in frame "pixels" gets neither. Channels go
 * to the fourth to seventh axis; 8-bit colours become RGB24 or RGBA32.
 * @throws RoentgenError "bad-option"; "value-invalid" for values that `type` can't hold; "shape-mismatch" for
 *   more channels than the format has axes, or axes that NIfTI-1 can't count
 */
export function* niftiChunks(image: Image, options: NiftiWriteOptions = {}): Generator<Uint8Array> {
  const { header, voxels } = niftiParts(image, options, "single");
  yield header;
  yield* voxels;
}

/**
 * The files of an image at a path: one ending in .nii, or a pair where the path ends in .hdr or .img; gzipped
 * where `.gz` follows.
 */
export async function niftiFiles(
  image: Image,
  path: string,
  { compressionLevel, signal, threads, nifti }: ImageWriteOptions = {},
): Promise<WrittenFile[]> {
  const gz = /\.gz$/i.test(path);
  const packed = (path: string, content: Iterable<Uint8Array>): WrittenFile => ({
    path,
    content: gz ? gzipped(content, { level: compressionLevel, threads, signal }) : content,
  });
  const [, stem, ending] = /^(.*)\.(hdr|img)(?:\.gz)?$/i.exec(path) ?? [];
  if (!ending) return [packed(path, niftiChunks(image, nifti))];
  const { header, voxels } = niftiParts(image, nifti, "pair");
  const end = path.slice(stem.length + 4);
  return [packed(`${stem}.hdr${end}`, [header]), packed(`${stem}.img${end}`, voxels)];
}

/** The header with its extensions, and the voxels. */
function niftiParts(
  image: Image,
  options: NiftiWriteOptions | undefined,
  files: "single" | "pair",
): { header: Uint8Array; voxels: Iterable<Uint8Array> } {
  const settings = checkWriteOptions(options);
  const type = settings.type ?? voxelType(image.data);
  const data = voxelsAs(image.data, type);
  const order = storedOrder(image, type);
  const extensions = extensionBytes(settings.extensions);
  const header = headerBytes(image, {
    ...{ order, settings, single: files === "single", extensionBytes: extensions.byteLength },
  });
  return { header: joinBytes([header, extensions]), voxels: voxelBytes(image, data, order) };
}

/** Volume after volume; what already lies so in memory is not copied. */
function* voxelBytes(
  image: Image,
  data: VoxelArray,
  { volumes }: StoredOrder,
): Generator<Uint8Array> {
  const size = voxelCount(image.geometry);
  const inOrder = volumes.every((parts, at) => parts.length === 1 && parts[0] === at);
  if (inOrder) {
    yield bytesInOrder(data, "little");
    return;
  }
  for (const parts of volumes) {
    const planes = parts.map((at) => data.subarray(at * size, (at + 1) * size));
    yield bytesInOrder(parts.length === 1 ? planes[0] : interleaved(planes), "little");
  }
}

/** The planes' voxels side by side. */
function interleaved(planes: readonly VoxelArray[]): VoxelArray {
  const [first] = planes;
  const { length } = first;
  const together = new (first.constructor as Float64ArrayConstructor)(length * planes.length);
  planes.forEach((plane, part) => {
    for (let index = 0, to = part; index < length; index++, to += planes.length) {
      together[to] = plane[index];
    }
  });
  return together;
}
