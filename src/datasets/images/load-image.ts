// An image file or a folder of one DICOM series as it is read for a sample, with what it says of its display.

import { openBeside, openFile, pathKind } from "#files";
import { type Image, RoentgenError, type WorkOptions } from "../../base/index.ts";
import {
  type DicomDataSet,
  type DicomEntry,
  dicomValues,
  imageFormatOfFile,
  listDicom,
  listedEntries,
  readDicom,
  readImage,
  readImages,
  readSlide,
  readVolume,
} from "../../formats/index.ts";
import type { ImageDisplay } from "./prepare/intensity-range.ts";

export interface LoadedImage {
  readonly image: Image;
  readonly display: ImageDisplay;
}

/** What loading takes: DICOM files may need threads of their own. */
export type LoadOptions = Pick<WorkOptions, "threads" | "signal">;

/**
 * Loads a file of any image format, or a folder that holds one DICOM series.
 * @throws RoentgenError where it can't be read, or where a folder holds several series
 */
export async function loadImage(path: string, work: LoadOptions = {}): Promise<LoadedImage> {
  if ((await pathKind(path)) === "folder") return loadDicom(path, work);
  const source = await openFile(path);
  try {
    const format = await imageFormatOfFile(source);
    if (format === "dicom") return await loadDicom(path, work);
    const { image } = await readImage(source, { format, beside: openBeside(path), ...work });
    return { image, display: {} };
  } finally {
    await source.close();
  }
}

async function loadDicom(path: string, work: LoadOptions): Promise<LoadedImage> {
  const listing = await listDicom(path, work);
  const entries = listedEntries(listing);
  if (entries.length !== 1) throw notOne(path, entries.length, listing.problems[0]?.sentence);
  const [entry] = entries;
  return { image: await readEntry(entry, work), display: await displayOf(entry.files[0].name) };
}

async function readEntry(entry: DicomEntry, work: LoadOptions): Promise<Image> {
  switch (entry.kind) {
    case "volume":
      // Of a single slice the thickness is not used.
      return (await readVolume(entry, { ...work, assumeThicknessMm: 1 })).image;
    case "slide":
      return (await readSlide(entry, work)).image;
    case "images":
      return (await readImages(entry, work))[0].image;
  }
}

/** How the first file of a series is meant to be seen. */
async function displayOf(path: string): Promise<ImageDisplay> {
  const source = await openFile(path);
  try {
    return displayOfHeader((await readDicom(source, { until: 0x7fe00010 })).dataSet);
  } finally {
    await source.close();
  }
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
