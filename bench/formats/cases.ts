// The cases of the benchmark of formats, named as in peer.py; each returns a sum that both sides must agree on.

import { readFileSync } from "node:fs";
import { openFile, writeFilesWhole } from "#files";
import type { Image, VoxelArray } from "../../src/base/index.ts";
import {
  listDicom,
  listedEntries,
  niftiFiles,
  readNifti,
  readNrrd,
  readVolume,
} from "../../src/formats/index.ts";

type Work = () => Promise<Voxels>;

interface Voxels {
  readonly data: VoxelArray | readonly number[];
}

/** Prepares what is not timed and returns what is. */
const cases: Record<string, (folder: string) => Work | Promise<Work>> = {
  "read 256³ int16 .nii.gz": (folder) => async () => {
    const source = await openFile(`${folder}/grey.nii.gz`);
    const { image } = await readNifti(source);
    await source.close();
    return image;
  },
  "write 256³ int16 .nii.gz, level 1": async (folder) => {
    const image = await loadImage(folder);
    return () => write(image, `${folder}/ours.nii.gz`, 1);
  },
  "write 256³ int16 .nii.gz, level 6": async (folder) => {
    const image = await loadImage(folder);
    return () => write(image, `${folder}/ours.nii.gz`, 6);
  },
  "read 256³ int16 .nrrd, gzipped": (folder) => async () => {
    const source = await openFile(`${folder}/grey.nrrd`);
    const { image } = await readNrrd(source);
    await source.close();
    return image;
  },
  "CT series, uncompressed": (folder) => () => readSeries(`${folder}/plain`),
  "CT series, JPEG 2000 lossless": (folder) => () => readSeries(`${folder}/packed`),
  "CT series, listed": (folder) => () => list(`${folder}/plain`),
  "10,000 slices, listed": (folder) => () => list(`${folder}/many`),
};

export const caseNames: readonly string[] = Object.keys(cases);

export async function prepareCase(name: string, folder: string): Promise<Work> {
  return cases[name](folder);
}

/** Of every 97th voxel: enough to tell that both sides read the same. */
export function checkSum({ data }: Voxels): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 97) sum += data[at];
  return sum;
}

async function readSeries(folder: string): Promise<Voxels> {
  const [entry] = listedEntries(await listDicom(folder));
  if (entry.kind !== "volume") throw new Error("The series is no volume.");
  const { image } = await readVolume(entry);
  return image;
}

async function list(folder: string): Promise<Voxels> {
  const { files } = await listDicom(folder);
  return { data: [files] };
}

async function loadImage(folder: string): Promise<Image> {
  const source = await openFile(`${folder}/grey.nii.gz`);
  return (await readNifti(source)).image;
}

async function write(image: Image, path: string, compressionLevel: number): Promise<Voxels> {
  await writeFilesWhole(await niftiFiles(image, path, { compressionLevel }));
  return { data: [readFileSync(path).length] };
}
