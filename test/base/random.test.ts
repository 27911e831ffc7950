import { describe, expect, it } from "vitest";
import { philox, randomStream } from "../../src/base/index.ts";

describe("philox", () => {
  // Known answers of the Random123 distribution (tests/kat_vectors, philox4x32 10).
  it.each([
    [
      [0, 0, 0, 0, 0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [Array(6).fill(0xffffffff), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("gives the published block for %j", ([c0, c1, c2, c3, k0, k1], expected) => {
    const block = new Uint32Array(4);
    philox(block, c0, c1, c2, c3, k0, k1);
    expect([...block]).toEqual(expected);
  });
});

describe("randomStream", () => {
  it("repeats for one key and differs for another purpose, sample, epoch or seed", () => {
    const key = { seed: 7, purpose: "test", sample: 1, epoch: 1 };
    const first = randomStream(key).uint32();
    expect(randomStream(key).uint32()).toBe(first);
    for (const change of [
      { seed: 8 },
      { purpose: "other" },
      { sample: 2 },
      { epoch: 2 },
      { seed: 7 + 2 ** 32 },
    ]) {
      expect(randomStream({ ...key, ...change }).uint32()).not.toBe(first);
    }
  });

  it("draws uniform, normal and bounded numbers with the moments they should have", () => {
    const stream = randomStream({ seed: 1, purpose: "moments" });
    const count = 100_000;
    let uniformSum = 0;
    let normalSum = 0;
    let normalSquares = 0;
    const dice = new Array(6).fill(0);
    for (let i = 0; i < count; i++) {
      uniformSum += stream.uniform();
      const value = stream.normal();
      normalSum += value;
      normalSquares += value * value;
      dice[stream.integer(6)] += 1;
    }
    expect(uniformSum / count).toBeCloseTo(0.5, 2);
    expect(normalSum / count).toBeCloseTo(0, 1);
    expect(normalSquares / count).toBeCloseTo(1, 1);
    for (const face of dice) expect(face / count).toBeCloseTo(1 / 6, 2);
  });

  it("permutes without loss", () => {
    const permuted = randomStream({ seed: 1, purpose: "permutation" }).permutation(1000);
    expect([...permuted].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });
});
