// Scans from one format to another: a series to NIfTI and back, a folder in one go.

import { pathKind } from "#files";
import { RoentgenError, throwIfCancelled } from "../../base/index.ts";
import {
  type DicomSeriesOptions,
  imageFormatsOfPath,
  type ReadVolumeOptions,
} from "../../formats/index.ts";
import { fileNames } from "./file-names.ts";
import { ENDINGS, type FolderFormat } from "./folder-formats.ts";
import { labelsOf } from "./label-map.ts";
import { putLike } from "./like.ts";
import {
  type ConvertedScan,
  checkPath,
  hasEnding,
  type Saving,
  saveScan,
  seriesOptions,
} from "./save-scan.ts";
import {
  chooseEntry,
  listScans,
  readScan,
  type Scan,
  type ScanEntry,
  type ScanListing,
} from "./scans.ts";

export interface ConvertScanOptions extends ReadVolumeOptions {
  /** Which image of several, counted from 1. */
  volume?: number;
  /** Format of the files in a folder; NIfTI, or DICOM where the input is none. */
  to?: FolderFormat;
  /** Values to become black and white of 8 bits. */
  window?: { readonly low: number; readonly high: number };
  /** What DICOM series that are written say of patient, study and modality. */
  series?: DicomSeriesOptions;
  /** Where the image of a segmentation is, whose grid it is put on: a file, DICOM folder or zip. */
  like?: string;
  /** Replace files that are there. */
  force?: boolean;
}

/** What was not converted of a folder, and why. */
interface UnconvertedScan {
  readonly name: string;
  readonly problem: string;
}

export interface Conversion {
  readonly converted: readonly ConvertedScan[];
  readonly failed: readonly UnconvertedScan[];
  /** Masks and label maps, where the others became DICOM series; no failure. */
  readonly leftOut: readonly UnconvertedScan[];
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
  { volume, to: format, window, series, like, force = false, ...reading }: ConvertScanOptions = {},
): Promise<Conversion> {
  const { threads, signal, onProgress } = reading;
  const listing = await listScans(from, { threads, signal, onProgress });
  const inputs = like === undefined ? [from] : [from, like];
  const saving = { inputs, to, window, series, force, work: { threads, signal, onProgress } };
  const intoFolder = await isFolder(to, format);
  const entries =
    intoFolder && volume === undefined ? listing.entries : [chooseEntry(listing, volume)];
  if (!intoFolder) await checkPath(to, saving);
  const references = like === undefined ? undefined : await listScans(like, saving.work);
  const source: Source = { reading, references };
  if (intoFolder) return convertFolder({ listing, entries, to, format }, { saving, source });
  const scan = await readSource(entries[0], source);
  return { converted: [await saveScan(scan, to, saving)], failed: [], leftOut: [] };
}

/** How entries are read. */
interface Source {
  readonly reading: ReadVolumeOptions;
  /** Images on one of whose grids segmentations are put. */
  readonly references: ScanListing | undefined;
}

async function readSource(entry: ScanEntry, { reading, references }: Source): Promise<Scan> {
  const scan = await readScan(entry, reading);
  return references ? putLike(scan, entry, { listing: references, options: reading }) : scan;
}

async function isFolder(path: string, format: FolderFormat | undefined): Promise<boolean> {
  if (path.endsWith("/") || (await pathKind(path)) === "folder") return true;
  return imageFormatsOfPath(path).length === 0 && (format !== undefined || !hasEnding(path));
}

interface FolderWork {
  readonly listing: ScanListing;
  readonly entries: readonly ScanEntry[];
  readonly to: string;
  readonly format: FolderFormat | undefined;
}

async function convertFolder(
  { listing, entries, to, format }: FolderWork,
  { saving, source }: { saving: Saving; source: Source },
): Promise<Conversion> {
  const names = fileNames(listing);
  const converted: ConvertedScan[] = [];
  const failed: UnconvertedScan[] = [];
  const leftOut: UnconvertedScan[] = [];
  for (const entry of entries) {
    throwIfCancelled(source.reading.signal);
    const name = names.get(entry) ?? "";
    const target = format ?? (entry.kind === "dicom" ? "nifti" : "dicom");
    const path = `${to.replace(/\/+$/, "")}/${name}${ENDINGS[target]}`;
    try {
      await checkPath(path, saving);
      const scan = await readSource(entry, source);
      const problem =
        target === "dicom" && entries.length > 1 ? await noScan(scan, saving) : undefined;
      if (problem) leftOut.push({ name, problem });
      else converted.push(await saveScan(scan, path, saving));
    } catch (error) {
      if (!(error instanceof RoentgenError) || error.code === "cancelled") throw error;
      if (entries.length === 1) throw error;
      failed.push({ name, problem: error.message });
    }
  }
  if (converted.length > 0) return { converted, failed, leftOut };
  throw new RoentgenError("file-unreadable", {
    problem: `Nothing in ${listing.path} could be converted`,
    found: (failed[0] ?? leftOut[0])?.problem ?? "no images",
    subject: listing.path,
  });
}

/** Why an image of a folder is not made a DICOM series: one of labels would pass for a scan. */
async function noScan(scan: Scan, { series }: Saving): Promise<string | undefined> {
  const labels = labelsOf(scan.image);
  const known = await seriesOptions(scan, { ...series, modality: undefined });
  if (!labels || known.modality) return undefined;
  const count = labels.length === 1 ? "one label" : `${labels.length} labels`;
  return `It was left out: a mask of ${count} is no scan, and a DICOM series of it would pass for one. Convert it by itself, with a modality, to have it all the same.`;
}
