// MedNIST as it lies in ../shared/data: read, planned and split as it stands.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { planPreparation, readImageDataset, splitImages } from "../../../src/datasets/index.ts";

const mednist = fileURLToPath(new URL("../../../../shared/data/mednist", import.meta.url));

describe.skipIf(!existsSync(mednist))("MedNIST (skipped where ../shared/data is absent)", () => {
  it("is six classes of 500 grey images of 64 × 64, split evenly", async () => {
    const dataset = await readImageDataset(mednist);
    expect(dataset.target).toMatchObject({
      classes: ["AbdomenCT", "BreastMRI", "CXR", "ChestCT", "Hand", "HeadCT"],
    });
    expect(dataset.problems).toEqual([]);
    const { preparation, problems } = await planPreparation(dataset, { look: 12 });
    expect(problems).toEqual([]);
    expect(preparation).toEqual({
      ...{ size: [64, 64], channels: 1, fit: "stretch" },
      intensity: { kind: "type-range" },
    });
    const { train, validation, test } = splitImages(dataset);
    expect([train.length, validation.length, test.length]).toEqual([2040, 360, 600]);
  });
});
