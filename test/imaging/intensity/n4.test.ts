import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Image, Triple } from "../../../src/base/index.ts";
import { correctBiasField } from "../../../src/imaging/intensity/n4/bias-field.ts";
import { biasedHead, pixels } from "./generated.ts";

interface Case {
  size: Triple;
  levels: number;
  seed: number;
  /** Indices of the voxels whose log field is compared. */
  voxels: number[];
  logField: number[];
}

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("expected/n4.json", import.meta.url), "utf8"),
);

describe("N4", () => {
  it.each(cases)(
    "finds the log field that ITK 5.2 finds within 1e-4: $size, $levels levels",
    async (expected) => {
      const { size, levels, seed, voxels, logField } = expected;
      const { values, mask } = biasedHead(size, seed);
      const { field } = await correctBiasField(pixels(size, values), {
        mask: pixels(size, mask),
        shrink: 1,
        iterations: Array<number>(levels).fill(50),
      });
      const apart = voxels.map((voxel, at) => Math.abs(Math.log(field.data[voxel]) - logField[at]));
      expect(Math.max(...apart)).toBeLessThan(1e-4);
    },
  );

  it("recovers a known field from a thinned-out image, up to a constant", async () => {
    const size = [64, 60, 48] as const;
    const { values, mask, field: truth } = biasedHead(size, 3);
    const { field, image } = await correctBiasField(pixels(size, values), { shrink: 2 });
    const log = Float64Array.from(truth, (true_, at) => Math.log(field.data[at] / true_));
    expect(spreadWithin(log, mask)).toBeLessThan(0.015);
    const white = Uint8Array.from(mask, (_, at) => (values[at] / truth[at] > 550 ? 1 : 0));
    const noiseAlone = variation(
      values.map((value, at) => value / truth[at]),
      white,
    );
    expect(variation(values, white)).toBeGreaterThan(3 * noiseAlone);
    expect(variation(image.data, white)).toBeLessThan(1.1 * noiseAlone);
  });

  it("leaves an image without a field nearly as it is", async () => {
    const size = [40, 40, 32] as const;
    const { values, mask, field } = biasedHead(size, 4);
    const flat = Float32Array.from(values, (value, at) => value / field[at]);
    const found = await correctBiasField(pixels(size, flat), { mask: pixels(size, mask) });
    expect(spreadWithin(Float64Array.from(found.field.data, Math.log), mask)).toBeLessThan(0.02);
  });

  it("corrects channels by themselves, slices as volumes, and says what it divided by", async () => {
    const size = [40, 36, 1] as const;
    const one = biasedHead(size, 5).values;
    const both = new Float32Array(2 * one.length);
    both.set(one);
    both.set(
      one.map((value) => 3 * value),
      one.length,
    );
    const image = pixels(size, both, [{ name: "echo", size: 2 }]);
    const { image: after, field } = await correctBiasField(image, { iterations: [20, 20] });
    expect(after.channels).toEqual(image.channels);
    expect(after.data[700] * field.data[700]).toBeCloseTo(both[700], 2);
    expect(after.data[one.length + 700] / after.data[700]).toBeCloseTo(3, 4);
  });

  it("gives the same bits on one thread and in workers, a channel each", async () => {
    const size = [40, 36, 28] as const;
    const heads = [7, 8].map((seed) => biasedHead(size, seed).values);
    const both = new Float32Array(2 * heads[0].length);
    for (const [channel, head] of heads.entries()) both.set(head, channel * head.length);
    const image = pixels(size, both, [{ name: "echo", size: 2 }]);
    const options = { shrink: 1, iterations: [4, 4] };
    const here = await correctBiasField(image, { ...options, threads: 1 });
    const stages = new Set<string>();
    const there = await correctBiasField(image, {
      ...options,
      threads: 2,
      onProgress: ({ stage }) => stages.add(stage),
    });
    expect([...stages]).toEqual(["Finding bias fields"]);
    expect(there).toEqual(here);
    const alone = await correctBiasField(pixels(size, heads[1]), options);
    expect(there.image.data.subarray(heads[0].length)).toEqual(alone.image.data);
  });

  it("refuses an image without positive values, and stops when told to", async () => {
    const nothing = pixels([4, 4, 4], new Float32Array(64));
    await expect(correctBiasField(nothing)).rejects.toThrow(/nothing to find a bias field from/);
    const size = [24, 24, 24] as const;
    const image = pixels(size, biasedHead(size, 6).values);
    const signal = AbortSignal.abort();
    await expect(correctBiasField(image, { signal })).rejects.toMatchObject({ code: "cancelled" });
  });
});

function variation(values: Image["data"], mask: Uint8Array): number {
  const inside = Float64Array.from(values).filter((_, at) => mask[at] === 1);
  const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
  return spreadWithin(Float64Array.from(values), mask) / mean;
}

function spreadWithin(values: Float64Array, mask: Uint8Array): number {
  const inside = values.filter((_, at) => mask[at] === 1);
  const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
  return Math.sqrt(inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length);
}
