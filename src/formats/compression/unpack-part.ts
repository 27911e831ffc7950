// A part of what gzip, zlib or bzip2 data hold, in memory bounded by what is wanted and what comes out.

import { inflated } from "#compression";
import { RoentgenError } from "../../base/index.ts";
import { damaged, truncated } from "../damage.ts";
import { largestInflation } from "../elements/inflater.ts";
import { unpackBzip2 } from "./bzip2.ts";
import { type PartTaker, type PartWanted, partTaker } from "./part.ts";

export type Packing = "gzip" | "zlib" | "bzip2";

/** Bytes that may come before the part: room for any header, an end to bombs. */
const MOST_SKIPPED = 2 ** 28;

/**
 * Decompresses until the part has come.
 * @throws RoentgenError "file-truncated" where fewer bytes come out, "file-corrupt", "too-large" for more
 *   than 256 MB before the part
 */
export async function unpackPart(
  packed: Uint8Array,
  packing: Packing,
  wanted: PartWanted,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (packing !== "bzip2" && wanted.length > packed.length * largestInflation) {
    throw tooShort(wanted.length, `${packed.length} compressed bytes`, name);
  }
  const taker = partTaker(wanted);
  if (packing === "bzip2") unpackBlocks(packed, taker, wanted, name);
  else {
    for await (const bytes of inflated(onePiece(packed), { wrapping: packing, name })) {
      if (!takeWithin(taker, bytes, wanted, name)) break;
    }
  }
  const bytes = taker.taken();
  if (bytes.length < wanted.length) throw tooShort(wanted.length, `${bytes.length}`, name);
  return bytes;
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function unpackBlocks(
  packed: Uint8Array,
  taker: PartTaker,
  wanted: PartWanted,
  name: string,
): void {
  try {
    unpackBzip2(packed, (block) => takeWithin(taker, block, wanted, name));
  } catch (cause) {
    if (cause instanceof RoentgenError) throw cause;
    const words = cause instanceof Error ? cause.message : String(cause);
    throw damaged(name, { expected: "sound compressed data", found: words, cause });
  }
}

function tooShort(expected: number, found: string, name: string): RoentgenError {
  return truncated(name, { expected: `${expected} bytes of voxels`, found });
}

/** Whether more is needed. */
function takeWithin(
  taker: PartTaker,
  bytes: Uint8Array,
  wanted: PartWanted,
  name: string,
): boolean {
  taker.take(bytes);
  if (taker.full) return false;
  const { skip, length } = wanted;
  const skipped = skip === "all" ? taker.total - length : Math.min(skip, taker.total);
  if (skipped <= MOST_SKIPPED) return true;
  throw new RoentgenError("too-large", {
    problem: `Cannot read ${name}`,
    expected: `at most ${MOST_SKIPPED} bytes before the voxels`,
    found: "more",
    subject: name,
  });
}
