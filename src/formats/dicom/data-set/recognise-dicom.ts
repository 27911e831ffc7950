// Is it DICOM, and where does it begin: PS3.10 section 7.1, and files that lack the preamble.

import type { Tag } from "./data-set.ts";
import { VALUE_REPRESENTATIONS } from "./value-representations.ts";
import type { Encoding } from "./window.ts";

/** What the first element suggests. */
export interface GuessedEncoding extends Encoding {
  /** Whether the group makes sense in this order only, as 0x0008 does and 0x0800 does not. */
  readonly sureOfOrder: boolean;
}

/** Where the elements of a file begin. */
export interface DicomStart {
  readonly at: number;
  /** Whether "DICM" was found. */
  readonly marked: boolean;
}

/** Bytes from the beginning of a file that recognition needs. */
export const RECOGNITION_BYTES = 144;

/** Whether a file with this beginning (144 bytes or more, if it has as many) is DICOM. */
export function isDicom(head: Uint8Array): boolean {
  return findStart(head) !== undefined;
}

/** Finds the first element; nothing if it is no DICOM file. */
export function findStart(head: Uint8Array): DicomStart | undefined {
  if (hasMark(head, 128)) return { at: 132, marked: true };
  if (hasMark(head, 0)) return { at: 4, marked: true };
  for (const at of [0, 128]) {
    // Either the preamble is missing, or the mark after it.
    const encoding = guessEncoding(head.subarray(at));
    if (encoding && opensDataSet(head.subarray(at), encoding)) return { at, marked: false };
  }
  return undefined;
}

function hasMark(head: Uint8Array, at: number): boolean {
  return String.fromCharCode(...head.subarray(at, at + 4)) === "DICM";
}

/** Meta information, or the group with which data sets begin; the chance that other files do so is small. */
function opensDataSet(head: Uint8Array, { explicit, littleEndian }: Encoding): boolean {
  const tag = tagOf(head, littleEndian);
  const group = tag >>> 16;
  const element = tag & 0xffff;
  if (group !== 0x0002 && group !== 0x0008) return false;
  if (element > 0x0070) return false;
  if (explicit) return true;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(4, littleEndian);
  return length % 2 === 0 && length <= 128 && !(tag % 0x10000 === 0 && length !== 4);
}

/** The encoding that the first element suggests; nothing where too little is there. */
export function guessEncoding(head: Uint8Array): GuessedEncoding | undefined {
  if (head.length < 8) return undefined;
  // Groups are small numbers, so that the right order gives the smaller one.
  const littleGroup = tagOf(head, true) >>> 16;
  const bigGroup = tagOf(head, false) >>> 16;
  const littleEndian = littleGroup <= bigGroup;
  const sureOfOrder = Math.min(littleGroup, bigGroup) <= 0x28 && littleGroup !== bigGroup;
  const vr = String.fromCharCode(head[4], head[5]);
  return { explicit: Object.hasOwn(VALUE_REPRESENTATIONS, vr), littleEndian, sureOfOrder };
}

function tagOf(head: Uint8Array, littleEndian: boolean): Tag {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint16(0, littleEndian) * 65536 + view.getUint16(2, littleEndian);
}
