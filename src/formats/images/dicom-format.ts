// One DICOM file as the front door to images knows it; folders and series are listed by `listDicom`.

import { type ByteSource, type Geometry, RoentgenError, type Triple } from "../../base/index.ts";
import { readDicom } from "../dicom/data-set/read-dicom.ts";
import { isDicom } from "../dicom/data-set/recognise-dicom.ts";
import { acquisitionOf } from "../dicom/series/acquisition.ts";
import { frameAxes } from "../dicom/series/frame-axes.ts";
import { commonType, fileValues, samplesLoaded } from "../dicom/series/frame-values.ts";
import { functionalGroups } from "../dicom/series/functional-groups.ts";
import { listDicom, listedEntries } from "../dicom/series/list-dicom.ts";
import { readImages } from "../dicom/series/read-images.ts";
import { readVolume } from "../dicom/series/read-volume.ts";
import type { DicomEntry } from "../dicom/series/volume-entry.ts";
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
  const read =
    entry.kind === "volume" ? await readVolume(entry, work) : (await readImages(entry, work))[0];
  const { image, acquisition, notes } = read;
  return { image, format: "dicom", notes, header: acquisition as ImageHeader };
}

async function inspectDicomFile(source: ByteSource): Promise<ImageDescription> {
  const entry = await onlyEntry(source);
  const file = await readDicom(source);
  const [width, height, depth = 1] = entry.size;
  const size: Triple = [width, height, depth];
  const pixels: Geometry = { frame: "pixels", size, spacing: undefined };
  const count = entry.kind === "volume" ? entry.frames.flat().length : entry.frames[0];
  const frames = Array.from({ length: count }, (_, frame) => frame);
  const values = fileValues(file, frames, { scaling: "precise" });
  const axes = entry.kind === "volume" ? entry.channels : frameAxes(file.dataSet, count).axes;
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
