// Writes volumes in every element type as NIfTI-1, NIfTI-2, pairs and MGH for check-written.py to read with nibabel.
//
//   node --conditions=roentgen-source test/formats/images/expected/write-samples.ts FOLDER

import { mkdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { writeFilesWhole } from "#files";
import {
  type ChannelAxis,
  channelCount,
  type Geometry,
  type Image,
  indexToWorld,
  makeImage,
  makeVoxels,
  patientGeometry,
  type VoxelType,
  voxelCount,
} from "../../../../src/base/index.ts";
import { type WriteImageOptions, writeImage } from "../../../../src/formats/index.ts";
import { describedImage } from "../described-image.ts";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });

const oblique = patientGeometry({
  size: [5, 4, 3],
  spacing: [0.5, 0.75, 3],
  origin: [-11.5, 20.25, 7],
  direction: [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1],
});
const mirrored = { ...oblique, direction: [0, 0.6, 0.8, 1, 0, 0, 0, 0.8, -0.6] } as Geometry;
const unplaced: Geometry = { frame: "pixels", size: [5, 4, 3], spacing: [0.5, 0.75, 3] };

function image(type: VoxelType, channels: ChannelAxis[] = [], geometry: Geometry = oblique): Image {
  const data = makeVoxels(type, voxelCount(geometry) * channelCount({ channels }));
  const [first, step] = type.startsWith("u") ? [0, 1] : [-100, 0.75];
  for (let at = 0; at < data.length; at++) data[at] = (first + at * step) % 120;
  return makeImage({ geometry, channels, data });
}

const time: ChannelAxis = { name: "time", size: 3, values: [1, 3.5, 6], unit: "s" };
const types = [
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "float32",
  "float64",
] as const;
const images: Record<string, Image> = {
  ...Object.fromEntries(types.map((type) => [type, image(type)])),
  mirrored: image("int16", [], mirrored),
  unplaced: image("int16", [], unplaced),
  time: image("int16", [time]),
  vector: image("float32", [{ name: "vector", size: 3 }]),
  "time and vector": image("float32", [time, { name: "vector", size: 3 }]),
  rgb: image("uint8", [{ name: "color", size: 3 }]),
  rgba: image("uint8", [{ name: "color", size: 4 }]),
  "rgb in time": image("uint8", [time, { name: "color", size: 3 }]),
  complex64: image("float32", [{ name: "complex", size: 2 }]),
  complex128: image("float64", [{ name: "complex", size: 2 }]),
};
const endings = [".nii", ".nii.gz", ".hdr", ".img.gz"];
const samples: object[] = [];

async function write(
  name: string,
  one: Image,
  path: string,
  options: WriteImageOptions,
): Promise<void> {
  const files = await writeImage(one, `${folder}/${path}`, options);
  await writeFilesWhole(files);
  samples.push({
    name,
    file: basename(files[0].path),
    ...describedImage(one),
    channels: one.channels.map((axis) => axis.name),
    ...(one.geometry.frame === "LPS" && { lps: indexToWorld(one.geometry) }),
  });
}

for (const [name, one] of Object.entries(images)) {
  for (const version of [1, 2] as const) {
    for (const ending of endings) {
      const path = `${name.replaceAll(" ", "-")}-${version}-${ending.slice(1).replace(".", "")}${ending}`;
      await write(`${name} as NIfTI-${version} in ${ending}`, one, path, { nifti: { version } });
    }
  }
}
for (const name of ["uint8", "int16", "int32", "float32", "mirrored", "time"]) {
  await write(`${name} as MGH`, images[name], `${name}.mgh`, {});
  await write(`${name} as MGZ`, images[name], `${name}.mgz`, { compressionLevel: 1 });
}
writeFileSync(`${folder}/expected.json`, JSON.stringify(samples));
