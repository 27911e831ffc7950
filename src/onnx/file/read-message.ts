// Bytes to protocol-buffer messages of the schema table.

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { RoentgenError } from "../../base/index.ts";
import { type Field, type MessageName, schema } from "./schema.ts";
import { decodeText } from "./text.ts";

/** Fields by name; an absent field is left out. Repeated numbers may be typed arrays. */
export type Message = Record<string, unknown> & {
  /** Fields that the schema does not have, tags included. */
  unknownFields?: Uint8Array;
};

/** Nesting that no sound model reaches; deeper input is an attack or damage. */
const DEEPEST = 100;

/** Messages in a file at most: two bytes of an empty one take a hundred in memory. The largest real models have 1e5. */
const MOST_MESSAGES = 4e6;

interface Reading {
  readonly bytes: Uint8Array;
  readonly reader: BinaryReader;
  messagesLeft: number;
}

/**
 * Reads a message.
 * @throws RoentgenError "file-corrupt" where the bytes do not follow the schema
 */
export function decodeMessage(name: MessageName, bytes: Uint8Array): Message {
  // A plain view: `slice` of Node's Buffer does not copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reading = { bytes: plain, reader: new BinaryReader(plain), messagesLeft: MOST_MESSAGES };
  try {
    return readMessage(reading, bytes.length, name, 0);
  } catch (cause) {
    if (cause instanceof RoentgenError) throw cause;
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: "Cannot read the ONNX model",
    expected: "protocol-buffer messages of onnx.proto",
    found: cause instanceof Error ? cause.message : "bytes that do not follow it",
    remedy: "The file is damaged or is not an ONNX model.",
    cause,
  });
}

function readMessage(reading: Reading, end: number, name: MessageName, depth: number): Message {
  const { bytes, reader } = reading;
  if (depth > DEEPEST) throw damaged(new Error(`nesting deeper than ${DEEPEST}`));
  if (--reading.messagesLeft < 0) throw damaged(new Error(`more than ${MOST_MESSAGES} messages`));
  const fields = fieldsByNumber(name);
  const message: Message = {};
  const unknown: Uint8Array[] = [];
  while (reader.pos < end) {
    const start = reader.pos;
    const [number, wireType] = reader.tag();
    const known = fields.get(number);
    if (known) {
      readField(reading, message, known, { wireType, end, depth });
    } else {
      reader.skip(wireType, number);
      unknown.push(bytes.subarray(start, reader.pos));
    }
  }
  if (reader.pos !== end) throw damaged(new Error("a message that ends inside a field"));
  if (unknown.length > 0) message.unknownFields = joined(unknown);
  return message;
}

interface Place {
  readonly wireType: WireType;
  readonly end: number;
  readonly depth: number;
}

function readField(
  reading: Reading,
  message: Message,
  [key, field]: readonly [string, Field],
  { wireType, end, depth }: Place,
): void {
  const { reader } = reading;
  const isPacked = field.repeated && wireType === WireType.LengthDelimited && isPackable(field);
  if (!isPacked && wireType !== wireTypeOf(field)) {
    throw damaged(new Error(`wire type ${wireType} in the field ${key}`));
  }
  if (!field.repeated) {
    message[key] = readValue(reading, field, end, depth);
  } else if (!isPacked) {
    listOf(message, key).push(readValue(reading, field, end, depth));
  } else {
    const stop = innerEnd(reader, end);
    if (message[key] === undefined && (field.type === "float" || field.type === "double")) {
      message[key] = packedFloats(reading, field.type, stop);
      return;
    }
    const list = listOf(message, key);
    while (reader.pos < stop) list.push(readValue(reading, field, stop, depth));
    if (reader.pos !== stop) throw damaged(new Error("a list that ends inside a number"));
  }
}

/** The list of a repeated field, as an array that grows. */
function listOf(message: Message, key: string): unknown[] {
  const known = message[key];
  if (Array.isArray(known)) return known;
  const list = known === undefined ? [] : Array.from(known as ArrayLike<unknown>);
  message[key] = list;
  return list;
}

/** All of a packed list at once: most tensors of old files are one. */
function packedFloats(
  { bytes, reader }: Reading,
  type: "float" | "double",
  stop: number,
): Float32Array | Float64Array {
  const width = type === "float" ? 4 : 8;
  if ((stop - reader.pos) % width !== 0) throw damaged(new Error("a list of broken numbers"));
  // Copied, because the bytes inside the file need not be aligned.
  const { buffer } = bytes.slice(reader.pos, stop);
  reader.pos = stop;
  return type === "float" ? new Float32Array(buffer) : new Float64Array(buffer);
}

function readValue(reading: Reading, { type }: Field, end: number, depth: number): unknown {
  const { reader } = reading;
  switch (type) {
    case "int64":
      return exact(reader.int64());
    case "uint64":
      return exact(reader.uint64());
    case "int32":
      return reader.int32();
    case "float":
      return reader.float();
    case "double":
      return reader.double();
    case "string":
      return decodeText(reader.bytes());
    case "bytes":
      return reader.bytes();
    default:
      return readMessage(reading, innerEnd(reader, end), type, depth + 1);
  }
}

/** Whether a repeated field may be one run of bytes. */
function isPackable({ type }: Field): boolean {
  return ["int64", "uint64", "int32", "float", "double"].includes(type);
}

function wireTypeOf({ type }: Field): WireType {
  if (type === "float") return WireType.Bit32;
  if (type === "double") return WireType.Bit64;
  const isVarint = type === "int64" || type === "uint64" || type === "int32";
  return isVarint ? WireType.Varint : WireType.LengthDelimited;
}

function innerEnd(reader: BinaryReader, end: number): number {
  const length = reader.uint32();
  const stop = reader.pos + length;
  if (stop > end) throw damaged(new Error(`${length} bytes where ${end - reader.pos} are left`));
  return stop;
}

/** A number where it is exact, else the bigint. */
function exact(value: bigint | string): number | bigint {
  const wide = BigInt(value);
  const narrow = Number(wide);
  return Number.isSafeInteger(narrow) ? narrow : wide;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const fieldMaps = new Map<MessageName, Map<number, [string, Field]>>();

function fieldsByNumber(name: MessageName): Map<number, [string, Field]> {
  let map = fieldMaps.get(name);
  if (!map) {
    map = new Map(Object.entries(schema[name]).map((entry) => [entry[1].number, entry]));
    fieldMaps.set(name, map);
  }
  return map;
}
