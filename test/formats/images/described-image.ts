// An image in the few words in which the fixtures made with nibabel have it, and files in memory that lie side by side.

import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  type ByteSource,
  type Image,
  imageShape,
  indexToWorld,
  memorySource,
  RoentgenError,
  voxelType,
} from "../../../src/base/index.ts";

/** As test/formats/images/expected/volumes.py describes an image. */
export interface DescribedImage {
  readonly type: string;
  readonly shape: readonly number[];
  /** Of the voxels' bytes, little-endian; the first half. */
  readonly sha256: string;
  /** Index to LPS mm, by rows. */
  readonly lps?: readonly number[];
}

export function describedImage(image: Image): Omit<DescribedImage, "lps"> {
  const { data } = image;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const sha256 = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  return { type: voxelType(data), shape: imageShape(image), sha256 };
}

/** The largest distance in mm that any corner of the image is from where it should be. */
export function misplacement(image: Image, lps: readonly number[]): number {
  const [width, height, depth] = image.geometry.size;
  const found = indexToWorld(image.geometry);
  const corners = [0, width - 1].flatMap((i) =>
    [0, height - 1].flatMap((j) => [0, depth - 1].map((k) => [i, j, k, 1])),
  );
  const distances = corners.map((index) => {
    const apart = (row: number) =>
      index.reduce((sum, at, c) => sum + at * (found[4 * row + c] - lps[4 * row + c]), 0);
    return Math.hypot(apart(0), apart(1), apart(2));
  });
  return Math.max(...distances);
}

/** Files by name, gzipped and in base64, as sources; each can open the others. */
export function filesInMemory(packed: Readonly<Record<string, string>>) {
  const open = async (name: string): Promise<ByteSource> => {
    const content = packed[name];
    if (content === undefined) {
      throw new RoentgenError("file-not-found", { problem: `There is no ${name}` });
    }
    return memorySource(new Uint8Array(gunzipSync(Buffer.from(content, "base64"))), name);
  };
  return open;
}
