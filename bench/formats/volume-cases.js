// Cases with volumes in one file; each returns voxels to be summed.

import { readFileSync } from "node:fs";
import { niftiFiles, readNifti, readNrrd } from "roentgen/formats";
import { openFile, writeFilesWhole } from "#files";

export const cases = {
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
};

async function loadImage(folder) {
  const source = await openFile(`${folder}/grey.nii.gz`);
  return (await readNifti(source)).image;
}

async function write(image, path, compressionLevel) {
  await writeFilesWhole(await niftiFiles(image, path, { compressionLevel }));
  return { data: [readFileSync(path).length] };
}
