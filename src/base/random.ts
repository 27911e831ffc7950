// Counter-based random numbers: Philox 4×32 with 10 rounds.
// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11, section 3.3.

import { portableCos, portableLog, portableSin } from "./portable-math.ts";

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** What a stream of random numbers is for. Equal keys give equal numbers, in any worker and any order. */
export interface RandomKey {
  /** A non-negative integer below 2^53. */
  seed: number;
  /** The use, as words: "forest/bootstrap". Different purposes are independent. */
  purpose: string;
  /** Index of the sample, tree or fold, 0 … 2^32 − 1. */
  sample?: number;
  epoch?: number;
}

/** Numbers drawn one after another from one key. */
export interface RandomStream {
  /** An integer in 0 … 2^32 − 1. */
  uint32(): number;
  /** A double in [0, 1) with 53 random bits. */
  uniform(): number;
  /** A standard normal deviate (Box–Muller), the same bits in every engine. */
  normal(): number;
  /** An integer in 0 … bound − 1, without modulo bias. `bound` is 1 … 2^32. */
  integer(bound: number): number;
  /** Fisher–Yates, in place. */
  shuffleInPlace<T extends { length: number; [index: number]: unknown }>(values: T): T;
  /** 0 … count − 1 in random order. */
  permutation(count: number): Uint32Array;
}

/** Opens the stream of a key. */
export function randomStream({ seed, purpose, sample = 0, epoch = 0 }: RandomKey): RandomStream {
  const key0 = seed >>> 0;
  const key1 = (hashWords(purpose) ^ Math.floor(seed / 2 ** 32)) >>> 0;
  const block = new Uint32Array(4);
  let counter = 0;
  let next = 4;
  let spareNormal = Number.NaN;

  function uint32(): number {
    if (next === 4) {
      philox(block, counter >>> 0, Math.floor(counter / 2 ** 32), sample, epoch, key0, key1);
      counter += 1;
      next = 0;
    }
    return block[next++];
  }

  function uniform(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  function normal(): number {
    if (!Number.isNaN(spareNormal)) {
      const value = spareNormal;
      spareNormal = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * portableLog(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spareNormal = radius * portableSin(angle);
    return radius * portableCos(angle);
  }

  function integer(bound: number): number {
    // Rejects the incomplete last stretch of 2^32, so that every value is equally likely.
    const limit = 4294967296 - (4294967296 % bound);
    let value = uint32();
    while (value >= limit) value = uint32();
    return value % bound;
  }

  function shuffleInPlace<T extends { length: number; [index: number]: unknown }>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
    return values;
  }

  function permutation(count: number): Uint32Array {
    return shuffleInPlace(Uint32Array.from({ length: count }, (_, index) => index));
  }

  return { uint32, uniform, normal, integer, shuffleInPlace, permutation };
}

/** One Philox 4×32-10 block: counter (c0 … c3) and key (k0, k1) to four 32-bit words in `out`. */
export function philox(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0);
    const low0 = Math.imul(M0, c0);
    const high1 = multiplyHigh(M1, c2);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of an unsigned 32×32 product, in 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // No sum passes 2^32, so that integer instructions do.
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) >>> 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** FNV-1a over UTF-16 code units. */
function hashWords(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
