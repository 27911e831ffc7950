// The messages of an Arrow stream or file, each checked against the bytes that there are.
// (arrow.apache.org, Columnar Format, IPC; format/Message.fbs, Schema.fbs)

import { Message } from "apache-arrow";
import { type FileBlock, Footer } from "apache-arrow/ipc/metadata/file";
import { RoentgenError } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import { checkFlatBuffer, type Part, type Shape } from "./flatbuffer.ts";

const FILE_MAGIC = "ARROW1";

const text: Part = { kind: "vector", elementBytes: 1 };
const vector = (elementBytes: number): Part => ({ kind: "vector", elementBytes });

const keyValue: Shape = { 0: text, 1: text };
const metadataPairs: Part = { kind: "tables", shape: () => keyValue };

// Of the types, only Timestamp (10) has a text and Union (14) a vector.
const dictionaryEncoding: Shape = { 1: { kind: "table", shape: () => ({}) } };
const field: Shape = {
  0: text,
  3: { kind: "union", typeSlot: 2, shapes: { 10: { 1: text }, 14: { 1: vector(4) } } },
  4: { kind: "table", shape: () => dictionaryEncoding },
  5: { kind: "tables", shape: () => field },
  6: metadataPairs,
};
const schema: Shape = {
  1: { kind: "tables", shape: () => field },
  2: metadataPairs,
  3: vector(8),
};
const recordBatch: Shape = {
  1: vector(16),
  2: vector(16),
  3: { kind: "table", shape: () => ({}) },
  4: vector(8),
};
const dictionaryBatch: Shape = { 1: { kind: "table", shape: () => recordBatch } };
const message: Shape = {
  2: { kind: "union", typeSlot: 1, shapes: { 1: schema, 2: dictionaryBatch, 3: recordBatch } },
  4: metadataPairs,
};

const footer: Shape = {
  1: { kind: "table", shape: () => schema },
  2: vector(24),
  3: vector(24),
  4: metadataPairs,
};

/** File: mark and padding, messages, footer, its length, mark. */
const FILE_START = 8;
const FILE_END = 10;

/**
 * Checks every message of a file or a stream, so that the library can decode it without trust.
 * @throws RoentgenError "file-truncated", "file-corrupt"; "format-unsupported" for Feather version 1
 */
export function checkArrow(bytes: Uint8Array, file: string): void {
  const mark = latin1(bytes.subarray(0, 6));
  if (mark.startsWith("FEA1")) {
    throw unsupported(file, {
      expected: "Arrow or Feather version 2",
      found: "Feather version 1",
      remedy: "Write the file again with a current pandas or R arrow.",
    });
  }
  if (mark === FILE_MAGIC) checkFile(bytes, file);
  else checkStream(bytes, file);
}

function checkStream(bytes: Uint8Array, file: string): void {
  let at = 0;
  do at = checkFramed(bytes, at, file);
  while (at > 0 && at < bytes.length);
}

/** The footer says where the messages are. */
function checkFile(bytes: Uint8Array, file: string): void {
  const end = bytes.length - FILE_END;
  if (end < FILE_START || latin1(bytes.subarray(-6)) !== FILE_MAGIC) throw truncatedFile(file);
  const length = viewOf(bytes).getInt32(end, true);
  if (length <= 0 || length > end - FILE_START) throw brokenMetadata(file);
  for (const { offset, metaDataLength, bodyLength } of footerBlocks(
    bytes.subarray(end - length, end),
    file,
  )) {
    if (!(offset >= FILE_START && metaDataLength >= 0 && bodyLength >= 0))
      throw brokenMetadata(file);
    if (offset + metaDataLength + bodyLength > end - length) throw truncatedFile(file);
    checkFramed(bytes.subarray(0, end - length), offset, file);
  }
}

function footerBlocks(bytes: Uint8Array, file: string): FileBlock[] {
  try {
    checkFlatBuffer(bytes, footer);
    const decoded = Footer.decode(bytes);
    return [...decoded.dictionaryBatches(), ...decoded.recordBatches()];
  } catch (cause) {
    throw brokenMetadata(file, cause);
  }
}

/** Checks the message at a position and returns the position after it, 0 at the end of the stream. */
function checkFramed(bytes: Uint8Array, at: number, file: string): number {
  const view = viewOf(bytes);
  if (at + 8 > bytes.length) {
    // Four zero bytes end a stream of before version 0.15.
    if (at + 4 === bytes.length && view.getInt32(at, true) === 0) return 0;
    throw truncatedFile(file);
  }
  // Before version 0.15 there was no continuation mark.
  const marked = view.getInt32(at, true) === -1;
  const length = view.getInt32(marked ? at + 4 : at, true);
  if (length === 0) return 0;
  const start = at + (marked ? 8 : 4);
  if (length < 0) throw brokenMetadata(file);
  if (start + length > bytes.length) throw truncatedFile(file);
  const next = start + length + checkMessage(bytes.subarray(start, start + length), file);
  if (next > bytes.length) throw truncatedFile(file);
  return next;
}

/** Checks a message's metadata and returns the length of its body. */
function checkMessage(metadata: Uint8Array, file: string): number {
  try {
    checkFlatBuffer(metadata, message);
    const decoded = Message.decode(metadata);
    const { bodyLength } = decoded;
    if (!isCount(bodyLength)) throw new RangeError(`a body of ${bodyLength} bytes`);
    if (decoded.isRecordBatch()) checkBatch(decoded.header(), bodyLength);
    else if (decoded.isDictionaryBatch()) checkBatch(decoded.header().data, bodyLength);
    else if (!decoded.isSchema()) throw new RangeError("a message of unknown kind");
    return bodyLength;
  } catch (cause) {
    throw brokenMetadata(file, cause);
  }
}

interface Batch {
  readonly length: number;
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  readonly buffers: readonly { readonly offset: number; readonly length: number }[];
  /** How many buffers each column of text views takes beside its views. */
  readonly variadicBufferCounts: readonly number[];
}

/** Lengths that are none, and buffers beyond the body. */
function checkBatch(batch: Batch, bodyLength: number): void {
  const { length, nodes, buffers, variadicBufferCounts } = batch;
  const counts = [length, ...nodes.flatMap((node) => [node.length, node.nullCount])];
  if (!counts.every(isCount)) throw new RangeError("a negative number of values");
  const viewed = variadicBufferCounts.reduce((sum, count) => sum + count, 0);
  if (!variadicBufferCounts.every(isCount) || viewed > buffers.length) {
    throw new RangeError("more buffers for text than there are");
  }
  for (const buffer of buffers) {
    const fits = isCount(buffer.offset) && isCount(buffer.length);
    if (!fits || buffer.offset + buffer.length > bodyLength) {
      throw new RangeError("a buffer beyond its message");
    }
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function brokenMetadata(file: string, cause?: unknown): RoentgenError {
  return damaged(file, { found: "Arrow metadata that go beyond their bytes", cause });
}

function truncatedFile(file: string): RoentgenError {
  return new RoentgenError("file-truncated", {
    problem: `Cannot read ${file} as Arrow: it ends before its contents do`,
    remedy: "Fetch or export the file again.",
    subject: file,
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
