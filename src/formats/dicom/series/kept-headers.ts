// Headers that a listing read, kept for loading as long as the listing lives and while there is room: beside its plain
// data, by place. Whoever finds none reads the file.

import type { ByteSource } from "../../../base/index.ts";
import type { DataSet, DicomFile, Element } from "../data-set/data-set.ts";
import { transferSyntax } from "../data-set/transfer-syntaxes.ts";
import { type DicomPlace, stampOfPlace } from "./dicom-place.ts";

interface Kept {
  readonly file: DicomFile;
  readonly stamp: string | undefined;
}

/** Keeps the header of a place, if it is all that `readDicom` would find and there is room. */
export type HeaderKeeper = (
  place: DicomPlace,
  header: { readonly file: DicomFile; readonly source: ByteSource },
) => void;

/** Room for the headers of one listing: those of some 1,300 CT slices. */
const ROOM_BYTES = 2 ** 24;
/** An element takes so much beside its value. */
const ELEMENT_BYTES = 200;

const headers = new WeakMap<DicomPlace, Kept>();

/** A keeper for one listing; the first headers are kept, until `bytes` of memory are taken. */
export function headerKeeper(bytes: number = ROOM_BYTES): HeaderKeeper {
  let room = bytes;
  return (place, { file, source }) => {
    if (room <= 0 || !isWhole(file, source)) return;
    room -= bytesOf(file.dataSet);
    if (room >= 0) headers.set(place, { file, stamp: source.stamp });
  };
}

/** The header kept of a place; nothing where there is none, or its file was changed since. */
export async function keptHeader(place: DicomPlace): Promise<DicomFile | undefined> {
  const kept = headers.get(place);
  if (!kept || kept.stamp !== (await stampOfPlace(place))) return undefined;
  return kept.file;
}

/** A listing stops at the pixels: of files that are not compressed, with nothing behind them, that is all. */
function isWhole({ dataSet, transferSyntax: uid }: DicomFile, { byteLength }: ByteSource): boolean {
  const syntax = transferSyntax(uid);
  const pixels = dataSet.elements.get(0x7fe00010);
  const isPlain = syntax !== undefined && !syntax.encapsulated && !syntax.deflated;
  return isPlain && pixels?.kind === "left" && pixels.offset + pixels.length === byteLength;
}

function bytesOf({ elements }: DataSet): number {
  let bytes = 0;
  for (const element of elements.values()) bytes += ELEMENT_BYTES + valueBytes(element);
  return bytes;
}

function valueBytes(element: Element): number {
  if (element.kind === "value") return element.bytes.length;
  if (element.kind !== "sequence") return 0;
  return element.items.reduce((sum, item) => sum + bytesOf(item), 0);
}
