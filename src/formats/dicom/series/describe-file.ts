// What a file's header says for listing: whose it is, which series it belongs to, and the frames it holds.

import { damaged, truncated } from "../../damage.ts";
import type { DataSet, DicomFile } from "../data-set/data-set.ts";
import { transferSyntax as transferSyntaxOf } from "../data-set/transfer-syntaxes.ts";
import { element, has, number, numbers, text } from "../data-set/values.ts";
import { hasPixels } from "../pixels/description.ts";
import { type CsaHeader, csaImageHeader } from "./csa-header.ts";
import type { DicomFrame } from "./dicom-frame.ts";
import { diffusionOf } from "./diffusion.ts";
import { dosePlanes, type PlaneReading, planeOf, tomographicPlane } from "./frame-plane.ts";
import { orderOf, traitsOf } from "./frame-traits.ts";
import { type FunctionalGroups, functionalGroups } from "./functional-groups.ts";
import { isMosaic, type Mosaic, mosaicOf, tilePlanes } from "./mosaic.ts";
import { philipsFrameItem } from "./philips-scaling.ts";
import type { FramePlane } from "./plane.ts";

/** Of a file, what sorting and listing need; small, so that 10,000 of them fit into memory. */
export interface FileDescription {
  readonly patient: PatientFacts;
  readonly study: StudyFacts;
  readonly series: SeriesFacts;
  readonly sopClass: string;
  readonly instanceUid: string;
  /** None of an object that holds no pixels: a report, a plan, a presentation state. */
  readonly frames: readonly DicomFrame[];
}

export interface PatientFacts {
  readonly id: string;
  readonly name: string;
  readonly birthDate?: string;
  readonly sex?: string;
}

export interface StudyFacts {
  readonly uid: string;
  /** YYYYMMDD. */
  readonly date?: string;
  readonly time?: string;
  readonly description?: string;
  readonly accessionNumber?: string;
}

export interface SeriesFacts {
  readonly uid: string;
  readonly modality: string;
  readonly number?: number;
  readonly description?: string;
  readonly protocol?: string;
  readonly bodyPart?: string;
}

/**
 * @param file index of the file among those scanned
 * @param byteLength of the file, which no number of frames may exceed
 * @throws RoentgenError "file-truncated" where pixels that are not compressed are cut short, "file-corrupt" for a
 *   number of frames that the file can't hold
 */
export function describeFile(
  { name, dataSet, transferSyntax }: DicomFile,
  file: number,
  byteLength: number,
): FileDescription {
  checkFrames(name, dataSet, byteLength);
  if (isPlain(transferSyntax)) checkWhole(name, dataSet);
  return {
    patient: defined({
      id: text(dataSet, "PatientID") ?? "",
      name: text(dataSet, "PatientName") ?? "",
      birthDate: text(dataSet, "PatientBirthDate"),
      sex: text(dataSet, "PatientSex"),
    }),
    study: defined({
      uid: text(dataSet, "StudyInstanceUID") ?? "",
      date: text(dataSet, "StudyDate"),
      time: text(dataSet, "StudyTime"),
      description: text(dataSet, "StudyDescription"),
      accessionNumber: text(dataSet, "AccessionNumber"),
    }),
    series: defined({
      uid: text(dataSet, "SeriesInstanceUID") ?? "",
      modality: text(dataSet, "Modality") ?? "OT",
      number: number(dataSet, "SeriesNumber"),
      description: text(dataSet, "SeriesDescription"),
      protocol: text(dataSet, "ProtocolName"),
      bodyPart: text(dataSet, "BodyPartExamined"),
    }),
    sopClass: text(dataSet, "SOPClassUID") ?? "",
    instanceUid: text(dataSet, "SOPInstanceUID") ?? "",
    // Of compressed files the scan stops before the pixels, and takes them to be there.
    frames:
      isPlain(transferSyntax) && !hasPixels({ dataSet })
        ? []
        : framesOf(dataSet, { file, transferSyntax }),
  };
}

/** Without the keys that have no value, so that listings print and compare well. */
function defined<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): T {
  const known: Record<string, unknown> = {};
  for (const name in facts) if (facts[name] !== undefined) known[name] = facts[name];
  return known as T;
}

/** Whether pixels take as many bytes as the header says. */
function isPlain(uid: string): boolean {
  const syntax = transferSyntaxOf(uid);
  return syntax !== undefined && !syntax.encapsulated && !syntax.deflated;
}

/** A damaged count of frames must not make a list as long. Compressed or not, a frame takes bytes. */
function checkFrames(name: string, dataSet: DataSet, byteLength: number): void {
  const frames = number(dataSet, "NumberOfFrames") ?? 1;
  if (frames >= 0 && frames <= byteLength) return;
  throw damaged(name, {
    expected: "as many frames as fit into the file",
    found: `${frames} frames`,
  });
}

function checkWhole(name: string, dataSet: DataSet): void {
  const missing = missingBytes(dataSet);
  if (missing > 0) throw truncated(name, { found: `pixels of which ${missing} bytes are missing` });
}

