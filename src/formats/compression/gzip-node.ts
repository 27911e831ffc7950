// Deflate streams (RFC 1950 to 1952) in Node (behind the package import #compression), by its own zlib.

import { availableParallelism } from "node:os";
import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { RoentgenError, throwIfCancelled } from "../../base/index.ts";
import { damaged, truncated } from "../damage.ts";
import { crc32 } from "../elements/checksums.ts";
import type { CompressionOptions, InflateOptions } from "./wrapping.ts";
import { gzipHeader, gzipTrailer, USUAL_LEVEL } from "./wrapping.ts";

/** Bytes that are compressed on their own, so that cores share the work; what comes out depends on it. */
const blockBytes = 2 ** 20;
/** Bytes before a block that it may refer to: deflate's window. */
const windowBytes = 2 ** 15;

const deflateRaw = promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.deflateRaw);

/**
 * Inflates a stream piece by piece; gzip members that follow one another are one stream, and their
 * checksums are compared. Ending the iteration early frees what it holds.
 * @throws RoentgenError "file-corrupt", "file-truncated"
 */
export async function* inflated(
  compressed: AsyncIterable<Uint8Array>,
  { wrapping, name, pieceBytes = 2 ** 20 }: InflateOptions,
): AsyncGenerator<Uint8Array> {
  const make = { gzip: zlib.createGunzip, zlib: zlib.createInflate, raw: zlib.createInflateRaw };
  const inflater = make[wrapping]({ chunkSize: pieceBytes });
  // Errors arrive at the loop below, whichever side they come from.
  pipeline(Readable.from(compressed, { objectMode: false }), inflater, () => {});
  try {
    for await (const piece of inflater) yield piece as Uint8Array;
  } catch (cause) {
    throw inWords(name, cause);
  }
}

function inWords(name: string, cause: unknown): RoentgenError {
  if (cause instanceof RoentgenError) return cause;
  if ((cause as NodeJS.ErrnoException).code === "Z_BUF_ERROR") {
    return truncated(name, { found: "the end of the compressed data", cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return damaged(name, {
    expected: "sound compressed data",
    found: `an error in them (${message})`,
    cause,
  });
}

/**
 * One gzip member without a time stamp: the same bytes on every machine, for any number of threads.
 * Blocks are deflated side by side, each with the window before it, as pigz does.
 */
export async function* gzipped(
  content: Iterable<Uint8Array>,
  { level = USUAL_LEVEL, threads = availableParallelism(), signal }: CompressionOptions = {},
): AsyncGenerator<Uint8Array> {
  yield gzipHeader();
  let sum = 0;
  let length = 0;
  const running: Promise<Uint8Array>[] = [];
  for (const { block, before, last } of blocks(content)) {
    throwIfCancelled(signal, "Writing");
    const finishFlush = last ? zlib.constants.Z_FINISH : zlib.constants.Z_SYNC_FLUSH;
    const dictionary = before.byteLength > 0 ? before : undefined;
    running.push(deflateRaw(block, { level, finishFlush, dictionary }));
    sum = crc32(block, sum);
    length += block.byteLength;
    if (running.length > threads) yield (await running.shift()) as Uint8Array;
  }
  for (const block of running) yield await block;
  yield gzipTrailer(sum, length);
}

interface Block {
  readonly block: Uint8Array;
  /** Up to 32 KiB that came before it. */
  readonly before: Uint8Array;
  readonly last: boolean;
}

/** Views of the content, in order; at least one. A block never spans two pieces. */
function* blocks(content: Iterable<Uint8Array>): Generator<Block> {
  let waiting: Omit<Block, "last"> | undefined;
  for (const piece of content) {
    for (let start = 0; start < piece.byteLength; start += blockBytes) {
      if (waiting) yield { ...waiting, last: false };
      waiting = {
        block: piece.subarray(start, start + blockBytes),
        before: piece.subarray(Math.max(0, start - windowBytes), start),
      };
    }
  }
  yield { ...(waiting ?? { block: new Uint8Array(), before: new Uint8Array() }), last: true };
}
