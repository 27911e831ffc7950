// Embeddings of positions for images of another size, as PyTorch resamples them (expected/make-positions.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import {
  buildArchitecture,
  buildPretrained,
  parameterValues,
  resamplePositions,
  saveWeights,
} from "../../../src/networks/index.ts";
import { filled } from "../architectures/generated-weights.ts";

interface Case {
  readonly from: [number, number];
  readonly to: [number, number];
  readonly features: number;
  readonly values: number[];
  readonly result: number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("expected/positions.json", import.meta.url), "utf8"),
) as { cases: Case[] };

describe("embeddings of positions", () => {
  it.each(cases)("from $from to $to", ({ values, result, ...grids }) => {
    const found = resamplePositions(Float32Array.from(values), grids);
    expect(found).toHaveLength(result.length);
    for (const [at, one] of result.entries()) expect(found[at]).toBeCloseTo(one, 5);
  });

  it("of a file fit a network for images of another size, and the report says so", async () => {
    const shared = { classes: 2, initialise: false };
    const published = filled(buildArchitecture("vit_s16", { ...shared, input: [3, 48, 48] }));
    const file = memorySource(saveWeights(published), "vit.safetensors");
    const options = { ...shared, input: [3, 32, 64] };
    const { network, report } = await buildPretrained("vit_s16", file, {
      ...{ input: options.input, classes: 2 },
    });
    expect(report.notes).toContain(
      "pos_embed is for 2 × 4 patches, in the file for 3 × 3: it was resampled.",
    );
    const [before, after] = [published, network].map(parameterValues);
    const grids = { from: [3, 3], to: [2, 4], features: 384 } as const;
    const resampled = resamplePositions(before.pos_embed.data as Float32Array, grids);
    expect(after.pos_embed.data).toEqual(resampled);
    expect(after["blocks.3.attn.qkv.weight"].data).toEqual(before["blocks.3.attn.qkv.weight"].data);
  });
});
