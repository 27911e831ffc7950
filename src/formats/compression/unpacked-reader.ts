// A source read from front to back as what it is once unpacked: gzip is told by its bytes, all else is as it is.

import { inflated } from "#compression";
import type { ByteSource } from "../../base/index.ts";
import { truncated } from "../damage.ts";
import {
  type ByteReader,
  checkRemaining,
  readBytes,
  sequentialReader,
} from "../elements/byte-reader.ts";
import { largestInflation } from "../elements/inflater.ts";

/** Bytes in sequence that know their end. Close it when done. */
export interface UnpackedReader extends ByteReader {
  /** Whether the bytes were compressed; then `remaining` is the most that can still come. */
  readonly packed: boolean;
  /** The next bytes, fewer than `length` where the end comes before. */
  readAtMost(length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Whether nothing follows. At the end of compressed data the checksum has been compared. */
  atEnd(): Promise<boolean>;
  /** Frees the decompressor; the source stays open. */
  close(): Promise<void>;
}

interface UnpackOptions {
  /** Compressed bytes read at a time, and unpacked bytes kept waiting; a few KB do where only a header is read. */
  pieceBytes?: number;
}

/** For readers of headers. */
export const HEADER_PIECE = 2 ** 14;

/** Reads a file that may be gzipped, as `.nii.gz`, `.mgz` and `.img.gz` are. */
export async function unpackedReader(
  source: ByteSource,
  { pieceBytes = 2 ** 20 }: UnpackOptions = {},
): Promise<UnpackedReader> {
  return (await isGzipped(source)) ? inflatingSource(source, pieceBytes) : plainSource(source);
}

export async function isGzipped(source: ByteSource): Promise<boolean> {
  if (source.byteLength < 18) return false;
  const [first, second, method] = await source.read(0, 3);
  return first === 0x1f && second === 0x8b && method === 8;
}

function plainSource(source: ByteSource): UnpackedReader {
  const reader = sequentialReader(source);
  return {
    name: source.name,
    packed: false,
    get remaining() {
      return reader.remaining;
    },
    readInto: (target) => reader.readInto(target),
    readAtMost: (length) => readBytes(reader, Math.min(length, reader.remaining)),
    atEnd: async () => reader.remaining === 0,
    close: async () => {},
  };
}

function inflatingSource(source: ByteSource, pieceBytes: number): UnpackedReader {
  const { name } = source;
  let taken = 0;
  async function* compressed(): AsyncGenerator<Uint8Array> {
    while (taken < source.byteLength) {
      const length = Math.min(pieceBytes, source.byteLength - taken);
      const piece = await source.read(taken, length);
      taken += length;
      yield piece;
    }
  }
  const pieces = inflated(compressed(), { wrapping: "gzip", name, pieceBytes });
  let waiting: Uint8Array = new Uint8Array();
  let given = 0;

  /** Whether there are bytes waiting, fetched if need be. */
  async function fetchMore(): Promise<boolean> {
    while (waiting.byteLength === 0) {
      const next = await pieces.next();
      if (next.done) return false;
      waiting = next.value;
    }
    return true;
  }

  /** Fills the target as far as there are bytes; returns how many there were. */
  async function fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.byteLength && (await fetchMore())) {
      const part = waiting.subarray(0, target.byteLength - filled);
      target.set(part, filled);
      waiting = waiting.subarray(part.byteLength);
      filled += part.byteLength;
    }
    given += filled;
    return filled;
  }

  return {
    name,
    packed: true,
    get remaining() {
      return Math.max(0, source.byteLength * largestInflation - given);
    },
    async readInto(target) {
      checkRemaining(this, target.byteLength);
      const filled = await fill(target);
      if (filled === target.byteLength) return;
      throw truncated(name, {
        expected: `${target.byteLength - filled} more bytes`,
        found: "the end of the unpacked data",
      });
    },
    async readAtMost(length) {
      const bytes = new Uint8Array(Math.min(length, this.remaining));
      return bytes.slice(0, await fill(bytes));
    },
    atEnd: async () => !(await fetchMore()),
    async close() {
      await pieces.return(undefined);
    },
  };
}
