// Pairs of hashes that differ in few bits, without comparing each with each: multi-index hashing.
// Norouzi, Punjani, Fleet, "Fast search in Hamming space with multi-index hashing", CVPR 2012, section 2: hashes that differ in
// at most d bits have one of d + 1 disjoint sets of bits in common.

import { hashDistance } from "./perceptual-hash.ts";

const BITS = 64;

export interface NearHashOptions {
  /** Bits in which a pair differs at most; below 32. */
  readonly most: number;
  /** Accepted partners of a hash after which no more are looked for; those of a large cluster follow through each other. */
  readonly partners?: number;
}

/**
 * Calls `visit` once for each pair of hashes that differ in at most `most` bits.
 * @param hashes two numbers of 32 bits a hash
 * @param visit false where it does not accept the pair as one of those that are looked for
 */
export function eachNearPair(
  hashes: Uint32Array,
  { most, partners = Number.POSITIVE_INFINITY }: NearHashOptions,
  visit: (a: number, b: number, distance: number) => boolean,
): void {
  const count = hashes.length / 2;
  const keys = setsOfBits(hashes, most + 1).map((bits) => keysOf(hashes, bits));
  const accepted = new Uint32Array(count);
  for (const [set, own] of keys.entries()) {
    const earlier = keys.slice(0, set);
    const order = Uint32Array.from(own.keys()).sort((a, b) => own[a] - own[b] || a - b);
    for (let from = 0, to = 0; from < count; from = to) {
      while (to < count && own[order[to]] === own[order[from]]) to += 1;
      for (let i = from; i < to; i++) {
        const a = order[i];
        for (let j = i + 1; j < to && accepted[a] < partners; j++) {
          const b = order[j];
          const distance = hashDistance(hashes, a, b);
          if (distance > most || earlier.some((known) => known[a] === known[b])) continue;
          if (visit(a, b, distance)) accepted[a] += 1;
        }
      }
    }
  }
}

/**
 * Disjoint sets of all bits. Hashes of images of one organ have many bits in common, which part nothing: the bits are dealt out
 * from the evenest to the most lopsided, so that every set has its share of those that do.
 */
function setsOfBits(hashes: Uint32Array, count: number): number[][] {
  const ones = new Uint32Array(BITS);
  for (let at = 0; at < hashes.length; at += 2) {
    for (let bit = 0; bit < BITS; bit++) ones[bit] += bitOf(hashes, at, bit);
  }
  const middle = hashes.length / 4;
  const unevenness = (bit: number) => Math.abs(ones[bit] - middle);
  const bits = [...ones.keys()].sort((a, b) => unevenness(a) - unevenness(b));
  return Array.from({ length: count }, (_, set) => bits.filter((_, at) => at % count === set));
}

/** Of each hash a number that is equal for equal bits of a set. */
function keysOf(hashes: Uint32Array, bits: readonly number[]): Float64Array {
  return Float64Array.from({ length: hashes.length / 2 }, (_, at) =>
    bits.reduce((key, bit) => 2 * key + bitOf(hashes, 2 * at, bit), 0),
  );
}

function bitOf(hashes: Uint32Array, at: number, bit: number): number {
  return (hashes[at + (bit >> 5)] >>> (bit & 31)) & 1;
}
