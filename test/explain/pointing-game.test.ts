import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointingGame } from "../../src/explain/index.ts";
import { wilsonInterval } from "../../src/statistics/index.ts";

/** Maps of 4 × 5 pixels with 1 at a pixel and less elsewhere. */
function mapsWith(...points: [number, number][]) {
  const maps = new Float32Array(points.length * 20).fill(0.1);
  for (const [at, [x, y]] of points.entries()) maps[20 * at + 5 * y + x] = 1;
  return { shape: [points.length, 4, 5], maps };
}

describe("The pointing game", () => {
  it("counts brightest points on what was marked, with Wilson's interval", async () => {
    const box = { boxes: [[1, 1, 3, 3]] } as const;
    const game = await pointingGame(mapsWith([1, 1], [2, 2], [3, 2], [2, 3]), [box, box, box, box]);
    expect(game.images.map((one) => one?.hit)).toEqual([true, true, false, false]);
    expect(game.hits).toMatchObject({ value: 0.5, n: 4, ...wilsonInterval(2, 4) });
    expect(game.chance).toBeCloseTo(4 / 20, 12);
    expect(game.energy.n).toBe(4);
    expect(game.images[0]?.energy).toBeCloseTo(1.3 / 2.9, 6);
    expect(game.images[2]?.energy).toBeCloseTo(0.4 / 2.9, 6);
  });

  it("forgives as far as it is told", async () => {
    const box = { boxes: [[0, 0, 1, 1]] } as const;
    const corner = mapsWith([1, 1], [2, 0]);
    const near = await pointingGame(corner, [box, box], { tolerance: 1.5 });
    expect(near.images.map((one) => one?.hit)).toEqual([true, false]);
    expect(near.chance).toBeCloseTo(4 / 20, 12);
    expect((await pointingGame(corner, [box, box], { tolerance: 1 })).hits.value).toBe(0);
  });

  it("takes masks, also of volumes, and leaves out images without a mark", async () => {
    const maps = Float32Array.of(0, 0, 0, 0, 0, 1, 0, 0);
    const mask = [0, 0, 0, 0, 0, 7, 7, 0];
    const marks = [{ mask }, undefined, { mask: new Uint8Array(8) }];
    const all = Float32Array.from([...maps, ...maps, ...maps]);
    const game = await pointingGame({ shape: [3, 2, 2, 2], maps: all }, marks);
    expect(game).toMatchObject({ unmarked: 2, area: 0.25, hits: { value: 1, n: 1 } });
    expect(game.images[0]).toEqual({ hit: true, energy: 1, chance: 0.25, area: 0.25 });
  });

  it("counts an empty map as a miss, and says where there is nothing to count", async () => {
    const shape = [1, 2, 2];
    const maps = new Float32Array(4);
    const missed = await pointingGame({ shape, maps }, [{ mask: [1, 1, 1, 0] }]);
    expect(missed.images[0]).toEqual({ hit: false, energy: 0, chance: 0.75, area: 0.75 });
    const none = await pointingGame({ shape, maps }, [undefined]);
    expect(none.hits).toMatchObject({ value: null, n: 0, undefinedBecause: /marked/ });
    expect(none.energy.value).toBeNull();
  });

  it("refuses marks that do not fit", async () => {
    const shape = [1, 2, 2];
    const maps = new Float32Array(4);
    await expect(pointingGame({ shape, maps }, [])).rejects.toThrow(/marks of 1 images/);
    await expect(pointingGame({ shape, maps }, [{ mask: [1] }])).rejects.toThrow(/4 pixels/);
    const volume = { shape: [1, 1, 2, 2], maps };
    await expect(pointingGame(volume, [{ boxes: [[0, 0, 1, 1]] }])).rejects.toThrow(/volumes/);
  });

  it("gives even evidence the marked part of the pixels", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), async (marked) => {
        const maps = new Float32Array(12).fill(0.3);
        const { images } = await pointingGame({ shape: [1, 3, 4], maps }, [
          { mask: marked.map(Number) },
        ]);
        const part = marked.filter(Boolean).length / 12;
        if (part === 0) expect(images[0]).toBeUndefined();
        else expect(images[0]?.energy).toBeCloseTo(part, 6);
      }),
    );
  });
});
