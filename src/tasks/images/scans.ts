// What a path holds of images: one file, DICOM series, or a folder of both; listed first, read when asked for.

import { openBeside, pathKind } from "#files";
import { type ByteSource, type Image, RoentgenError, type WorkOptions } from "../../base/index.ts";
import {
  type DicomEntry,
  type DicomImages,
  type DicomListing,
  type DicomSlide,
  type DicomVolume,
  type ImageFormatName,
  imageFormatOfFile,
  listDicom,
  listedEntries,
  listZip,
  type ReadVolumeOptions,
  readImage,
  readImages,
  readSlide,
  readVolume,
} from "../../formats/index.ts";
import { withFile } from "../with-file.ts";

/** An image and what is known of it, wherever it came from. */
export interface Scan {
  readonly name: string;
  readonly format: ImageFormatName;
  readonly image: Image;
  /** What the reader should know, as sentences. */
  readonly notes: readonly string[];
  /** Fields of the file's header; of DICOM the acquisition's parameters under the names of BIDS. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly diffusion?: DiffusionTable;
  /** Of a DICOM segmentation, what belongs to no segment. */
  readonly background?: number;
}

/** b-values and unit gradients in LPS of each channel of a diffusion-weighted image. */
export type DiffusionTable = readonly {
  readonly bValue: number;
  readonly gradient?: readonly [number, number, number];
}[];

/** Something that can be read as an image. */
export type ScanEntry = {
  /** Counted from 1, as it is listed and asked for. */
  readonly number: number;
} & (
  | { readonly kind: "file"; readonly path: string; readonly format: ImageFormatName }
  | { readonly kind: "dicom"; readonly dicom: DicomEntry }
);

export interface ScanListing {
  readonly path: string;
  /** Series first, in the order of patients and studies, then other files. */
  readonly entries: readonly ScanEntry[];
  readonly dicom: DicomListing;
  /** Files that are no images. */
  readonly others: readonly string[];
}

const NO_DICOM: DicomListing = { patients: [], problems: [], skipped: [], files: 0 };

/**
 * Lists the images of a path: a file of any image format, a DICOM file, a zip archive of them, or a folder of any
 * depth. Headers of DICOM files are read; of other images the first bytes.
 * @throws RoentgenError "file-not-found"; "format-unknown" for one file that is no image
 */
export async function listScans(path: string, work: WorkOptions = {}): Promise<ScanListing> {
  const kind = await pathKind(path);
  if (kind === "folder") return listFolderOfScans(path, work);
  const format = await withFile(path, imageFormatOfFile);
  if (format && format !== "dicom") return makeListing(path, NO_DICOM, [{ path, format }], []);
  const dicom = await listDicom(path, work);
  refuseEmpty(path, dicom);
  return makeListing(path, dicom, [], dicom.skipped);
}

/** Whether a path is a folder, a zip archive or a file of images, rather than a table or arrays. */
export async function isScan(path: string): Promise<boolean> {
  if ((await pathKind(path)) === "folder") return true;
  return withFile(path, async (source) => {
    return (await imageFormatOfFile(source)) !== undefined || (await isZipOfScans(source));
  });
}

const NO_SCANS = /\.(npy|onnx)$|^bundle\.json$|^([^/]*\/)?data\.pkl$|^model\.weights\./;

/** An archive without arrays of NumPy, without a model and without weights of one. */
async function isZipOfScans(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, Math.min(4, source.byteLength));
  if (String.fromCharCode(...head) !== "PK\u0003\u0004") return false;
  const members = await listZip(source);
  return !members.some(({ name }) => NO_SCANS.test(name));
}

async function listFolderOfScans(path: string, work: WorkOptions): Promise<ScanListing> {
  const dicom = await listDicom(path, work);
  const files: ImagePath[] = [];
  const others: string[] = [];
  for (const skipped of dicom.skipped) {
    const format = await withFile(skipped, imageFormatOfFile).catch(() => undefined);
    if (format && format !== "dicom") files.push({ path: skipped, format });
    else others.push(skipped);
  }
  return makeListing(path, dicom, files, others);
}

interface ImagePath {
  readonly path: string;
  readonly format: ImageFormatName;
}

