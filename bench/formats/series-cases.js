// Cases with DICOM series, as a program would read them that does nothing else; each returns voxels to be summed.

import { listDicom, listedEntries, readVolume } from "roentgen/formats/dicom";

export const cases = {
  "CT series, uncompressed": (folder) => () => readSeries(`${folder}/plain`),
  "CT series, signed": (folder) => () => readSeries(`${folder}/signed`),
  "CT series, JPEG 2000 lossless": (folder) => () => readSeries(`${folder}/packed`),
  "CT series, listed": (folder) => () => list(`${folder}/plain`),
  "10,000 slices, listed": (folder) => () => list(`${folder}/many`),
};

async function readSeries(folder) {
  const [entry] = listedEntries(await listDicom(folder));
  if (entry.kind !== "volume") throw new Error("The series is no volume.");
  const { image } = await readVolume(entry);
  if (image.data.BYTES_PER_ELEMENT !== 2)
    throw new Error("The voxels are not int16, as the peer's.");
  return image;
}

async function list(folder) {
  const { files } = await listDicom(folder);
  return { data: [files] };
}