function missingBytes(dataSet: DataSet): number {
  const count = (keyword: Parameters<typeof number>[1]) => number(dataSet, keyword) ?? 1;
  const values = count("Rows") * count("Columns") * count("NumberOfFrames");
  const sharesColour = /_422|_420/.test(text(dataSet, "PhotometricInterpretation") ?? "");
  const samples = sharesColour ? 1 : count("SamplesPerPixel");
  const pixels = element(dataSet, "PixelData");
  // Float pixels state no bits, and are judged when they are read.
  if (!pixels || !has(dataSet, "BitsAllocated")) return 0;
  const present =
    pixels.kind === "value" ? pixels.bytes.length : pixels.kind === "left" ? pixels.length : 0;
  return Math.floor((values * samples * count("BitsAllocated")) / 8) - present;
}

function framesOf(
  dataSet: DataSet,
  { file, transferSyntax }: { file: number; transferSyntax: string },
): DicomFrame[] {
  const [columns, rows] = [number(dataSet, "Columns"), number(dataSet, "Rows")];
  if (!columns || !rows) return [];
  const groups = functionalGroups(dataSet);
  const frames = Math.max(1, number(dataSet, "NumberOfFrames") ?? groups?.frames ?? 1);
  const count = frames === 1 ? "1 frame" : `${frames} frames`;
  const form = `${columns} × ${rows} pixels, ${count}, ${transferSyntax}`;
  const size = { file, columns, rows, form };
  if (groups) {
    return Array.from({ length: frames }, (_, frame) => enhancedFrame(groups, { ...size, frame }));
  }
  const csa = csaImageHeader(dataSet);
  const base = frameFacts(dataSet, { csa });
  const reading = planeOf(dataSet);
  const mosaic = isMosaic(dataSet) ? mosaicOf(dataSet, csa) : undefined;
  if (mosaic && reading.plane)
    return tiles(dataSet, { mosaic, reading, csa, base: { ...base, form }, file });
  if (frames === 1) return [{ ...size, frame: 0, ...planeOrMissing(reading), ...base }];
  const planes = reading.plane ? planesOfFrames(dataSet, reading.plane, frames) : [];
  return Array.from({ length: frames }, (_, frame) => ({
    ...size,
    frame,
    ...planeOrMissing({ plane: planes[frame], missing: reading.missing }),
    ...base,
  }));
}

function planeOrMissing({ plane, missing }: PlaneReading): Pick<DicomFrame, "plane" | "missing"> {
  return { plane, missing };
}

/** Frames of an object without functional groups that lie behind each other; none of a cine. */
function planesOfFrames(
  dataSet: DataSet,
  first: FramePlane,
  frames: number,
): readonly (FramePlane | undefined)[] {
  const dose = has(dataSet, "GridFrameOffsetVector") ? dosePlanes(dataSet, first) : [];
  if (dose.length === frames) return dose;
  const slices = numbers(dataSet, "SliceVector");
  const isTomographic = slices.length === frames && !has(dataSet, "RotationVector");
  return isTomographic ? slices.map((slice) => tomographicPlane(dataSet, first, slice)) : [];
}

type FrameFacts = Omit<
  DicomFrame,
  "file" | "frame" | "tile" | "columns" | "rows" | "form" | "plane" | "missing"
>;

function frameFacts(
  dataSet: DataSet,
  { own, csa }: { own?: DataSet; csa?: CsaHeader } = {},
): FrameFacts {
  const diffusion = diffusionOf(dataSet, csa) ?? (own && diffusionOf(own));
  return defined({
    traits: traitsOf(dataSet, own),
    order: orderOf(dataSet, { own, diffusion }),
    bValue: diffusion?.bValue,
    gradient: diffusion?.gradient,
    thicknessMm: positive(number(dataSet, "SliceThickness")),
    spacingBetweenMm: positive(Math.abs(number(dataSet, "SpacingBetweenSlices") ?? 0)),
    gantryTiltDeg: number(dataSet, "GantryDetectorTilt"),
    repetitionTimeMs: positive(number(dataSet, "RepetitionTime")),
    uid: text(dataSet, "SOPInstanceUID") ?? "",
    instanceNumber: number(dataSet, "InstanceNumber") ?? 0,
  });
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}

function enhancedFrame(
  groups: FunctionalGroups,
  place: Pick<DicomFrame, "file" | "frame" | "columns" | "rows" | "form">,
): DicomFrame {
  const view = groups.view(place.frame);
  const own = philipsFrameItem(view);
  return { ...place, ...planeOrMissing(planeOf(view)), ...frameFacts(view, { own }) };
}

function tiles(
  dataSet: DataSet,
  {
    mosaic,
    reading,
    csa,
    base,
    file,
  }: {
    mosaic: Mosaic;
    reading: PlaneReading;
    csa: CsaHeader | undefined;
    base: FrameFacts & Pick<DicomFrame, "form">;
    file: number;
  },
): DicomFrame[] {
  const planes = reading.plane && tilePlanes(dataSet, mosaic, { plane: reading.plane, csa });
  const { columns, rows } = mosaic;
  return Array.from({ length: mosaic.tiles }, (_, tile) => ({
    file,
    frame: 0,
    tile,
    columns,
    rows,
    plane: planes?.[tile],
    missing: planes ? [] : ["Spacing Between Slices (0018,0088)"],
    ...base,
  }));
}
