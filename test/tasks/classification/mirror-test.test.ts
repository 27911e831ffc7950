import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { mirrorTest } from "../../../src/tasks/classification/mirror-test.ts";

const SIDE = 8;

/** Noise, brighter by `left` on the left half and by `top` on the upper half. */
function noise(count: number, { left = 0, top = 0 } = {}): Float32Array {
  const random = randomStream({ seed: 2, purpose: "test/noise", sample: 0 });
  return Float32Array.from({ length: count * SIDE * SIDE }, (_, at) => {
    const isLeft = at % SIDE < SIDE / 2;
    const isTop = Math.floor(at / SIDE) % SIDE < SIDE / 2;
    return random.normal() + (isLeft ? left : 0) + (isTop ? top : 0);
  });
}

const options = { width: SIDE, height: SIDE, seed: 1 };

describe("mirrorTest", () => {
  it("tells images with a left side from their mirror images, and those with a top from theirs", () => {
    const found = mirrorTest(noise(200, { left: 1 }), options);
    expect(found.leftRight).toBeGreaterThan(0.95);
    expect(found.topBottom).toBeLessThan(0.65);
    expect(mirrorTest(noise(200, { top: 1 }), options).topBottom).toBeGreaterThan(0.95);
  });

  it("is at chance where images have no sides", () => {
    const { leftRight, topBottom } = mirrorTest(noise(400), options);
    for (const share of [leftRight, topBottom]) {
      expect(share).toBeGreaterThan(0.35);
      expect(share).toBeLessThan(0.65);
    }
  });

  it("says chance of an image alone", () => {
    expect(mirrorTest(noise(1, { left: 3 }), options).leftRight).toBe(0.5);
  });
});
