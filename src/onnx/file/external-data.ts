// ONNX models whose large tensors are in files beside them (ONNX, ExternalData.md).

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import type { OnnxModel } from "../model.ts";
import { modelOf } from "./decode.ts";
import { readEntries } from "./notes.ts";
import { decodeMessage, type Message } from "./read-message.ts";
import { EXTERNAL, externalLength } from "./read-tensor.ts";
import { type MessageName, schema } from "./schema.ts";

export interface ReadModelOptions {
  /** Opens a file of the model's folder by its name there, such as `openBeside(path)` of "#files". */
  openSibling: (location: string) => Promise<ByteSource>;
}

/** Ranges of one file may add up to this many times its size: tensors share bytes, but not without end. */
const MOST_OVERLAP = 4;

/**
 * Reads an ONNX model with the tensors that it keeps in other files.
 * @throws RoentgenError "file-corrupt" where the bytes are no model, or where a location leaves the model's folder or a
 * range its file
 */
export async function readModel(
  bytes: Uint8Array,
  { openSibling }: ReadModelOptions,
): Promise<OnnxModel> {
  const message = decodeMessage("ModelProto", bytes);
  const files = new Map<string, ExternalFile>();
  try {
    for (const tensor of externalTensors("ModelProto", message)) {
      const place = placeOf(tensor);
      const file = files.get(place.location) ?? {
        source: await openSibling(place.location),
        ranges: new Map(),
        total: 0,
      };
      files.set(place.location, file);
      tensor.rawData = await readRange(file, place);
      tensor.rawIsOwn = true;
      tensor.dataLocation = undefined;
    }
  } finally {
    for (const { source } of files.values()) await source.close();
  }
  return modelOf(message);
}

interface ExternalFile {
  readonly source: ByteSource;
  /** What was read already: tied weights name the same range. */
  readonly ranges: Map<string, Uint8Array>;
  total: number;
}

interface Place {
  readonly tensor: string;
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** All tensors in other files, wherever in the model. */
function* externalTensors(name: MessageName, message: Message): Generator<Message> {
  if (name === "TensorProto") {
    if (message.dataLocation === EXTERNAL) yield message;
    return;
  }
  for (const [key, { type }] of Object.entries(schema[name])) {
    const value = message[key];
    if (value === undefined || !isMessageName(type)) continue;
    for (const item of Array.isArray(value) ? value : [value]) yield* externalTensors(type, item);
  }
}

function isMessageName(type: string): type is MessageName {
  return Object.hasOwn(schema, type);
}

/** Where a tensor is, checked against its shape. */
function placeOf(message: Message): Place {
  const tensor = String(message.name ?? "");
  const { location = "", offset = "0", length } = readEntries(message.externalData);
  if (!staysInside(location)) {
    throw badPlace(tensor, "a file inside the model's folder", `"${location}"`);
  }
  const place = { tensor, location, offset: Number(offset), length: externalLength(message) };
  if (!Number.isSafeInteger(place.offset) || place.offset < 0) {
    throw badPlace(tensor, "an offset in bytes", offset);
  }
  if (length !== undefined && Number(length) !== place.length) {
    throw badPlace(tensor, `${place.length} bytes for its shape`, `a length of ${length}`);
  }
  return place;
}

/** Whether a location is a relative path without a way up, on any system. */
function staysInside(location: string): boolean {
  const parts = location.split("/");
  const isPlain = !/[\\:\0]/.test(location) && location !== "";
  return isPlain && parts.every((part) => part !== "" && part !== "..");
}

async function readRange(file: ExternalFile, place: Place): Promise<Uint8Array> {
  const { tensor, location, offset, length } = place;
  const { byteLength } = file.source;
  if (offset + length > byteLength) {
    throw badPlace(tensor, `bytes ${offset} to ${offset + length}`, `${byteLength} in ${location}`);
  }
  const key = `${offset} ${length}`;
  const known = file.ranges.get(key);
  if (known) return known;
  file.total += length;
  if (file.total > MOST_OVERLAP * byteLength) {
    throw badPlace(tensor, `tensors of ${location} that do not overlap`, "many that do");
  }
  const bytes = await file.source.read(offset, length);
  file.ranges.set(key, bytes);
  return bytes;
}

function badPlace(tensor: string, expected: string, found: string): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot read tensor "${tensor}" of the ONNX model from another file`,
    expected,
    found,
    remedy: "The model was moved without the file beside it, or is damaged.",
    subject: tensor,
  });
}
