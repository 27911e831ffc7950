// The part that is wanted of decompressed bytes: kept as they come, in memory that grows with what came.

import { joinBytes } from "../elements/join-bytes.ts";

/** Which bytes of what comes out: `length` after `skip`, or the last ones. */
export interface PartWanted {
  readonly length: number;
  /** Bytes to leave out in front; "all" for the last `length` of the stream. */
  readonly skip: number | "all";
}

/** Takes decompressed bytes in sequence. */
export interface PartTaker {
  /** Nothing more is needed. */
  readonly full: boolean;
  /** Bytes that came so far. */
  readonly total: number;
  take(bytes: Uint8Array): void;
  /** Exactly what was wanted, or fewer bytes where fewer came. */
  taken(): Uint8Array<ArrayBuffer>;
}

/** Takes a part; `bytes` handed to it must not change afterwards. */
export function partTaker({ length, skip }: PartWanted): PartTaker {
  return skip === "all" ? lastBytes(length) : bytesAfter(skip, length);
}

function bytesAfter(skip: number, length: number): PartTaker {
  const pieces: Uint8Array[] = [];
  let total = 0;
  return {
    get full() {
      return total >= skip + length;
    },
    get total() {
      return total;
    },
    take(bytes) {
      const from = Math.max(0, skip - total);
      const to = Math.min(bytes.length, skip + length - total);
      if (from < to) pieces.push(bytes.subarray(from, to));
      total += bytes.length;
    },
    taken: () => joinBytes(pieces),
  };
}

function lastBytes(length: number): PartTaker {
  const pieces: Uint8Array[] = [];
  let first = 0;
  let [total, kept] = [0, 0];
  return {
    full: false,
    get total() {
      return total;
    },
    take(bytes) {
      pieces.push(bytes);
      total += bytes.length;
      kept += bytes.length;
      while (kept - pieces[first].length >= length && first < pieces.length - 1) {
        kept -= pieces[first].length;
        pieces[first++] = new Uint8Array();
      }
    },
    taken() {
      const joined = joinBytes(pieces.slice(first));
      return joined.subarray(Math.max(0, joined.length - length));
    },
  };
}
