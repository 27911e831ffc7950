// Scans that are drawn, not taken, as a data set on disk: images, masks, a manifest and what there is to find.

import { pathKind, writeFilesWhole, writeFileWhole } from "#files";
import { makeTable, RoentgenError, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import {
  brainMriPhantoms,
  chestXRayPhantoms,
  ctPhantoms,
  type DrawnList,
  type PhantomScan,
  ultrasoundPhantoms,
} from "../../datasets/index.ts";
import { type WrittenFile, writeCsv, writeDicomSeries, writeImage } from "../../formats/index.ts";
import { ENDINGS } from "./folder-formats.ts";

/** Options that every kind has, and those of its own. */
type Draw = (options: Record<string, unknown>) => DrawnList<PhantomScan>;

const KINDS = {
  "chest-x-ray": chestXRayPhantoms,
  ct: ctPhantoms,
  "brain-mri": brainMriPhantoms,
  ultrasound: ultrasoundPhantoms,
} as Readonly<Record<string, Draw>>;

/** As `roentgen phantom` takes them. */
export const phantomKinds: readonly string[] = Object.keys(KINDS);

/** Formats that images are written in. */
export const phantomFormats = ["nifti", "dicom", "nrrd", "metaimage", "png", "tiff"] as const;
export type PhantomFormat = (typeof phantomFormats)[number];

export interface WritePhantomsOptions extends WorkOptions {
  count?: number;
  seed?: number;
  /** By default NIfTI for volumes and PNG for films and frames. */
  format?: PhantomFormat;
  /** More options of the kind: size, region, contrast … */
  options?: Readonly<Record<string, unknown>>;
  /** Write into a folder that holds something already. */
  force?: boolean;
}

export interface WrittenPhantoms {
  readonly kind: string;
  readonly count: number;
  readonly folder: string;
  readonly manifest: string;
  /** How many of each diagnosis. */
  readonly diagnoses: Readonly<Record<string, number>>;
  /** The first case, to look at. */
  readonly first: PhantomScan;
}

/**
 * Draws scans and writes `images/`, `masks/`, `manifest.csv` (a row a scan: paths, patient, site, diagnosis) and
 * `findings.json` (names of the mask's values, boxes of what there is to find). The same options give the same bytes.
 * @throws RoentgenError "bad-option" for a kind or option there is none of, "write-failed" for a folder with something in it
 */
export async function writePhantoms(
  kind: string,
  folder: string,
  {
    count = 10,
    seed = 0,
    format,
    options = {},
    force = false,
    signal,
    onProgress,
  }: WritePhantomsOptions = {},
): Promise<WrittenPhantoms> {
  const draw = KINDS[kind];
  if (!draw) throw unknownKind(kind);
  const scans = draw({ ...options, count, seed });
  if (!force && (await pathKind(folder)) !== "none") throw folderExists(folder);
  const cases: WrittenCase[] = [];
  for (const scan of scans) {
    throwIfCancelled(signal, "Drawing phantoms");
    cases.push(await writeCase(scan, { kind, folder, format }));
    onProgress?.({ stage: "Drawing", done: cases.length, total: count, unit: "scans" });
  }
  const manifest = `${folder}/manifest.csv`;
  await writeFileWhole(manifest, writeCsv(manifestOf(cases)));
  await writeFileWhole(
    `${folder}/findings.json`,
    `${JSON.stringify(cases.map(truthOf), undefined, 1)}\n`,
  );
  return { kind, count, folder, manifest, diagnoses: countDiagnoses(cases), first: scans.at(0) };
}

/** What is kept of a scan once its pixels are written. */
interface WrittenCase extends Omit<PhantomScan, "image" | "mask"> {
  readonly name: string;
  readonly imagePath: string;
  readonly maskPath: string;
}

async function writeCase(
  scan: PhantomScan,
  { kind, folder, format }: { kind: string; folder: string; format?: PhantomFormat },
): Promise<WrittenCase> {
  const { image, mask, ...kept } = scan;
  const name = `${kind}-${`${scan.index + 1}`.padStart(4, "0")}`;
  const isVolume = image.geometry.frame === "LPS";
  const plain = isVolume ? "nifti" : "png";
  const imageFormat = format ?? plain;
  const imagePath = `images/${name}${imageFormat === "dicom" ? (isVolume ? "" : ".dcm") : ENDINGS[imageFormat]}`;
  const maskPath = `masks/${name}${ENDINGS[imageFormat === "dicom" ? plain : imageFormat]}`;
  const files: WrittenFile[] = [
    ...(imageFormat === "dicom"
      ? writeDicomSeries(image, `${folder}/${imagePath}`, seriesOf(scan, kind))
      : await writeImage(image, `${folder}/${imagePath}`)),
    ...(await writeImage(mask, `${folder}/${maskPath}`)),
  ];
  await writeFilesWhole(files);
  return { ...kept, name, imagePath, maskPath };
}

function seriesOf({ modality, patient, diagnosis }: PhantomScan, kind: string) {
  return {
    modality,
    patientId: patient.id,
    patientName: `Phantom^${patient.id}`,
    patientSex: patient.sex,
    ...(kind === "chest-x-ray" && { bodyPart: "CHEST" }),
    ...(kind === "brain-mri" && { bodyPart: "HEAD" }),
    studyDescription: "Phantom: drawn, not taken",
    seriesDescription: diagnosis,
  } as const;
}

function manifestOf(cases: readonly WrittenCase[]) {
  const text = (name: string, of: (one: WrittenCase) => string) =>
    ({ name, kind: "text", values: cases.map(of) }) as const;
  const numbers = (name: string, of: (one: WrittenCase) => number) =>
    ({ name, kind: "number", values: Float64Array.from(cases, of) }) as const;
  return makeTable([
    text("name", (one) => one.name),
    text("image", (one) => one.imagePath),
    text("mask", (one) => one.maskPath),
    text("modality", (one) => one.modality),
    text("patient_id", (one) => one.patient.id),
    text("sex", (one) => one.patient.sex),
    numbers("age_years", (one) => one.patient.ageYears),
    text("site", (one) => one.patient.site),
    text("diagnosis", (one) => one.diagnosis),
    numbers("findings", (one) => one.findings.length),
  ]);
}

function truthOf({
  name,
  imagePath,
  maskPath,
  diagnosis,
  structures,
  findings,
  acquisition,
}: WrittenCase) {
  return { name, image: imagePath, mask: maskPath, diagnosis, structures, findings, acquisition };
}

function countDiagnoses(cases: readonly WrittenCase[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { diagnosis } of cases) counts[diagnosis] = (counts[diagnosis] ?? 0) + 1;
  return counts;
}

function unknownKind(kind: string): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: `There is no phantom "${kind}"`,
    remedy: `There are: ${phantomKinds.join(", ")}.`,
    subject: kind,
  });
}

function folderExists(folder: string): RoentgenError {
  return new RoentgenError("write-failed", {
    problem: `${folder} is there already`,
    remedy: "Choose another name, or give --force to write into it.",
    subject: folder,
  });
}
