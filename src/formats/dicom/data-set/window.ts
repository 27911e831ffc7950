// The stretch of a file that is in memory while its elements are read.

import type { ByteSource } from "../../../base/index.ts";
import type { Tag } from "./data-set.ts";

/** How elements are encoded: PS3.5 section 7.1. */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const IMPLICIT: Encoding = { explicit: false, littleEndian: true };

/** Thrown where bytes are needed that are not in memory yet; the reader fetches them and tries again. */
export const MORE_BYTES = Symbol("more bytes");

/** Bytes `start` … `start + bytes.length` of a file; all positions count from the file's beginning. */
export interface Window {
  /** Of the file, for messages. */
  readonly name: string;
  readonly fileEnd: number;
  /** Longer values are left in the file. */
  readonly longestValue: number;
  elementCount: number;
  /** Says something odd, once. */
  note(sentence: string): void;
  /** Throws `MORE_BYTES` if these bytes are not in memory. */
  need(at: number, length: number): void;
  has(at: number, length: number): boolean;
  take(at: number, length: number): Uint8Array;
  byte(at: number): number;
  uint16(at: number, littleEndian: boolean): number;
  uint32(at: number, littleEndian: boolean): number;
  tagAt(at: number, littleEndian: boolean): Tag;
  /** Whether two capital letters stand there. */
  hasVr(at: number): boolean;
}

/** A window that can be moved over its file. */
export interface MovableWindow extends Window {
  /** Fetches what was last asked for, keeping what follows `from`. */
  fetch(from: number): Promise<void>;
  /** Fetches these bytes and few more: for steps through a file whose long parts are passed over. */
  fetchExactly(at: number, length: number): Promise<void>;
  readonly notes: readonly string[];
}

/** Most headers of CT and MR fit; memory that is new to the process costs more than another read. */
const FIRST_CHUNK = 8 * 1024;
/** Each further chunk is four times as large, up to this. */
const LARGEST_CHUNK = 64 * 1024;
const SMALL_CHUNK = 512;

/**
 * Opens a window at the beginning of a source.
 * @param longestValue values that are longer stay in the file, in bytes
 */
export async function openWindow(
  source: ByteSource,
  { longestValue, chunk = FIRST_CHUNK }: { longestValue: number; chunk?: number },
): Promise<MovableWindow> {
  const { name, byteLength: fileEnd } = source;
  const notes = new Set<string>();
  let start = 0;
  let bytes = await source.read(0, Math.min(chunk, fileEnd));
  let view = viewOf(bytes);
  let wanted = 0;
  let usual = chunk;

  function need(at: number, length: number): void {
    if (at >= start && at + length <= start + bytes.length) return;
    wanted = at + length;
    throw MORE_BYTES;
  }

  async function fetch(from: number): Promise<void> {
    const kept = from >= start && from < start + bytes.length ? start + bytes.length - from : 0;
    // Doubling keeps the repeated reading of a long sequence in proportion to its length.
    usual = Math.max(usual, Math.min(4 * usual, LARGEST_CHUNK));
    await moveTo(from, kept, Math.max(wanted - from, 2 * kept, usual));
  }

  async function moveTo(from: number, kept: number, wish: number): Promise<void> {
    const length = Math.min(wish, fileEnd - from);
    const grown = new Uint8Array(length);
    if (kept > 0) grown.set(bytes.subarray(from - start));
    await source.readInto(from + kept, grown.subarray(kept));
    bytes = grown;
    view = viewOf(bytes);
    start = from;
  }

  const uint16 = (at: number, littleEndian: boolean) => {
    need(at, 2);
    return view.getUint16(at - start, littleEndian);
  };
  return {
    name,
    fileEnd,
    longestValue,
    elementCount: 0,
    note: (sentence) => void notes.add(sentence),
    get notes() {
      return [...notes];
    },
    need,
    has: (at, length) => at >= start && at + length <= start + bytes.length,
    take(at, length) {
      need(at, length);
      return bytes.subarray(at - start, at - start + length);
    },
    byte(at) {
      need(at, 1);
      return bytes[at - start];
    },
    uint16,
    uint32(at, littleEndian) {
      need(at, 4);
      return view.getUint32(at - start, littleEndian);
    },
    tagAt(at, littleEndian) {
      need(at, 4);
      return (
        view.getUint16(at - start, littleEndian) * 65536 +
        view.getUint16(at - start + 2, littleEndian)
      );
    },
    hasVr(at) {
      need(at, 2);
      return isCapital(bytes[at - start]) && isCapital(bytes[at - start + 1]);
    },
    fetch,
    fetchExactly: (at, length) => moveTo(at, 0, Math.max(length, SMALL_CHUNK)),
  };
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
