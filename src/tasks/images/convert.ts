// Scans from one format to another: a series to NIfTI and back, a folder in one go.

import { pathKind, writeFilesWhole } from "#files";
import { type Image, RoentgenError } from "../../base/index.ts";
import {
  type DicomSeriesOptions,
  imageFormatsOfPath,
  type ReadVolumeOptions,
  type WrittenFile,
  writeDicomSeries,
  writeImage,
  writtenModalities,
} from "../../formats/index.ts";
import { checkTarget } from "../check-target.ts";
import { describeGeometry, sizeInWords } from "./describe-image.ts";
import { fileNames } from "./file-names.ts";
import { ENDINGS, type FolderFormat } from "./folder-formats.ts";
import {
  chooseEntry,
  listScans,
  readScan,
  type Scan,
  type ScanEntry,
  type ScanListing,
} from "./scans.ts";
import { readSidecar, sidecars, withoutEnding } from "./sidecar.ts";

export interface ConvertScanOptions extends ReadVolumeOptions {
  /** Which image of several, counted from 1. */
  volume?: number;
  /** Format of the files in a folder; NIfTI, or DICOM where the input is none. */
  to?: FolderFormat;
  /** Values to become black and white of 8 bits. */
  window?: { readonly low: number; readonly high: number };
  /** What DICOM series that are written say of patient, study and modality. */
  series?: DicomSeriesOptions;
  /** Replace files that are there. */
  force?: boolean;
}

export interface ConvertedScan {
  /** What was read. */
  readonly name: string;
  /** "64 × 64 × 35 voxels of 3.25 × 3.25 × 3.6 mm". */
  readonly description: string;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/** What could not be converted of a folder, and why. */
interface UnconvertedScan {
  readonly name: string;
  readonly problem: string;
}

export interface Conversion {
  readonly converted: readonly ConvertedScan[];
  readonly failed: readonly UnconvertedScan[];
}

/**
 * Converts one image to a file whose ending tells the format, or every image of a path into a folder. Series get a
 * `.json` with the acquisition's parameters, diffusion-weighted ones `.bval` and `.bvec`.
 * In a folder, an image that can't be converted does not keep the others from it.
 * @throws RoentgenError where the one image can't be read or written, or nothing of a folder can
 */
export async function convertScans(
  from: string,
  to: string,
  { volume, to: format, window, series, force = false, ...reading }: ConvertScanOptions = {},
): Promise<Conversion> {
  const { threads, signal, onProgress } = reading;
  const listing = await listScans(from, { threads, signal, onProgress });
  const saving = { from, to, window, series, force };
  if (!(await isFolder(to, format))) {
    const scan = await readScan(chooseEntry(listing, volume), reading);
    return { converted: [await saveScan(scan, to, saving)], failed: [] };
  }
  const entries = volume === undefined ? listing.entries : [chooseEntry(listing, volume)];
  return convertFolder({ listing, entries, to, format }, { saving, reading });
}

async function isFolder(path: string, format: FolderFormat | undefined): Promise<boolean> {
  if (path.endsWith("/") || (await pathKind(path)) === "folder") return true;
  return imageFormatsOfPath(path).length === 0 && (format !== undefined || !hasEnding(path));
}

function hasEnding(path: string): boolean {
  return /\.[^./\\]+$/.test(path);
}

interface FolderWork {
  readonly listing: ScanListing;
  readonly entries: readonly ScanEntry[];
  readonly to: string;
  readonly format: FolderFormat | undefined;
}

interface Saving {
  readonly from: string;
  /** What was asked for: a file, or the folder of all. */
  readonly to: string;
  readonly window?: { readonly low: number; readonly high: number };
  readonly series?: DicomSeriesOptions;
  readonly force: boolean;
}

async function convertFolder(
  { listing, entries, to, format }: FolderWork,
  { saving, reading }: { saving: Saving; reading: ReadVolumeOptions },
): Promise<Conversion> {
  const names = fileNames(listing);
  const converted: ConvertedScan[] = [];
  const failed: UnconvertedScan[] = [];
  for (const entry of entries) {
    const stem = `${to.replace(/\/+$/, "")}/${names.get(entry)}`;
    try {
      const scan = await readScan(entry, reading);
      const ending = ENDINGS[format ?? (scan.format === "dicom" ? "nifti" : "dicom")];
      converted.push(await saveScan(scan, stem + ending, saving));
    } catch (error) {
      if (!(error instanceof RoentgenError) || error.code === "cancelled") throw error;
      if (entries.length === 1) throw error;
      failed.push({ name: names.get(entry) ?? "", problem: error.message });
    }
  }
  if (converted.length > 0) return { converted, failed };
  throw new RoentgenError("file-unreadable", {
    problem: `Nothing in ${saving.from} could be converted`,
    found: failed[0]?.problem ?? "no images",
    subject: saving.from,
  });
}

/** Writes an image and what goes with it; a path without an ending becomes a folder of a DICOM series. */
async function saveScan(
  scan: Scan,
  path: string,
  { from, to, window, series, force }: Saving,
): Promise<ConvertedScan> {
  const image = window ? windowed(scan.image, window) : scan.image;
  const isImage = imageFormatsOfPath(path).some(({ name }) => name !== "dicom");
  if (!isImage) refuseUnknownEnding(path, to);
  const files: readonly WrittenFile[] = isImage
    ? await writeImage(image, path)
    : writeDicomSeries(image, path, await seriesOptions(scan, series));
  const all = [...files, ...(isImage ? sidecars(scan, withoutEnding(path)) : [])];
  for (const file of all) await checkTarget(file.path, { force, inputs: [from] });
  await writeFilesWhole(all);
  const { channels, geometry } = scan.image;
  return {
    name: scan.name,
    description: sizeInWords({ ...describeGeometry(geometry), channels }),
    files: all.map((file) => file.path),
    notes: scan.notes,
  };
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

/** What is known of the acquisition, from the DICOM header or the `.json` beside the file; what is asked for wins. */
async function seriesOptions(
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
