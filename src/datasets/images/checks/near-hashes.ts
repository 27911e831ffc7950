// Pairs of hashes that differ in few bits, without comparing each with each: multi-index hashing.
// Norouzi, Punjani, Fleet, "Fast search in Hamming space with multi-index hashing", CVPR 2012, section 2: hashes that differ in
// at most d bits have one of d + 1 disjoint stretches in common.

import { hashDistance } from "./perceptual-hash.ts";

/**
 * Calls `visit` once for each pair of hashes that differ in at most `most` bits.
 * @param hashes two numbers of 32 bits a hash
 * @param most below 32
 */
export function eachNearPair(
  hashes: Uint32Array,
  most: number,
  visit: (a: number, b: number, distance: number) => void,
): void {
  const count = hashes.length / 2;
  const stretches = stretchesOf(most + 1);
  for (let stretch = 0; stretch < stretches.length; stretch++) {
    const keys = Uint32Array.from({ length: count }, (_, at) =>
      keyOf(hashes, at, stretches[stretch]),
    );
    const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b] || a - b);
    for (let from = 0, to = 0; from < count; from = to) {
      while (to < count && keys[order[to]] === keys[order[from]]) to += 1;
      for (let i = from; i < to; i++) {
        for (let j = i + 1; j < to; j++) {
          const distance = hashDistance(hashes, order[i], order[j]);
          if (distance > most || meetEarlier(hashes, order[i], order[j], stretches, stretch))
            continue;
          visit(order[i], order[j], distance);
        }
      }
    }
  }
}

/** First bit, and the one after the last. */
type Stretch = readonly [number, number];

function stretchesOf(count: number): Stretch[] {
  return Array.from({ length: count }, (_, at) => {
    return [Math.floor((64 * at) / count), Math.floor((64 * (at + 1)) / count)] as const;
  });
}

/** The bits of a stretch, which is shorter than 33. */
function keyOf(hashes: Uint32Array, at: number, [from, to]: Stretch): number {
  let key = 0;
  for (let bit = from; bit < to; bit++) {
    key = (key << 1) | ((hashes[2 * at + (bit >> 5)] >>> (bit & 31)) & 1);
  }
  return key >>> 0;
}

/** Whether a stretch before this one has shown the pair already. */
function meetEarlier(
  hashes: Uint32Array,
  a: number,
  b: number,
  stretches: readonly Stretch[],
  stretch: number,
): boolean {
  for (let earlier = 0; earlier < stretch; earlier++) {
    if (keyOf(hashes, a, stretches[earlier]) === keyOf(hashes, b, stretches[earlier])) return true;
  }
  return false;
}
