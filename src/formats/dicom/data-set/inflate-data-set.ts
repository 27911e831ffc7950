// Deflated data sets: PS3.5 section A.5.

import { RoentgenError } from "../../../base/index.ts";
import { createInflater } from "../../elements/inflater.ts";

/** Data sets may grow to this when inflated; what is more would not fit beside its image. */
const LARGEST_DATA_SET = 2 ** 30;

/** Inflates a whole data set, a raw deflate stream. */
export function inflateDataSet(compressed: Uint8Array, name: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  let total = 0;
  const inflater = createInflater(name, (bytes) => {
    total += bytes.length;
    if (total <= LARGEST_DATA_SET) pieces.push(bytes);
  });
  // In pieces, so that a bomb is noticed before all of it has grown.
  for (let at = 0; at < compressed.length; at += 65536) {
    const piece = compressed.subarray(at, at + 65536);
    inflater.push(piece, at + 65536 >= compressed.length);
    if (total > LARGEST_DATA_SET) throw tooLarge(name);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function tooLarge(name: string): RoentgenError {
  return new RoentgenError("too-large", {
    problem: `Cannot read ${name}`,
    expected: `a data set of at most ${LARGEST_DATA_SET} bytes`,
    found: "more, once it was inflated",
    subject: name,
  });
}
