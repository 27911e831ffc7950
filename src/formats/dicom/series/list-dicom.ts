// From files in any order to patients, studies, series and volumes: headers are read, pixels are not.

import type { WorkOptions } from "../../../base/index.ts";
import type { FileDescription, PatientFacts, SeriesFacts, StudyFacts } from "./describe-file.ts";
import type { DicomPlace } from "./dicom-place.ts";
import { compareText } from "./divide.ts";
import { entriesOfSeries } from "./entries.ts";
import { type DicomInput, findPlaces } from "./find-places.ts";
import { type ScannedFile, type ScanProblem, scanPlaces } from "./scan.ts";
import { sharedIdentities } from "./shared-identity.ts";
import type { DicomEntry } from "./volume-entry.ts";

/** Everything that a scan found, sorted; plain data. */
export interface DicomListing {
  readonly patients: readonly DicomPatient[];
  /**
   * DICOM files that can't be read, files that a DICOMDIR names and that are not there, and files that state one SOP
   * Instance UID but are different images.
   */
  readonly problems: readonly ScanProblem[];
  /** Paths or names of files that are no DICOM files. */
  readonly skipped: readonly string[];
  /** DICOM files that were read. */
  readonly files: number;
}

export interface DicomPatient extends PatientFacts {
  readonly studies: readonly DicomStudy[];
}

export interface DicomStudy extends StudyFacts {
  readonly series: readonly DicomSeries[];
}

export interface DicomSeries extends SeriesFacts {
  /** Volumes, then images, in the order of instances. */
  readonly entries: readonly DicomEntry[];
  /** Objects without pixels: reports, plans, structure sets. */
  readonly objects: readonly DicomObject[];
}

/** An object that is no image. */
export interface DicomObject {
  readonly sopClass: string;
  readonly instanceUid: string;
  readonly place: DicomPlace;
}

export type { DicomInput };

/**
 * Lists what files, folders, zip archives, DICOMDIRs and sources hold: patients, their studies, series, and in each
 * series the volumes that its frames make by what they show and where they lie. Names and order of files do not
 * matter. Only headers are read. One file that is damaged is reported and does not keep others from being listed.
 * @throws RoentgenError "file-not-found" for a path that is not there
 */
export async function listDicom(
  inputs: DicomInput | readonly DicomInput[],
  { signal, onProgress }: Pick<WorkOptions, "signal" | "onProgress"> = {},
): Promise<DicomListing> {
  const places = await findPlaces(Array.isArray(inputs) ? inputs : [inputs as DicomInput]);
  const { files, problems, skipped } = await scanPlaces(places, { signal, onProgress });
  return {
    patients: patientsOf(files),
    problems: [...problems, ...sharedIdentities(files)],
    skipped,
    files: files.length,
  };
}

/** All volumes and images of a listing, in its order. */
export function listedEntries({ patients }: Pick<DicomListing, "patients">): DicomEntry[] {
  return patients
    .flatMap(({ studies }) => studies)
    .flatMap(({ series }) => series)
    .flatMap(({ entries }) => entries);
}

function patientsOf(files: readonly ScannedFile[]): DicomPatient[] {
  const byPatient = group(files, ({ patient }) =>
    JSON.stringify([patient.id, patient.id ? "" : patient.name]),
  );
  return byPatient
    .map((own) => ({ ...own[0].description.patient, studies: studiesOf(own) }))
    .sort((a, b) => compareText(a.id, b.id) || compareText(a.name, b.name));
}

function studiesOf(files: readonly ScannedFile[]): DicomStudy[] {
  const when = ({ date = "", time = "", uid }: StudyFacts) => `${date} ${time} ${uid}`;
  return group(files, ({ study }) => study.uid)
    .map((own) => ({ ...own[0].description.study, series: seriesOf(own) }))
    .sort((a, b) => compareText(when(a), when(b)));
}

function seriesOf(files: readonly ScannedFile[]): DicomSeries[] {
  // Copies of a series under another number keep its UID in some archives; the numbers tell them apart.
  return group(files, ({ series }) => `${series.uid} ${series.modality} ${series.number}`)
    .map((own) => ({
      ...own[0].description.series,
      entries: entriesOfSeries(own),
      objects: own.filter(({ description }) => description.frames.length === 0).map(objectOf),
    }))
    .sort((a, b) => (a.number ?? 0) - (b.number ?? 0) || compareText(a.uid, b.uid));
}

function objectOf({ place, description: { sopClass, instanceUid } }: ScannedFile): DicomObject {
  return { sopClass, instanceUid, place };
}

/** Groups in the order of instances within, so that facts are taken from the same file whatever the order. */
function group(
  files: readonly ScannedFile[],
  keyOf: (description: FileDescription) => string,
): ScannedFile[][] {
  const groups = new Map<string, ScannedFile[]>();
  for (const file of files) {
    const key = keyOf(file.description);
    const found = groups.get(key);
    if (found) found.push(file);
    else groups.set(key, [file]);
  }
  for (const found of groups.values()) {
    found.sort((a, b) => compareText(a.description.instanceUid, b.description.instanceUid));
  }
  return [...groups.values()];
}
