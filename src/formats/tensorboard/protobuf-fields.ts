// The few kinds of protocol-buffer fields that events consist of (protobuf.dev, "Encoding").

import { joinBytes } from "../elements/join-bytes.ts";

const VARINT = 0;
const BIT64 = 1;
const LENGTH_DELIMITED = 2;
const BIT32 = 5;

/** A whole number from 0 on. */
export function wholeField(number: number, value: number): Uint8Array {
  return joinBytes([tag(number, VARINT), varint(value)]);
}

export function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joinBytes([tag(number, BIT64), bytes]);
}

export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([tag(number, BIT32), bytes]);
}

export function textField(number: number, text: string): Uint8Array {
  return messageField(number, [new TextEncoder().encode(text)]);
}

/** A message of these fields. */
export function messageField(number: number, fields: readonly Uint8Array[]): Uint8Array {
  const length = fields.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return joinBytes([tag(number, LENGTH_DELIMITED), varint(length), ...fields]);
}

function tag(number: number, wireType: number): Uint8Array {
  return varint(number * 8 + wireType);
}

/** Seven bits a byte, the lowest first; by division, since steps may pass 2³². */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.of(...bytes, rest);
}
