// Protocol-buffer messages of the schema table to bytes.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Message } from "./read-message.ts";
import { type Field, type MessageName, schema } from "./schema.ts";
import { encodeText } from "./text.ts";

/** Bytes of a 64-bit varint at most. */
const LONGEST_VARINT = 10;

/** Writes a message, unknown fields last. Repeated numbers are packed, which every protobuf parser accepts. */
export function encodeMessage(name: MessageName, message: Message): Uint8Array {
  return writeMessage(new BinaryWriter(), name, message).finish();
}

function writeMessage(writer: BinaryWriter, name: MessageName, message: Message): BinaryWriter {
  for (const [key, field] of Object.entries(schema[name])) {
    const value = message[key];
    if (value === undefined) continue;
    if (!field.repeated) writeValue(writer, field, value);
    else if (isPackable(field)) writePacked(writer, field, value as ArrayLike<number | bigint>);
    else if (field.type === "bytes") writer.raw(repeatedBytes(field, value as Uint8Array[]));
    else for (const item of value as Iterable<unknown>) writeValue(writer, field, item);
  }
  return message.unknownFields ? writer.raw(message.unknownFields) : writer;
}

function writeValue(writer: BinaryWriter, { number, type }: Field, value: unknown): void {
  switch (type) {
    case "int64":
      writer.tag(number, WireType.Varint).int64(value as number);
      break;
    case "uint64":
      writer.tag(number, WireType.Varint).uint64(value as number);
      break;
    case "int32":
      writer.tag(number, WireType.Varint).int32(value as number);
      break;
    case "float":
      writer.tag(number, WireType.Bit32).float(value as number);
      break;
    case "double":
      writer.tag(number, WireType.Bit64).double(value as number);
      break;
    case "string":
      writer.tag(number, WireType.LengthDelimited).bytes(encodeText(value as string));
      break;
    case "bytes":
      writer.tag(number, WireType.LengthDelimited).bytes(value as Uint8Array);
      break;
    default:
      writer.tag(number, WireType.LengthDelimited).fork();
      writeMessage(writer, type, value as Message);
      writer.join();
  }
}

function isPackable({ type }: Field): boolean {
  return ["int64", "uint64", "int32", "float", "double"].includes(type);
}

function writePacked(
  writer: BinaryWriter,
  { number, type }: Field,
  values: ArrayLike<number | bigint>,
): void {
  if (values.length === 0) return;
  writer.tag(number, WireType.LengthDelimited);
  if (type === "float") {
    writer.bytes(littleEndian(values as ArrayLike<number>, 4, "setFloat32"));
  } else if (type === "double") {
    writer.bytes(littleEndian(values as ArrayLike<number>, 8, "setFloat64"));
  } else {
    writer.bytes(varints(values));
  }
}

/** All values of a repeated bytes field in one piece: a forest has a million short strings. */
function repeatedBytes({ number }: Field, values: readonly Uint8Array[]): Uint8Array {
  const heads = new Map<number, Uint8Array>();
  const headOf = (length: number) => {
    const known = heads.get(length);
    if (known) return known;
    const head = new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).finish();
    heads.set(length, head);
    return head;
  };
  const size = values.reduce((sum, { length }) => sum + headOf(length).length + length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const value of values) {
    const head = headOf(value.length);
    bytes.set(head, at);
    bytes.set(value, at + head.length);
    at += head.length + value.length;
  }
  return bytes;
}

/** Base-128 varints one after another; negative numbers as 64-bit two's complement, ten bytes each. */
function varints(values: ArrayLike<number | bigint>): Uint8Array {
  const bytes = new Uint8Array(values.length * LONGEST_VARINT);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    let value = values[i];
    if (typeof value === "bigint" || value < 0 || value > 0xffffffff) {
      at = bigVarint(BigInt.asUintN(64, BigInt(value)), bytes, at);
      continue;
    }
    while (value > 127) {
      bytes[at++] = (value & 127) | 128;
      value >>>= 7;
    }
    bytes[at++] = value;
  }
  return bytes.slice(0, at);
}

function bigVarint(value: bigint, bytes: Uint8Array, at: number): number {
  while (value > 127n) {
    bytes[at++] = Number(value & 127n) | 128;
    value >>= 7n;
  }
  bytes[at++] = Number(value);
  return at;
}

function littleEndian(
  values: ArrayLike<number>,
  width: 4 | 8,
  setter: "setFloat32" | "setFloat64",
): Uint8Array {
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view[setter](i * width, values[i], true);
  return bytes;
}
