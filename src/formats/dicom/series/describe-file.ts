// What a file's header says for listing: whose it is, which series it belongs to, and the frames it holds.

import { damaged, truncated } from "../../damage.ts";
import type { DataSet, DicomFile } from "../data-set/data-set.ts";
import { transferSyntax as transferSyntaxOf } from "../data-set/transfer-syntaxes.ts";
import { element, has, number, sequence, text } from "../data-set/values.ts";
import { hasPixels } from "../pixels/description.ts";
import { type SlideFacts, slideFacts } from "../slide/slide-facts.ts";
import { defined } from "./defined.ts";
import type { DicomFrame } from "./dicom-frame.ts";
import { framesOf } from "./frames-of-file.ts";
import { functionalGroups } from "./functional-groups.ts";

/** Of a file, what sorting and listing need; small, so that 10,000 of them fit into memory. */
export interface FileDescription {
  readonly patient: PatientFacts;
  readonly study: StudyFacts;
  readonly series: SeriesFacts;
  readonly sopClass: string;
  readonly instanceUid: string;
  readonly frameOfReference: string | undefined;
  /** Series that it refers to, by UID. */
  readonly references: readonly string[];
  /** Of an object that is tiled; its tiles are not among `frames`, which has one frame. */
  readonly slide?: SlideFacts;
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
  const groups = functionalGroups(dataSet);
  const slide = slideFacts(dataSet, groups);
  // Of compressed files the scan stops before the pixels, and takes them to be there.
  const isEmpty = isPlain(transferSyntax) && !hasPixels({ dataSet });
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
    frameOfReference: text(dataSet, "FrameOfReferenceUID"),
    references: sequence(dataSet, "ReferencedSeriesSequence").flatMap(
      (item) => text(item, "SeriesInstanceUID") ?? [],
    ),
    ...(slide && { slide }),
    frames: isEmpty
      ? []
      : framesOf(dataSet, groups, { file, transferSyntax, isTiled: slide !== undefined }),
  };
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
