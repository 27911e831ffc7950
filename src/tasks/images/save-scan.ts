// Saves a scan that was read: as one file, or as a folder of a DICOM series, with what goes beside it.

import { writeFilesWhole } from "#files";
import { type Image, RoentgenError, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import {
  type DicomSeriesOptions,
  imageFormatsOfPath,
  type WrittenFile,
  writeDicomSeries,
  writeImage,
  writtenModalities,
} from "../../formats/index.ts";
import { checkTarget } from "../check-target.ts";
import { describeGeometry, sizeInWords } from "./describe-image.ts";
import type { Scan } from "./scans.ts";
import { readSidecar, sidecars, withoutEnding } from "./sidecar.ts";

type FileContent = WrittenFile["content"] | string;

export interface ConvertedScan {
  /** What was read. */
  readonly name: string;
  /** "64 × 64 × 35 voxels of 3.25 × 3.25 × 3.6 mm". */
  readonly description: string;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

export interface Saving {
  /** What is read, and never written over. */
  readonly inputs: readonly string[];
  /** What was asked for: a file, or the folder of all. */
  readonly to: string;
  readonly window?: { readonly low: number; readonly high: number };
  readonly series?: DicomSeriesOptions;
  readonly force: boolean;
  readonly work: WorkOptions;
}

/** Refuses, before anything is read, what could not be written after. */
export async function checkPath(path: string, { inputs, to, force }: Saving): Promise<void> {
  refuseUnknownEnding(path, to);
  const isFile = imageFormatsOfPath(path).length > 0;
  if (isFile) await checkTarget(path, { force, inputs });
}

/** Writes an image and what goes with it; a path without an ending becomes a folder of a DICOM series. */
export async function saveScan(
  scan: Scan,
  path: string,
  { inputs, window, series, force, work }: Saving,
): Promise<ConvertedScan> {
  const image = window ? windowed(scan.image, window) : scan.image;
  const isImage = imageFormatsOfPath(path).some(({ name }) => name !== "dicom");
  const files: readonly WrittenFile[] = isImage
    ? await writeImage(image, path, work)
    : writeDicomSeries(image, path, await seriesOptions(scan, series));
  const all = [...files, ...(isImage ? sidecars(scan, withoutEnding(path)) : [])];
  for (const file of all) await checkTarget(file.path, { force, inputs });
  await writeFilesWhole(
    all.map(({ path: to, content }) => ({ path: to, content: cancellable(content, work.signal) })),
  );
  const { channels, geometry } = scan.image;
  return {
    name: scan.name,
    description: sizeInWords({ ...describeGeometry(geometry), channels }),
    files: all.map((file) => file.path),
    notes: scan.notes,
  };
}

/** Content that ends in an error as soon as the signal fires, so that nothing of it takes its place. */
async function* cancellable(content: FileContent, signal: AbortSignal | undefined) {
  throwIfCancelled(signal);
  const whole = typeof content === "string" ? new TextEncoder().encode(content) : content;
  for await (const piece of whole instanceof Uint8Array ? [whole] : whole) {
    throwIfCancelled(signal);
    yield piece;
  }
}

/** A file that is asked for by an ending of no image format is not silently a folder of DICOM of that name. */
function refuseUnknownEnding(path: string, asked: string): void {
  if (path !== asked || !hasEnding(path) || imageFormatsOfPath(path).length > 0) return;
  throw new RoentgenError("format-unknown", {
    problem: `The ending of ${path} is that of no image format that is written`,
    expected: ".nii.gz, .nrrd, .mha, .mgz, .gipl, .png, .jpg, .tif, or a folder",
    remedy: "Name a file with one of these endings, or end the name with / for a folder.",
    subject: path,
  });
}

export function hasEnding(path: string): boolean {
  return /\.[^./\\]+$/.test(path);
}

/** What is known of the acquisition, from the DICOM header or the `.json` beside the file; what is asked for wins. */
export async function seriesOptions(
  scan: Scan,
  asked: DicomSeriesOptions = {},
): Promise<DicomSeriesOptions> {
  const known = scan.format === "dicom" ? scan.header : await readSidecar(scan.name);
  const { Modality, SeriesDescription, BodyPartExamined } = known;
  const modality = writtenModalities.find((one) => one === Modality);
  const given = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  );
  return {
    ...(modality && { modality }),
    ...(typeof SeriesDescription === "string" && {
      seriesDescription: SeriesDescription.slice(0, 64),
    }),
    ...(typeof BodyPartExamined === "string" && { bodyPart: BodyPartExamined.slice(0, 16) }),
    ...given,
  };
}

/** Values from `low` to `high` as 0 to 255. */
function windowed(image: Image, { low, high }: { low: number; high: number }): Image {
  const data = new Uint8ClampedArray(image.data.length);
  const scale = 255 / (high - low);
  for (let at = 0; at < data.length; at++) data[at] = (image.data[at] - low) * scale;
  const { geometry, channels } = image;
  return { geometry, channels, data: new Uint8Array(data.buffer) };
}
