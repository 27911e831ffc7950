// Deflate data (RFC 1951) taken apart piece by piece, with fflate's errors in our words.

import { Inflate, inflateSync } from "fflate";
import { damaged } from "../damage.ts";

/** A deflate stream never grows by more than this factor (258 bytes from 2 bits). */
export const largestInflation = 1032;

export interface Inflater {
  /** Takes the next piece of compressed data; what comes out goes to `onData` before this returns. */
  push(compressed: Uint8Array, last: boolean): void;
}

export function createInflater(name: string, onData: (bytes: Uint8Array) => void): Inflater {
  const stream = new Inflate(onData);
  return { push: (compressed, last) => inWords(name, () => stream.push(compressed, last)) };
}

/** Inflates a whole stream into memory of known length; what is more is cut off. Gives the bytes filled. */
export function inflateInto(target: Uint8Array, compressed: Uint8Array, name: string): number {
  return inWords(name, () => inflateSync(compressed, { out: target }).byteLength);
}

function inWords<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw damaged(name, {
      expected: "sound compressed data",
      found: `an error in them (${cause instanceof Error ? cause.message : cause})`,
      cause,
    });
  }
}
