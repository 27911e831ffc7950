// Files damaged at random, and a bound on the memory that a reader may ask for.

import fc from "fast-check";

/** A change to the bytes of a file; `place` is a part of its length. */
export type Mutation =
  | { kind: "flip"; place: number; bits: number }
  | { kind: "word"; place: number; value: number }
  | { kind: "cut"; place: number }
  | { kind: "repeat"; place: number; length: number };

// Even over the file: arbitrary doubles are mostly tiny, and would change its first bytes only.
const place = fc.noBias(fc.integer({ min: 0, max: 2 ** 30 - 1 })).map((part) => part / 2 ** 30);
const extremeWords = fc.constantFrom(0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 0x01000000);
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), place, bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("word" as const), place, value: extremeWords }),
  fc.record({ kind: fc.constant("cut" as const), place }),
  fc.record({
    kind: fc.constant("repeat" as const),
    place,
    length: fc.integer({ min: 1, max: 64 }),
  }),
);

/** The file with the changes made one after another. */
export function mutate(original: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  return mutations.reduce((bytes: Uint8Array, change) => {
    const at = Math.floor(change.place * bytes.length);
    const changed = bytes.slice();
    switch (change.kind) {
      case "flip":
        changed[at] ^= change.bits;
        return changed;
      case "word":
        for (let index = 0; index < 4; index++) changed[at + index] = change.value >>> (8 * index);
        return changed;
      case "cut":
        return changed.subarray(0, at);
      case "repeat":
        return Buffer.concat([
          changed.subarray(0, at),
          changed.subarray(at, at + change.length),
          changed.subarray(at),
        ]);
    }
    return change satisfies never;
  }, original);
}

/** In one piece. */
const mostBytes = 64 * 2 ** 20;

/** Fails the work if it asks for more memory in one piece than a small file can need. */
export async function withAllocationLimit(work: () => Promise<void>): Promise<void> {
  const original = globalThis.Uint8Array;
  globalThis.Uint8Array = new Proxy(original, {
    construct(target, given: unknown[], newTarget) {
      if (typeof given[0] === "number" && given[0] > mostBytes) {
        throw new TypeError(`a small file asked for ${given[0]} bytes`);
      }
      return Reflect.construct(target, given, newTarget);
    },
  });
  try {
    await work();
  } finally {
    globalThis.Uint8Array = original;
  }
}
