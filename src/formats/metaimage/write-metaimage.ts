// Writes MetaImage files as ITK does: .mha with the voxels, .mhd with .raw or .zraw beside it.

import { gzipped } from "#compression";
import type { Image, VoxelType } from "../../base/index.ts";
import { channelCount, imageShape, RoentgenError, voxelType } from "../../base/index.ts";
import { nativeByteOrder } from "../elements/byte-order.ts";
import { adler32 } from "../elements/checksums.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import type { ImageWriteOptions, WrittenFile } from "../images/image-file.ts";
import { permuteAxes } from "../voxels/permute-axes.ts";

export interface MetaImageWriteOptions extends ImageWriteOptions {
  /** Whether to compress the voxels (zlib); by default they are. */
  compressed?: boolean;
}

const typeNames: Readonly<Record<VoxelType, string>> = {
  int8: "MET_CHAR",
  uint8: "MET_UCHAR",
  int16: "MET_SHORT",
  uint16: "MET_USHORT",
  int32: "MET_INT",
  uint32: "MET_UINT",
  float32: "MET_FLOAT",
  float64: "MET_DOUBLE",
};

/**
 * The file or files. Times become a fourth axis; all other channels lie side by side in each voxel.
 * @throws RoentgenError "type-mismatch" for several axes of channels other than time
 */
export async function writeMetaImage(
  image: Image,
  path: string,
  { compressed = true, compressionLevel, threads, signal }: MetaImageWriteOptions = {},
): Promise<readonly WrittenFile[]> {
  const { bytes, axes, interleaved } = arrange(image, path);
  const work = { level: compressionLevel, threads, signal };
  const content = compressed ? await zlibStream(bytes, work) : bytes;
  const detached = /\.mhd$/i.test(path);
  const dataPath = path.replace(/\.mhd$/i, compressed ? ".zraw" : ".raw");
  const header = headerText(image, axes, [
    ["CompressedData", compressed ? "True" : "False"],
    ...(compressed ? [["CompressedDataSize", `${content.length}`] as const] : []),
    ...(interleaved > 1 ? [["ElementNumberOfChannels", `${interleaved}`] as const] : []),
    ["ElementType", typeNames[voxelType(image.data)]],
    ["ElementDataFile", detached ? (dataPath.split(/[\\/]/).at(-1) as string) : "LOCAL"],
  ]);
  if (!detached) return [{ path, content: [header, content] }];
  return [
    { path: dataPath, content },
    { path, content: header },
  ];
}

interface Arranged {
  readonly bytes: Uint8Array;
  /** Size and spacing of each axis, fastest first. */
  readonly axes: readonly { size: number; spacing: number; start: number }[];
  readonly interleaved: number;
}

function arrange(image: Image, path: string): Arranged {
  const { channels, geometry, data } = image;
  const times = channels.filter(({ name }) => name === "time");
  const others = channels.filter(({ name }) => name !== "time");
  if (times.length > 1 || others.length > 1) {
    throw new RoentgenError("type-mismatch", {
      problem: `Cannot write ${path}`,
      expected: "at most times and one other axis of channels",
      found: channels.map(({ name }) => name).join(", "),
      remedy: "Write it as NRRD, or one channel at a time.",
      subject: path,
    });
  }
  const spacing = geometry.spacing ?? [1, 1, 1];
  const inSpace = geometry.size.map((size, at) => ({ size, spacing: spacing[at], start: 0 }));
  const flat = geometry.frame === "pixels" && geometry.size[2] === 1 && times.length === 0;
  const later = times.map(({ size, values }) => ({
    size,
    spacing: values && values.length > 1 ? values[1] - values[0] : 1,
    start: values?.[0] ?? 0,
  }));
  // Fastest first: i, j, k, then channels; the other one comes to the front.
  const reversed = [...channels].reverse();
  const other = 3 + reversed.findIndex(({ name }) => name !== "time");
  const rest = [...imageShape(image).keys()].filter((at) => at !== other || others.length === 0);
  const order = others.length === 0 ? rest : [other, ...rest];
  const moved = permuteAxes(data, imageShape(image).reverse(), order);
  return {
    bytes: new Uint8Array(moved.buffer, moved.byteOffset, moved.byteLength),
    axes: [...(flat ? inSpace.slice(0, 2) : inSpace), ...later],
    interleaved: channelCount({ channels: others }),
  };
}

/** gzip's deflated bytes between zlib's header and sum (RFC 1950), which all readers know. */
async function zlibStream(
  bytes: Uint8Array,
  work: Parameters<typeof gzipped>[1],
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzipped([bytes], work)) pieces.push(piece);
  const deflated = joinBytes(pieces).subarray(10, -8);
  const sum = new DataView(new ArrayBuffer(4));
  sum.setUint32(0, adler32(bytes));
  return joinBytes([Uint8Array.of(0x78, 0x9c), deflated, new Uint8Array(sum.buffer)]);
}

function headerText(
  { geometry }: Image,
  axes: Arranged["axes"],
  last: readonly (readonly [string, string])[],
): Uint8Array {
  const count = axes.length;
  const inPatient = geometry.frame === "LPS";
  const d = inPatient ? geometry.direction : undefined;
  // Row by row the directions of the axes: the transpose of `direction`.
  const entry = (row: number, column: number) =>
    d && row < 3 && column < 3 ? d[3 * column + row] : row === column ? 1 : 0;
  const matrix = axes.flatMap((_, row) => axes.map((_, column) => entry(row, column)));
  const offset = axes.map(({ start }, at) => (inPatient && at < 3 ? geometry.origin[at] : start));
  const pairs: (readonly [string, string])[] = [
    ["ObjectType", "Image"],
    ["NDims", `${count}`],
    ["BinaryData", "True"],
    ["BinaryDataByteOrderMSB", nativeByteOrder === "big" ? "True" : "False"],
    ...(inPatient
      ? ([
          ["TransformMatrix", matrix.join(" ")],
          ["Offset", offset.join(" ")],
          ["CenterOfRotation", axes.map(() => 0).join(" ")],
        ] as const)
      : []),
    ...(geometry.spacing
      ? [["ElementSpacing", axes.map(({ spacing }) => spacing).join(" ")] as const]
      : []),
    ["DimSize", axes.map(({ size }) => size).join(" ")],
    ...last,
  ];
  return new TextEncoder().encode(pairs.map(([key, value]) => `${key} = ${value}\n`).join(""));
}
