// Siemens' CSA header: a list of named values in (0029,xx10), after nibabel's "Siemens format
// DICOM with CSA header" (nipy.org/nibabel/dicom/siemens_csa.html).

import type { DataSet } from "../data-set/data-set.ts";
import { type PrivateTag, privateElement } from "./private-elements.ts";

/** Named values, as text. */
export type CsaHeader = ReadonlyMap<string, readonly string[]>;

const IMAGE_HEADER: PrivateTag = { group: 0x0029, creator: "SIEMENS CSA HEADER", element: 0x10 };

/** The CSA header of the image; undefined where there is none, or none that can be read. */
export function csaImageHeader(dataSet: DataSet): CsaHeader | undefined {
  const element = privateElement(dataSet, IMAGE_HEADER);
  return element?.kind === "value" ? parseCsa(element.bytes) : undefined;
}

/** Values of one name that are numbers. */
export function csaNumbers(header: CsaHeader | undefined, name: string): number[] {
  return (header?.get(name) ?? []).map(Number).filter(Number.isFinite);
}

const MOST_TAGS = 1024;
const TAG_BYTES = 84;
const ITEM_BYTES = 16;

/** Reads versions 1 and 2; bytes that end early give what precedes. */
export function parseCsa(bytes: Uint8Array): CsaHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isSecond = ascii(bytes, 0, 4) === "SV10";
  let at = isSecond ? 8 : 0;
  if (at + 8 > bytes.length) return undefined;
  const tags = view.getUint32(at, true);
  if (tags < 1 || tags > MOST_TAGS) return undefined;
  at += 8;
  const header = new Map<string, readonly string[]>();
  let firstCount = 0;
  for (let tag = 0; tag < tags && at + TAG_BYTES <= bytes.length; tag++) {
    const name = ascii(bytes, at, 64);
    const multiplicity = view.getInt32(at + 64, true);
    const items = view.getInt32(at + 76, true);
    at += TAG_BYTES;
    if (tag === 0) firstCount = items;
    const values: string[] = [];
    for (let item = 0; item < items && at + ITEM_BYTES <= bytes.length; item++) {
      const stored = view.getInt32(at, true);
      // Version 1 counts from the first tag's number of items.
      const length = isSecond ? view.getInt32(at + 4, true) : stored - firstCount;
      at += ITEM_BYTES;
      if (length < 0 || at + length > bytes.length) break;
      if (multiplicity === 0 || item < multiplicity) values.push(ascii(bytes, at, length));
      at += length + ((4 - (length % 4)) % 4);
    }
    header.set(
      name,
      values.filter((value) => value !== ""),
    );
  }
  return header;
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  let text = "";
  for (let i = at; i < at + length && bytes[i] !== 0; i++) text += String.fromCharCode(bytes[i]);
  return text.trim();
}