function makeListing(
  path: string,
  dicom: DicomListing,
  files: readonly ImagePath[],
  others: readonly string[],
): ScanListing {
  const series = listedEntries(dicom).flatMap(filmByFilm);
  const entries: ScanEntry[] = [
    ...series.map((entry, at) => ({ number: at + 1, kind: "dicom", dicom: entry }) as const),
    ...files.map(
      (file, at) => ({ number: series.length + at + 1, kind: "file", ...file }) as const,
    ),
  ];
  return { path, entries, dicom, others };
}

/** Images without a place in the patient are listed together; each is an image of its own. */
export function filmByFilm(entry: DicomEntry): DicomEntry[] {
  if (entry.kind !== "images") return [entry];
  return entry.files.map((file, at) => ({ ...entry, files: [file], frames: [entry.frames[at]] }));
}

/** One file that is no DICOM, or damaged: its problem is the answer. */
function refuseEmpty(path: string, { files, problems }: DicomListing): void {
  if (files > 0) return;
  throw new RoentgenError(problems.length > 0 ? "file-unreadable" : "format-unknown", {
    problem: problems[0]?.sentence ?? `${path} is no image of a format that is known`,
    remedy: problems.length > 0 ? undefined : "`roentgen inspect --help` shows what can be read.",
    subject: path,
  });
}

/**
 * The entry that is asked for, or the only one.
 * @throws RoentgenError "usage" where there are several and none is chosen, or none of that number
 */
export function chooseEntry({ path, entries }: ScanListing, number?: number): ScanEntry {
  const chosen =
    number === undefined && entries.length === 1 ? entries[0] : entries[(number ?? 0) - 1];
  if (chosen) return chosen;
  throw new RoentgenError("usage", {
    problem:
      number === undefined
        ? `${path} holds ${entries.length} images`
        : `${path} has no image ${number}`,
    expected: entries.length > 0 ? `--volume with a number from 1 to ${entries.length}` : "images",
    remedy: "`roentgen inspect` lists them.",
    subject: path,
  });
}

/**
 * Reads an entry as one image.
 * @throws RoentgenError where it can't be read, or where its geometry is not proven and `options` do not say what to do
 */
export async function readScan(entry: ScanEntry, options: ReadVolumeOptions = {}): Promise<Scan> {
  if (entry.kind === "file") return readScanFile(entry, options);
  const { dicom } = entry;
  switch (dicom.kind) {
    case "volume":
      return readScanVolume(dicom, options);
    case "slide":
      return readScanSlide(dicom, options);
    case "images":
      return readFilm(dicom, options);
  }
}

async function readScanVolume(volume: DicomVolume, options: ReadVolumeOptions): Promise<Scan> {
  const { image, acquisition, notes, background } = await readVolume(volume, options);
  const { diffusion } = volume;
  const name = entryName(volume);
  return {
    ...{ name, format: "dicom", image, notes, header: acquisition },
    ...(diffusion && { diffusion }),
    ...(background !== undefined && { background }),
  };
}

async function readScanSlide(
  slide: DicomSlide,
  { threads, signal, onProgress }: ReadVolumeOptions,
): Promise<Scan> {
  const read = await readSlide(slide, { threads, signal, onProgress });
  const { image, acquisition, notes, background } = read;
  const name = entryName(slide);
  const scan = { name, format: "dicom", image, notes, header: acquisition } as const;
  return background === undefined ? scan : { ...scan, background };
}

async function readFilm(
  film: DicomImages,
  { threads, signal, onProgress, scaling }: ReadVolumeOptions,
): Promise<Scan> {
  const [read] = await readImages(film, { threads, signal, onProgress, scaling });
  const { image, acquisition, notes } = read;
  return { name: entryName(film), format: "dicom", image, notes, header: acquisition };
}

async function readScanFile(
  { path, format }: ImagePath,
  { threads, signal, onProgress }: WorkOptions,
): Promise<Scan> {
  const beside = openBeside(path);
  const work = { threads, signal, onProgress };
  const file = await withFile(path, (source) => readImage(source, { format, beside, ...work }));
  return { name: path, ...file };
}

/** "3 EPI PE=AP, echo time 30". */
export function entryName({ series, apart }: Pick<DicomEntry, "series" | "apart">): string {
  const name = [series.number, series.description ?? series.protocol].filter(
    (part) => part !== undefined,
  );
  const traits = Object.entries(apart).map(([trait, value]) => `${trait} ${value}`);
  return [name.join(" ") || series.modality || series.uid, ...traits].filter(Boolean).join(", ");
}
