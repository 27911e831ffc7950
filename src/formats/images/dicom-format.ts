// One DICOM file as the front door to images knows it; folders and series are listed by `listDicom`.

import {
  type ByteSource,
  type ChannelAxis,
  type Geometry,
  RoentgenError,
  type Triple,
  type WorkOptions,
} from "../../base/index.ts";
import type { DicomFile } from "../dicom/data-set/data-set.ts";
import { readDicom } from "../dicom/data-set/read-dicom.ts";
import { isDicom } from "../dicom/data-set/recognise-dicom.ts";
import { acquisitionOf } from "../dicom/series/acquisition.ts";
import { frameAxes } from "../dicom/series/frame-axes.ts";
import { commonType, fileValues, samplesLoaded } from "../dicom/series/frame-values.ts";
import { functionalGroups } from "../dicom/series/functional-groups.ts";
import { listDicom, listedEntries } from "../dicom/series/list-dicom.ts";
import { type DicomImage, readImages } from "../dicom/series/read-images.ts";
import { type DicomVolumeImage, readVolume } from "../dicom/series/read-volume.ts";
import type { DicomEntry } from "../dicom/series/volume-entry.ts";
import { layersOf } from "../dicom/slide/layers.ts";
import { readSlide } from "../dicom/slide/read-slide.ts";
import { tilesOf } from "../dicom/slide/tiles.ts";
import { writeDicomSeries } from "../dicom/write-series/write-series.ts";
import type {
  ImageDescription,
  ImageFile,
  ImageFormat,
  ImageHeader,
  ImageReadOptions,
} from "./image-file.ts";

export const dicomFormat: ImageFormat = {
  name: "dicom",
  title: "DICOM, one file",
  extensions: [".dcm", ".dicom", ".ima"],
  browser: true,
  recognise: (head) => isDicom(Uint8Array.from(head, (character) => character.charCodeAt(0))),
  inspect: inspectDicomFile,
  read: readDicomFile,
  write: async (image, path) => writeDicomSeries(image, path),
};

/** A volume where its slices prove their place, else the image of a film, a cine or a capture. */
async function readDicomFile(
  source: ByteSource,
  { threads, signal, onProgress, webAssemblyModulePathOrUrl }: ImageReadOptions,
): Promise<ImageFile> {
  const entry = await onlyEntry(source);
  const work = { threads, signal, onProgress, webAssemblyModulePathOrUrl };
  const { image, acquisition, notes } = await readEntry(entry, work);
  return { image, format: "dicom", notes, header: acquisition as ImageHeader };
}

async function readEntry(
  entry: DicomEntry,
  work: WorkOptions & Pick<ImageReadOptions, "webAssemblyModulePathOrUrl">,
): Promise<DicomImage | DicomVolumeImage> {
  switch (entry.kind) {
    case "volume":
      return readVolume(entry, work);
    case "slide":
      return readSlide(entry, work);
    case "images":
      return (await readImages(entry, work))[0];
  }
}

async function inspectDicomFile(source: ByteSource): Promise<ImageDescription> {
  const entry = await onlyEntry(source);
  const file = await readDicom(source);
  const [width, height, depth = 1] = entry.size;
  const size: Triple = [width, height, depth];
  const pixels: Geometry = { frame: "pixels", size, spacing: undefined };
  const frames = Array.from({ length: framesOf(entry) }, (_, frame) => frame);
  const values = fileValues(file, frames, { scaling: "precise" });
  const axes = axesOf(entry, file);
  const colors = samplesLoaded(values) === 3 ? [{ name: "color", size: 3 }] : [];
  const { signed, bitsStored, numbers } = values.description;
  const units = new Set([...values.modalities.values()].map(({ unit }) => unit));
  const unit = units.size === 1 ? [...units][0] : undefined;
  return {
    format: "dicom",
    size,
    geometry: (entry.kind === "volume" && entry.geometry) || pixels,
    channels: [...colors, ...axes],
    type: commonType([values]),
    storedType: `${signed ? "signed" : "unsigned"} ${numbers} of ${bitsStored} bits`,
    ...(unit !== undefined && { unit }),
    notes: entry.problems.map(({ sentence }) => sentence),
    header: acquisitionOf(functionalGroups(file.dataSet)?.view(0) ?? file.dataSet) as ImageHeader,
  };
}

function framesOf(entry: DicomEntry): number {
  switch (entry.kind) {
    case "volume":
      return entry.frames.flat().length;
    case "slide":
      return entry.tiles;
    case "images":
      return entry.frames[0];
  }
}

function axesOf(entry: DicomEntry, file: DicomFile): readonly ChannelAxis[] {
  switch (entry.kind) {
    case "volume":
      return entry.channels;
    case "slide":
      return layersOf(tilesOf(file)).axes;
    case "images":
      return frameAxes(file.dataSet, entry.frames[0]).axes;
  }
}

/**
 * What the file holds.
 * @throws RoentgenError "format-unsupported" for an object without pixels, or with several volumes
 */
async function onlyEntry(source: ByteSource): Promise<DicomEntry> {
  const { name } = source;
  const listing = await listDicom(source);
  const entries = listedEntries(listing);
  if (entries.length === 1) return entries[0];
  const [problem] = listing.problems;
  if (problem) {
    throw new RoentgenError("file-unreadable", { problem: problem.sentence, subject: name });
  }
  throw new RoentgenError("format-unsupported", {
    problem: `Cannot read ${name} as one image`,
    expected: "one image or volume",
    found: entries.length > 0 ? `${entries.length} volumes` : "an object without pixels",
    remedy: entries.length > 0 ? "List them with listDicom and read each with readVolume." : "",
    subject: name,
  });
}
