// Hashes that hardly change, and finding those that are near without comparing all.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../../src/base/index.ts";
import { eachNearPair } from "../../../../src/datasets/images/checks/near-hashes.ts";
import {
  hashDistance,
  hashThumbnailInto,
} from "../../../../src/datasets/images/checks/perceptual-hash.ts";

const word = fc.oneof(fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 3, 2 ** 31, 2 ** 32 - 1));

describe("Near hashes", () => {
  it("are those that comparing each with each finds, once each", () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 0, max: 12 }),
        (words, most) => {
          const hashes = Uint32Array.from(words.slice(0, words.length & ~1));
          const found: string[] = [];
          eachNearPair(hashes, { most }, (a, b, distance) => {
            expect(distance).toBe(hashDistance(hashes, a, b));
            found.push([Math.min(a, b), Math.max(a, b)].join());
            return true;
          });
          const expected: string[] = [];
          for (let a = 0; a < hashes.length / 2; a++) {
            for (let b = a + 1; b < hashes.length / 2; b++) {
              if (hashDistance(hashes, a, b) <= most) expected.push([a, b].join());
            }
          }
          expect(found.sort()).toEqual(expected.sort());
        },
      ),
    );
  });

  it("are found in a time that does not grow with the square of their number", () => {
    // Alike in 24 bits, as hashes of one organ are; a thousand are the same.
    const random = randomStream({ seed: 1, purpose: "test/near-hashes" });
    const word = () => Math.floor(random.uniform() * 2 ** 32);
    const comparisons = (count: number) => {
      const hashes = Uint32Array.from({ length: 2 * count }, (_, at) =>
        at < 2000 ? 7 : at % 2 ? word() : word() & 0xff,
      );
      let visits = 0;
      eachNearPair(hashes, { most: 6, partners: 4 }, () => {
        visits += 1;
        return true;
      });
      return visits;
    };
    expect(comparisons(4000)).toBeLessThan(4 * 4000);
    const began = process.cpuUsage();
    comparisons(50_000);
    // 2 s of a core of 2026; each with each, 1.25 billion pairs, would take ten times as long.
    expect(process.cpuUsage(began).user).toBeLessThan(10e6);
  });

  it("differ in the bits that differ", () => {
    fc.assert(
      fc.property(word, word, word, word, (a, b, c, d) => {
        const ones = (value: number) =>
          [...(value >>> 0).toString(2)].filter((bit) => bit === "1").length;
        const distance = hashDistance(Uint32Array.of(a, b, c, d), 0, 1);
        expect(distance).toBe(ones(a ^ c) + ones(b ^ d));
      }),
    );
  });
});

describe("A perceptual hash", () => {
  const picture = (fill: (x: number, y: number) => number) =>
    Float32Array.from({ length: 1024 }, (_, at) => fill(at % 32, Math.floor(at / 32)));
  const hashesOf = (...pictures: Float32Array[]) => {
    const hashes = new Uint32Array(2 * pictures.length);
    for (const [at, one] of pictures.entries()) hashThumbnailInto(hashes.subarray(2 * at), one);
    return hashes;
  };
  const blob = (x: number, y: number) =>
    Math.exp(-((x - 10) ** 2 + (y - 20) ** 2) / 60) +
    0.3 * Math.exp(-((x - 24) ** 2 + (y - 8) ** 2) / 20);

  it("stays near under brightness, contrast and a little noise", () => {
    const noisy = picture(
      (x, y) => 0.2 + 0.7 * blob(x, y) + 0.01 * Math.sin(x * 12.9898 + y * 78.233),
    );
    expect(hashDistance(hashesOf(picture(blob), noisy), 0, 1)).toBeLessThanOrEqual(6);
  });

  it("is far from that of another picture", () => {
    const other = picture((x, y) => blob(31 - x, y));
    expect(hashDistance(hashesOf(picture(blob), other), 0, 1)).toBeGreaterThan(12);
  });
});
