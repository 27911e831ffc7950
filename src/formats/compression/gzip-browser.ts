// Deflate streams (RFC 1950 to 1952) in browsers (behind the package import #compression), by fflate.

import { Deflate, Gunzip, Inflate, Unzlib } from "fflate";
import { type RoentgenError, throwIfCancelled } from "../../base/index.ts";
import { damaged, truncated } from "../damage.ts";
import { crc32 } from "../elements/checksums.ts";
import type { CompressionOptions, InflateOptions } from "./wrapping.ts";
import { gzipHeader, gzipTrailer, USUAL_LEVEL } from "./wrapping.ts";

const INFLATERS = { gzip: Gunzip, zlib: Unzlib, raw: Inflate };

/** As in Node, but for checksums, which fflate does not compare. */
export async function* inflated(
  compressed: AsyncIterable<Uint8Array>,
  { wrapping, name }: InflateOptions,
): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  const inflater = new INFLATERS[wrapping]((piece) => {
    if (piece.byteLength > 0) waiting.push(piece);
  });
  const push = (piece: Uint8Array, last: boolean) => {
    try {
      inflater.push(piece, last);
    } catch (cause) {
      throw inWords(name, cause);
    }
  };
  for await (const piece of compressed) {
    push(piece, false);
    yield* waiting;
    waiting = [];
  }
  push(new Uint8Array(), true);
  yield* waiting;
}

function inWords(name: string, cause: unknown): RoentgenError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message === "unexpected EOF") {
    return truncated(name, { found: "the end of the compressed data", cause });
  }
  return damaged(name, {
    expected: "sound compressed data",
    found: `an error in them (${message})`,
    cause,
  });
}

/** As in Node, but in one thread and therefore of slightly other, equally valid bytes. */
export async function* gzipped(
  content: Iterable<Uint8Array>,
  { level = USUAL_LEVEL, signal }: CompressionOptions = {},
): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  const deflater = new Deflate({ level: level as 6 }, (piece) => waiting.push(piece));
  let sum = 0;
  let length = 0;
  yield gzipHeader();
  for (const piece of content) {
    throwIfCancelled(signal, "Writing");
    deflater.push(piece);
    sum = crc32(piece, sum);
    length += piece.byteLength;
    yield* waiting;
    waiting = [];
  }
  deflater.push(new Uint8Array(), true);
  yield* waiting;
  yield gzipTrailer(sum, length);
}
