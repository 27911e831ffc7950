// Writes DICOM files: preamble, file meta information and data set (PS3.10 section 7.1).

import { deflateSync } from "fflate";
import { RoentgenError, version } from "../../../base/index.ts";
import { joinBytes } from "../../elements/join-bytes.ts";
import type { DataSet } from "./data-set.ts";
import { padEven } from "./encode-value.ts";
import { makeDataSet, type PlainDataSet } from "./make-data-set.ts";
import {
  EXPLICIT_LITTLE_ENDIAN,
  type TransferSyntax,
  transferSyntax,
} from "./transfer-syntaxes.ts";
import { text } from "./values.ts";
import type { Encoding } from "./window.ts";
import {
  type EncodedFrames,
  noPieces,
  type Pieces,
  writeElements,
  writeFrames,
} from "./write-elements.ts";

export interface DicomWriteOptions {
  /** UID; explicit VR little endian unless said otherwise. */
  readonly transferSyntax?: string;
  /** Compressed pixel data: of each frame its fragments. Replaces (7FE0,0010) of the data set. */
  readonly frames?: EncodedFrames;
  /** More file meta information, such as SourceApplicationEntityTitle. */
  readonly meta?: PlainDataSet;
}

/** Identifies this writer in files; derived from a name-based UUID of "roentgen". */
const IMPLEMENTATION_CLASS_UID = "2.25.24173447900560520174394622507222658226";

const EXPLICIT: Encoding = { explicit: true, littleEndian: true };
const PIXEL_DATA = 0x7fe00010;

/**
 * The bytes of a DICOM file, in chunks, for `writeFileWhole`.
 * @throws RoentgenError "value-missing" where SOP class or instance UID is missing or a value was left in its file,
 *   "bad-option" where syntax and pixel data don't fit, "too-large"
 */
export function writeDicom(
  dataSet: DataSet,
  { transferSyntax: uid = EXPLICIT_LITTLE_ENDIAN, frames, meta = {} }: DicomWriteOptions = {},
): Uint8Array[] {
  const syntax = writableSyntax(uid, frames !== undefined);
  const body = noPieces();
  const elements = new Map(dataSet.elements);
  for (const tag of elements.keys()) if (tag >>> 16 === 0x0002) elements.delete(tag);
  const after = new Map([...elements].filter(([tag]) => tag > PIXEL_DATA));
  if (frames) for (const tag of [PIXEL_DATA, ...after.keys()]) elements.delete(tag);
  writeElements(body, { ...dataSet, elements }, syntax);
  if (frames) {
    writeFrames(body, frames, syntax);
    writeElements(body, { ...dataSet, elements: after }, syntax);
  }
  return [...headPieces(dataSet, syntax, meta), ...bodyPieces(body, syntax)];
}

function bodyPieces({ pieces }: Pieces, { deflated }: TransferSyntax): Uint8Array[] {
  // PS3.5 A.5: an odd deflate stream is padded with one zero.
  return deflated ? [padEven(deflateSync(joinBytes(pieces)), 0)] : pieces;
}

/** Preamble, "DICM" and group 0002, which is always explicit little endian. */
function headPieces(dataSet: DataSet, { uid }: TransferSyntax, meta: PlainDataSet): Uint8Array[] {
  const group = noPieces();
  const information = makeDataSet({
    FileMetaInformationVersion: Uint8Array.of(0, 1),
    MediaStorageSOPClassUID: meta.MediaStorageSOPClassUID ?? needed(dataSet, "SOPClassUID"),
    MediaStorageSOPInstanceUID:
      meta.MediaStorageSOPInstanceUID ?? needed(dataSet, "SOPInstanceUID"),
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: `ROENTGEN_${version}`.slice(0, 16),
    ...meta,
    TransferSyntaxUID: uid,
  });
  writeElements(group, information, EXPLICIT);
  const start = noPieces();
  writeElements(start, makeDataSet({ FileMetaInformationGroupLength: group.length }), EXPLICIT);
  const preamble = new Uint8Array(132);
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128);
  return [preamble, ...start.pieces, ...group.pieces];
}

function needed(dataSet: DataSet, keyword: "SOPClassUID" | "SOPInstanceUID"): string {
  const uid = text(dataSet, keyword);
  if (uid !== undefined) return uid;
  throw new RoentgenError("value-missing", {
    problem: "Cannot write a DICOM file",
    expected: `a ${keyword}`,
    found: "none",
    subject: keyword,
  });
}

function writableSyntax(uid: string, hasFrames: boolean): TransferSyntax {
  const syntax = transferSyntax(uid);
  const name = syntax ? `${syntax.name} (${uid})` : uid;
  if (!syntax || syntax.codec === "remote" || uid.startsWith("1.2.840.10008.1.2.6.")) {
    throw badSyntax(`Cannot write the transfer syntax ${name}`);
  }
  if (hasFrames && !syntax.encapsulated) {
    throw badSyntax(`${name} has no encapsulated frames`, "Leave `frames` out.");
  }
  return syntax;
}

function badSyntax(problem: string, remedy?: string): RoentgenError {
  return new RoentgenError("bad-option", { problem, remedy, subject: "transferSyntax" });
}
