// Private elements, found through the creator that reserved their block (PS3.5 7.8.1).

import type { DataSet, Element } from "../data-set/data-set.ts";

/** Where a vendor keeps something: group, the creator's name, the last byte of the element. */
export interface PrivateTag {
  readonly group: number;
  readonly creator: string;
  readonly element: number;
}

/** The element of a private tag, in whichever block its creator reserved. */
export function privateElement(
  { elements }: DataSet,
  { group, creator, element }: PrivateTag,
): Element | undefined {
  for (let block = 0x10; block <= 0xff; block++) {
    const reserved = elements.get(tagOf(group, block));
    if (reserved?.kind !== "value" || decode(reserved.bytes) !== creator) continue;
    const found = elements.get(tagOf(group, (block << 8) | element));
    if (found) return found;
  }
  return undefined;
}

/** Its value as text without padding. */
export function privateText(dataSet: DataSet, tag: PrivateTag): string | undefined {
  const found = privateElement(dataSet, tag);
  return found?.kind === "value" ? decode(found.bytes) : undefined;
}

/** Binary number types; "text" for those that are written in decimal. */
export type PrivateNumbers = "FD" | "FL" | "SL" | "UL" | "SS" | "US" | "text";

const BYTES = { FD: 8, FL: 4, SL: 4, UL: 4, SS: 2, US: 2 } as const;

/** Its values as numbers; `type` is what the vendor documents, for files that do not say (VR UN). */
export function privateNumbers(dataSet: DataSet, tag: PrivateTag, type: PrivateNumbers): number[] {
  const found = privateElement(dataSet, tag);
  if (found?.kind !== "value") return [];
  const stated = found.vr === "UN" || found.vr === "OB" ? type : found.vr;
  return Object.hasOwn(BYTES, stated)
    ? binaryNumbers(found.bytes, stated as keyof typeof BYTES, dataSet.littleEndian)
    : decimalNumbers(decode(found.bytes));
}

function decimalNumbers(text: string): number[] {
  if (text === "") return [];
  return text.split("\\").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
}

function binaryNumbers(bytes: Uint8Array, type: keyof typeof BYTES, little: boolean): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = {
    FD: (at: number) => view.getFloat64(at, little),
    FL: (at: number) => view.getFloat32(at, little),
    SL: (at: number) => view.getInt32(at, little),
    UL: (at: number) => view.getUint32(at, little),
    SS: (at: number) => view.getInt16(at, little),
    US: (at: number) => view.getUint16(at, little),
  }[type];
  const count = Math.floor(bytes.length / BYTES[type]);
  return Array.from({ length: count }, (_, at) => read(at * BYTES[type]));
}

function tagOf(group: number, element: number): number {
  return group * 0x10000 + element;
}

/** Names and codes of vendors are ASCII. */
function decode(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text.trim();
}
