// Rows of features in a file: a header that says of what they are, then rows that each end with a checksum over its numbers
// and its place, so that whatever interrupts the writing, the rows before it are known to be whole.

import { appendToFile, openFile, pathKind, writeFileWhole } from "#files";
import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { crc32 } from "../../formats/safetensors/index.ts";
import {
  type FeatureRows,
  packRows,
  type RowLayout,
  rowLength,
  unpackRows,
} from "./feature-rows.ts";

export interface FeatureFileOptions {
  readonly layout: RowLayout;
  /** Of backbone and samples: rows of another one are not taken. */
  readonly fingerprint: string;
}

const KIND = '{"kind":"roentgen features","version":1,';
/** The header's length is a multiple of this, and so rows lie where typed arrays can be put on them. */
const HEADER_STEP = 256;
/** Bytes that are checked at a time. */
const PIECE = 2 ** 25;

/**
 * Opens a file of features, made if need be. Rows that are whole stay; what is behind them, or of something else, goes.
 * @throws RoentgenError "write-failed" where the path is taken by another kind of file
 */
export async function fileRows(path: string, options: FeatureFileOptions): Promise<FeatureRows> {
  const { layout } = options;
  const header = headerOf(options);
  const there = await openRows(path, header, layout);
  const byteLength = 4 * rowLength(layout);
  let next = there;
  let source: ByteSource | undefined;
  return {
    ...{ there, bytes: header.byteLength + layout.rows * byteLength },
    async append(samples) {
      const packed = packRows(layout, samples);
      sealRows(packed, layout, next);
      await appendToFile(path, new Uint8Array(packed.buffer));
      next += samples.weights.length;
    },
    async read(rows) {
      source ??= await openFile(path);
      const bytes = new Uint8Array(rows.length * byteLength);
      const views = Array.from(rows, (_, at) =>
        bytes.subarray(at * byteLength, (at + 1) * byteLength),
      );
      const from = source;
      await Promise.all(
        views.map((view, at) => from.readInto(header.byteLength + rows[at] * byteLength, view)),
      );
      return unpackRows(layout, views.map(asFloats));
    },
    async close() {
      await source?.close();
    },
  };
}

function headerOf({ layout, fingerprint }: FeatureFileOptions): Uint8Array {
  const { rows, features, targets, integers } = layout;
  const facts = JSON.stringify({ fingerprint, rows, features, targets, integers });
  const text = `${KIND}${facts.slice(1)}`;
  const length = Math.ceil((text.length + 1) / HEADER_STEP) * HEADER_STEP;
  return new TextEncoder().encode(`${text.padEnd(length - 1)}\n`);
}

/** Leaves the header and whole rows in the file; gives the number of these. */
async function openRows(path: string, header: Uint8Array, layout: RowLayout): Promise<number> {
  if ((await pathKind(path)) === "none") {
    await writeFileWhole(path, header);
    return 0;
  }
  const source = await openFile(path);
  try {
    await checkKind(source);
    const isSame = await beginsWith(source, header);
    const whole = isSame ? await countWhole(source, header.byteLength, layout) : 0;
    const end = header.byteLength + 4 * whole * rowLength(layout);
    if (!isSame || source.byteLength !== end) {
      await writeFileWhole(path, isSame ? piecesOf(source, end) : header);
    }
    return whole;
  } finally {
    await source.close();
  }
}

async function checkKind(source: ByteSource): Promise<void> {
  const start = await source.read(0, Math.min(KIND.length, source.byteLength));
  if (source.byteLength === 0 || new TextDecoder().decode(start) === KIND) return;
  throw new RoentgenError("write-failed", {
    problem: `Cannot keep features in ${source.name}`,
    expected: "a new name, or a file of features",
    found: "another file",
    remedy: "Give another path; this file stays as it is.",
    subject: source.name,
  });
}

async function beginsWith(source: ByteSource, header: Uint8Array): Promise<boolean> {
  if (source.byteLength < header.byteLength) return false;
  const found = await source.read(0, header.byteLength);
  return header.every((byte, at) => byte === found[at]);
}

/** Rows from the first on whose checksums hold. */
async function countWhole(source: ByteSource, start: number, layout: RowLayout): Promise<number> {
  const byteLength = 4 * rowLength(layout);
  const most = Math.min(layout.rows, Math.floor((source.byteLength - start) / byteLength));
  const step = Math.max(1, Math.floor(PIECE / byteLength));
  for (let first = 0; first < most; first += step) {
    const count = Math.min(step, most - first);
    const bytes = await source.read(start + first * byteLength, count * byteLength);
    const bad = firstBroken(asFloats(bytes), layout, first);
    if (bad < count) return first + bad;
  }
  return most;
}

function firstBroken(rows: Float32Array, layout: RowLayout, first: number): number {
  const length = rowLength(layout);
  const sums = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const count = rows.length / length;
  for (let row = 0; row < count; row++) {
    if (sums[(row + 1) * length - 1] !== checksum(rows, row, layout, first)) return row;
  }
  return count;
}

function sealRows(rows: Float32Array, layout: RowLayout, first: number): void {
  const length = rowLength(layout);
  const sums = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  for (let row = 0; row < rows.length / length; row++) {
    sums[(row + 1) * length - 1] = checksum(rows, row, layout, first);
  }
}

/** Over a row's numbers, from its place on: a row that another process put in between is none. */
function checksum(rows: Float32Array, row: number, layout: RowLayout, first: number): number {
  const length = rowLength(layout);
  const start = rows.byteOffset + 4 * row * length;
  return crc32(new Uint8Array(rows.buffer, start, 4 * (length - 1)), first + row + 1);
}

/** Bytes that begin where numbers can. */
function asFloats({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array {
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

async function* piecesOf(source: ByteSource, end: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < end; at += PIECE) yield source.read(at, Math.min(PIECE, end - at));
}
