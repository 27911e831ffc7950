// Headers of fixed layout: a table of fields, by which they are read and written.

import type { ByteOrder } from "./byte-order.ts";

/** How a field lies in the file; "text" is Latin-1 up to its first NUL, "bytes" are left out of what is read. */
type FieldType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "float32"
  | "float64"
  | "text"
  | "bytes";

/** Name, type and, where it is a list, a text or bytes, its length. Fields follow one another without gaps. */
export type FieldLayout = readonly (readonly [name: string, type: FieldType, count?: number])[];

type FieldValue = number | string | readonly number[];

export type Fields = Readonly<Record<string, FieldValue>>;

const BYTES: Readonly<Record<FieldType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float32: 4,
  float64: 8,
  text: 1,
  bytes: 1,
};

/** Bytes of the whole layout. */
export function layoutBytes(layout: FieldLayout): number {
  return layout.reduce((sum, [, type, count = 1]) => sum + count * BYTES[type], 0);
}

/** Reads every field; `bytes` holds at least the layout's length. */
export function readFields(bytes: Uint8Array, layout: FieldLayout, order: ByteOrder): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Record<string, FieldValue> = {};
  let at = 0;
  for (const [name, type, count] of layout) {
    const start = at;
    at += (count ?? 1) * BYTES[type];
    if (type === "text") fields[name] = latin1(bytes.subarray(start, at));
    else if (type !== "bytes") {
      const one = (index: number) => readNumber(view, start + index * BYTES[type], type, order);
      fields[name] = count === undefined ? one(0) : Array.from({ length: count }, (_, i) => one(i));
    }
  }
  return fields;
}

/** The bytes of the fields; those not given are 0. */
export function writeFields(fields: Fields, layout: FieldLayout, order: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(layoutBytes(layout));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [name, type, count = 1] of layout) {
    const value = fields[name];
    if (typeof value === "string") {
      // The last byte stays 0, which ends the text.
      bytes.set(encodeLatin1(value).subarray(0, count - 1), at);
    } else if (value !== undefined) {
      const numbers = typeof value === "number" ? [value] : value;
      for (let index = 0; index < Math.min(count, numbers.length); index++) {
        writeNumber(view, at + index * BYTES[type], type, numbers[index], order);
      }
    }
    at += count * BYTES[type];
  }
  return bytes;
}

function readNumber(view: DataView, at: number, type: FieldType, order: ByteOrder): number {
  const little = order === "little";
  if (type === "int8") return view.getInt8(at);
  if (type === "uint8") return view.getUint8(at);
  if (type === "int16") return view.getInt16(at, little);
  if (type === "uint16") return view.getUint16(at, little);
  if (type === "int32") return view.getInt32(at, little);
  if (type === "uint32") return view.getUint32(at, little);
  if (type === "int64") return Number(view.getBigInt64(at, little));
  return type === "float32" ? view.getFloat32(at, little) : view.getFloat64(at, little);
}

function writeNumber(
  view: DataView,
  at: number,
  type: FieldType,
  value: number,
  order: ByteOrder,
): void {
  const little = order === "little";
  if (type === "int8") view.setInt8(at, value);
  else if (type === "uint8") view.setUint8(at, value);
  else if (type === "int16") view.setInt16(at, value, little);
  else if (type === "uint16") view.setUint16(at, value, little);
  else if (type === "int32") view.setInt32(at, value, little);
  else if (type === "uint32") view.setUint32(at, value, little);
  else if (type === "int64") view.setBigInt64(at, BigInt(value), little);
  else if (type === "float32") view.setFloat32(at, value, little);
  else view.setFloat64(at, value, little);
}

function latin1(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end)).trimEnd();
}

function encodeLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? code : 0x3f; // "?"
  });
}
