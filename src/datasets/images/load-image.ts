// An image file or a folder of one DICOM series as it is read for a sample, with what it says of its display.

import { openBeside, openFile, pathKind } from "#files";
import { type ByteSource, type Image, RoentgenError, type WorkOptions } from "../../base/index.ts";
import {
  type DicomDataSet,
  type DicomEntry,
  dicomValues,
  listDicom,
  listedEntries,
  readDicom,
  readImages,
  readSlide,
  readVolume,
} from "../../formats/dicom/index.ts";
import { type ImageReadOptions, imageFormatOfFile, readImage } from "../../formats/images/index.ts";
import type { ImageDisplay } from "./prepare/intensity-range.ts";

export interface LoadedImage {
  readonly image: Image;
  readonly display: ImageDisplay;
}

/** What loading takes: DICOM files may need threads of their own, and in browsers a decoder. */
export type LoadOptions = Pick<WorkOptions, "threads" | "signal"> &
  Pick<ImageReadOptions, "webAssemblyModulePathOrUrl">;

/**
 * Loads a file of any image format, or a folder that holds one DICOM series; in browsers a source, such as a file dropped on
 * the page, which stays open.
 * @throws RoentgenError where it can't be read, or where a folder holds several series
 */
export async function loadImage(
  from: string | ByteSource,
  options: LoadOptions = {},
): Promise<LoadedImage> {
  if (typeof from !== "string") return loadSource(from, from, options);
  if ((await pathKind(from)) === "folder") return loadDicom(from, options);
  const source = await openFile(from);
  try {
    return await loadSource(source, from, { ...options, beside: openBeside(from) });
  } finally {
    await source.close();
  }
}

async function loadSource(
  source: ByteSource,
  from: string | ByteSource,
  { beside, ...options }: LoadOptions & Pick<ImageReadOptions, "beside">,
): Promise<LoadedImage> {
  const format = await imageFormatOfFile(source);
  if (format === "dicom") return loadDicom(from, options);
  const { image } = await readImage(source, { format, beside, ...options });
  return { image, display: {} };
}

async function loadDicom(from: string | ByteSource, options: LoadOptions): Promise<LoadedImage> {
  const listing = await listDicom(from, options);
  const entries = listedEntries(listing);
  const name = typeof from === "string" ? from : from.name;
  if (entries.length !== 1) throw notOne(name, entries.length, listing.problems[0]?.sentence);
  const [entry] = entries;
  const image = await readEntry(entry, options);
  if (typeof from !== "string") return { image, display: await displayOf(from) };
  const header = await openFile(entry.files[0].name);
  try {
    return { image, display: await displayOf(header) };
  } finally {
    await header.close();
  }
}

async function readEntry(entry: DicomEntry, options: LoadOptions): Promise<Image> {
  switch (entry.kind) {
    case "volume":
      // Of a single slice the thickness is not used.
      return (await readVolume(entry, { ...options, assumeThicknessMm: 1 })).image;
    case "slide": {
      const { threads, signal } = options;
      return (await readSlide(entry, { threads, signal })).image;
    }
    case "images":
      return (await readImages(entry, options))[0].image;
  }
}

/** How the file, the first of a series, is meant to be seen. */
async function displayOf(source: ByteSource): Promise<ImageDisplay> {
  return displayOfHeader((await readDicom(source, { until: 0x7fe00010 })).dataSet);
}

/** The first window that it states (PS3.3 C.11.2.1.2), and whether low values are bright (C.7.6.3.1.2, C.11.6). */
function displayOfHeader(dataSet: DicomDataSet): ImageDisplay {
  const centre = dicomValues.number(dataSet, "WindowCenter");
  const width = dicomValues.number(dataSet, "WindowWidth");
  const inverted =
    dicomValues.text(dataSet, "PhotometricInterpretation") === "MONOCHROME1" ||
    dicomValues.text(dataSet, "PresentationLUTShape") === "INVERSE";
  if (centre === undefined || width === undefined || !(width > 1)) return { inverted };
  // A linear window counts whole values, so that it ends half a value further in (C.11.2.1.2.1).
  const half = (width - 1) / 2;
  return { inverted, window: [centre - 0.5 - half, centre - 0.5 + half] };
}

function notOne(path: string, count: number, problem: string | undefined): RoentgenError {
  if (problem) return new RoentgenError("file-unreadable", { problem, subject: path });
  return new RoentgenError("format-unsupported", {
    problem: `Cannot read ${path} as one image`,
    expected: "one image or DICOM series",
    found: count > 0 ? `${count} of them` : "nothing that is an image",
    subject: path,
  });
}
