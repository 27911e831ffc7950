// Deflate data (RFC 1951) taken apart piece by piece, with fflate's errors in our words.

import { Inflate } from "fflate";
import { damaged } from "../damage.ts";

/** A deflate stream never grows by more than this factor (258 bytes from 2 bits). */
export const largestInflation = 1032;

export interface Inflater {
  /** Takes the next piece of compressed data; what comes out goes to `onData` before this returns. */
  push(compressed: Uint8Array, last: boolean): void;
}

export function createInflater(name: string, onData: (bytes: Uint8Array) => void): Inflater {
  const stream = new Inflate(onData);
  return {
    push(compressed, last) {
      try {
        stream.push(compressed, last);
      } catch (cause) {
        if (!(cause instanceof Error) || cause.name === "RoentgenError") throw cause;
        throw damaged(name, {
          expected: "sound compressed data",
          found: `an error in them (${cause.message})`,
          cause,
        });
      }
    },
  };
}
