// Images of every type and arrangement of channels, written in every way that NRRD and MetaImage know.

import { createHash } from "node:crypto";
import {
  type ChannelAxis,
  channelCount,
  type Geometry,
  type Image,
  makeImage,
  makeVoxels,
  patientGeometry,
  type VoxelType,
  voxelCount,
} from "../../../src/base/index.ts";
import type { WrittenFile } from "../../../src/formats/images/image-file.ts";
import { writeMetaImage } from "../../../src/formats/metaimage/write-metaimage.ts";
import { writeNrrd } from "../../../src/formats/nrrd/write-nrrd.ts";

/** Exactly orthonormal in decimal digits, so that no rounding hides in a comparison. */
const PLACE = patientGeometry({
  size: [5, 4, 3],
  spacing: [0.7, 0.8, 2.5],
  origin: [-100.25, 33.5, 7],
  direction: [0.6, 0, 0.8, 0, -1, 0, 0.8, 0, -0.6],
});

function sample(type: VoxelType, geometry: Geometry, channels: ChannelAxis[] = []): Image {
  const data = makeVoxels(type, voxelCount(geometry) * channelCount({ channels }));
  const isFloat = type.startsWith("float");
  for (let at = 0; at < data.length; at++) data[at] = isFloat ? at * 1.25 - 20 : (at * 1237) % 127;
  return makeImage({ geometry, data, channels });
}

const TYPES = [
  ...(["int8", "uint8", "int16", "uint16"] as const),
  ...(["int32", "uint32", "float32", "float64"] as const),
];

const IMAGES: Readonly<Record<string, Image>> = {
  ...Object.fromEntries(TYPES.map((type) => [type, sample(type, PLACE)])),
  vector: sample("float32", PLACE, [{ name: "vector", size: 3 }]),
  color: sample("uint8", PLACE, [{ name: "color", size: 3 }]),
  echo: sample("int16", PLACE, [{ name: "echo", size: 2 }]),
  time: sample("int16", PLACE, [{ name: "time", size: 4, values: [1, 3, 5, 7] }]),
  pixels: sample("uint8", { frame: "pixels", size: [6, 5, 1], spacing: [0.5, 0.25, 1] }),
  "spacing unknown": sample("uint8", { frame: "pixels", size: [6, 5, 1], spacing: undefined }),
};

export interface WrittenImage {
  /** "color, a.mhd, raw". */
  readonly name: string;
  readonly image: Image;
  /** The file to open first. */
  readonly files: readonly (readonly [string, Uint8Array])[];
}

export async function writtenImages(): Promise<WrittenImage[]> {
  const ways = ["a.nrrd", "a.nhdr", "a.mha", "a.mhd"].flatMap((path) => [
    { path, packed: true },
    { path, packed: false },
  ]);
  const all = Object.entries(IMAGES).flatMap(([name, image]) =>
    ways.map(async ({ path, packed }) => {
      const written = path.startsWith("a.n")
        ? await writeNrrd(image, path, { encoding: packed ? "gzip" : "raw" })
        : await writeMetaImage(image, path, { compressed: packed });
      const files = await Promise.all(
        written.map(async (file) => [file.path, await joined(file)] as const),
      );
      files.sort(([a], [b]) => Number(b === path) - Number(a === path));
      return { name: `${name}, ${path}, ${packed ? "packed" : "raw"}`, image, files };
    }),
  );
  return Promise.all(all);
}

async function joined({ content }: WrittenFile): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content;
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A short name for the bytes of all files. */
export function fingerprint({ files }: WrittenImage): string {
  const hash = createHash("sha256");
  for (const [, bytes] of files) hash.update(bytes);
  return hash.digest("hex").slice(0, 16);
}
