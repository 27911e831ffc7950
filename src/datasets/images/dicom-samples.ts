// What the headers of DICOM files tell of samples: their patients, and which files are slices of one volume.

import { counted, takeColumnRows, type WorkOptions } from "../../base/index.ts";
import { type DicomListing, listDicom, listedEntries } from "../../formats/dicom/index.ts";
import type { ImageDataset, ImageSample } from "./image-dataset.ts";

/** By name: of DICOM, or without an ending, as archives often have it. */
const MAYBE_DICOM = /(\.(dcm|dicom|ima)|(^|[\\/])[^.\\/]+)$/i;

/**
 * A data set with the patients that DICOM files state, where nothing else told them. Where folders are classes, files that are
 * all the slices of one series, alone in a folder of their own, become one sample: the folder.
 */
export async function withDicomFacts(
  dataset: ImageDataset,
  work: Pick<WorkOptions, "signal" | "onProgress"> = {},
): Promise<ImageDataset> {
  const paths = [...new Set(dataset.samples.map(({ path }) => path))].filter((path) =>
    MAYBE_DICOM.test(path),
  );
  if (paths.length === 0) return dataset;
  const listing = await listDicom(paths, work);
  if (listing.files === 0) return dataset;
  const joined = dataset.layout === "folders" ? joinSeries(dataset, listing) : dataset;
  return addPatients(joined, listing);
}

function addPatients(dataset: ImageDataset, listing: DicomListing): ImageDataset {
  const { patientOf, shared } = patientsOf(listing);
  // What a file states is surer than what its folder is called, but not than a table.
  const isGuess = dataset.layout === "folders";
  const isUnknown = ({ path, patient }: ImageSample) =>
    patient === undefined ? patientOf.has(path) : isGuess && patientOf.get(path)?.isStated;
  const unknown = dataset.samples.filter(isUnknown);
  const ids = new Set(unknown.map(({ path }) => patientOf.get(path)?.name));
  if (ids.size === 0) return dataset;
  const notes =
    shared === undefined
      ? []
      : [`All DICOM files state one patient, "${shared}", which is taken for none.`];
  if (ids.size === 1 && listing.patients.length === 1 && unknown.length > 1) {
    return { ...dataset, notes: [...dataset.notes, ...notes] };
  }
  const samples = dataset.samples.map((sample) => {
    return isUnknown(sample) ? { ...sample, patient: patientOf.get(sample.path)?.name } : sample;
  });
  const told = `${counted(ids.size, "patient")} told by DICOM files.`;
  return { ...dataset, samples, notes: [...dataset.notes, ...notes, told] };
}

interface ToldPatient {
  readonly name: string;
  /** By its ID, not merely by the study. */
  readonly isStated: boolean;
}

/** By file and folder: its ID; without one, or with one that all files share, its study, since a person has few. */
function patientsOf({ patients }: DicomListing) {
  const ids = patients.map(({ id }) => id).filter((id) => id !== "");
  const [shared] = patients.length === 1 ? ids : [];
  const patientOf = new Map<string, ToldPatient>();
  for (const { id, studies } of patients) {
    for (const { uid, series } of studies) {
      const isStated = id !== "" && shared === undefined;
      const told = { name: isStated ? id : uid, isStated };
      const files = series.flatMap(({ entries }) => entries.flatMap((entry) => entry.files));
      for (const { name } of files) patientOf.set(name, told).set(folderOf(name), told);
    }
  }
  return { patientOf, shared };
}

function joinSeries(dataset: ImageDataset, listing: DicomListing): ImageDataset {
  const folders = foldersOfOneSeries(dataset, listing);
  if (folders.size === 0) return dataset;
  const seen = new Set<string>();
  const kept: number[] = [];
  const samples: ImageSample[] = [];
  for (const [at, sample] of dataset.samples.entries()) {
    const folder = folderOf(sample.path);
    const isSlice = folders.has(folder);
    if (isSlice && seen.has(folder)) continue;
    seen.add(folder);
    kept.push(at);
    samples.push(isSlice ? { ...sample, path: folder, name: folderOf(sample.name) } : sample);
  }
  return {
    ...dataset,
    samples,
    columns: dataset.columns.map((column) => takeColumnRows(column, kept)),
    notes: [
      ...dataset.notes,
      `${counted(folders.size, "folder")} of DICOM slices are one image each.`,
    ],
  };
}

/** Folders all of whose samples are the files of one volume of several files. */
function foldersOfOneSeries({ samples }: ImageDataset, listing: DicomListing): Set<string> {
  const count = new Map<string, number>();
  for (const { path } of samples) count.set(folderOf(path), (count.get(folderOf(path)) ?? 0) + 1);
  const folders = new Set<string>();
  for (const { kind, files } of listedEntries(listing)) {
    const [folder, ...others] = new Set(files.map(({ name }) => folderOf(name)));
    const isAlone = others.length === 0 && count.get(folder) === files.length;
    if (kind === "volume" && files.length > 1 && isAlone) folders.add(folder);
  }
  return folders;
}

function folderOf(path: string): string {
  return path.replace(/[\\/][^\\/]*$/, "");
}
