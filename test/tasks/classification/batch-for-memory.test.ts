// Trainings for which the memory is too small: the batch shrinks, stays so when they are gone on with, or they are refused.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  adamW,
  binaryCrossEntropy,
  buildArchitecture,
  fittingBatch,
} from "../../../src/networks/index.ts";
import { batchForMemory } from "../../../src/tasks/classification/batch-for-memory.ts";
import { saveImages } from "../../../src/tasks/classification/save-images.ts";
import { drawFolder } from "./drawn-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-memory-"));
const data = join(folder, "data");
const SIDE = 32;
const asked = {
  ...{ data, epochs: 2, learningRate: 3e-3, size: SIDE, resamples: 100, gallery: 0 },
  augment: false,
};
const cpu = { device: "cpu", threads: 1 } as const;
const text = (run: string, name: string) => readFileSync(join(folder, run, name), "utf8");

const network = buildArchitecture("compact", {
  ...{ input: [1, SIDE, SIDE], classes: 1, output: "sigmoid", seed: 0 },
});
const step = { loss: binaryCrossEntropy(), optimiser: adamW(), clipNorm: 5 };

/** What a step with so many images needs. */
function needs(batchSize: number): number {
  const unlimited = { batchSize, mostBytes: Number.POSITIVE_INFINITY };
  return fittingBatch(network, { ...step, ...unlimited }).plannedBytes;
}
/** Holds a batch of 4, and not one of 8, which is what the recipe takes for so few images. */
const mostBytes = (needs(4) + needs(8)) / 2;

beforeAll(() => drawFolder(data, { each: 30 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a training for which the memory is too small", () => {
  it("takes half the batch, says so once, and goes on with it whatever is free then", {
    timeout: 120_000,
  }, async () => {
    const controller = new AbortController();
    const said: (string | undefined)[] = [];
    const broken = saveImages(join(folder, "run"), asked, {
      ...{ ...cpu, mostBytes, signal: controller.signal },
      onStart: ({ memoryNote }) => void said.push(memoryNote),
      onStep: ({ step }) => {
        if (step === 3) controller.abort();
      },
    });
    await expect(broken).rejects.toMatchObject({ code: "cancelled" });
    const note =
      /^Batches are of 4 images instead of 8: a step with 8 needs [\d,]+ MiB, more than the [\d,]+ MiB/;
    expect(said).toEqual([expect.stringMatching(note)]);
    const { trained } = await saveImages(join(folder, "run"), asked, {
      ...cpu,
      onStart: ({ memoryNote }) => void said.push(memoryNote),
    });
    expect(said[1]).toBe(said[0]);
    const [{ stages, history }] = trained.members;
    expect(stages[0].batchSize).toBe(4);
    expect(history[0].step).toBe(Math.ceil(trained.split.train.length / 4));
    expect(trained.notes.filter((one) => one === said[0])).toHaveLength(1);
    expect(text("run", "report.html")).toContain("Batches are of 4 images instead of 8");
    expect(text("run", "metrics.json")).not.toContain("instead of 8");
  });

  it("gives the figures of one that asked for the smaller batch", {
    timeout: 120_000,
  }, async () => {
    await saveImages(join(folder, "small"), { ...asked, batchSize: 4 }, cpu);
    const predictions = text("small", "predictions.csv");
    expect(text("run", "predictions.csv")).toBe(predictions);
  });

  it.each([
    [
      { ...asked, batchSize: 16 },
      mostBytes,
      "A training step with 16 images does not fit the memory",
      /--batch 4/,
    ],
    [asked, 2 ** 10, "A training step of this network .* even with one image", /--size/],
  ])("is refused before its first step: %#", async (options, limit, problem, remedy) => {
    const steps: unknown[] = [];
    const refused = saveImages(join(folder, "no"), options, {
      ...{ ...cpu, mostBytes: limit },
      onStep: (record) => void steps.push(record),
    });
    await expect(refused).rejects.toMatchObject({
      ...{ name: "RoentgenError", code: "too-large" },
      message: expect.stringMatching(problem),
      detail: { remedy: expect.stringMatching(remedy) },
    });
    expect(steps).toEqual([]);
    expect(existsSync(join(folder, "no", "metrics.json"))).toBe(false);
  });
});

describe("batchForMemory", () => {
  const asRecipe = { ...step, batchSize: 8, isBatchAsked: false };
  const asAsked = { ...asRecipe, isBatchAsked: true };

  it("leaves part of what is free to what no plan knows, unless it was asked not to", () => {
    const recipe = (freeBytes: number) => batchForMemory(network, { ...asRecipe, freeBytes });
    const asked = (batchSize: number, freeBytes: number) =>
      batchForMemory(network, { ...asAsked, batchSize, freeBytes });
    expect(recipe(1.1 * needs(8)).batchSize).toBeLessThan(8);
    expect(asked(8, 1.1 * needs(8))).toEqual({ batchSize: 8 });
    expect(recipe(2 * needs(8))).toEqual({ batchSize: 8 });
    expect(recipe(1.1 * needs(1))).toMatchObject({ batchSize: 1 });
    expect(() => asked(64, 1.1 * needs(1))).toThrow("Take --batch 1, which fits");
    expect(() => recipe(0.9 * needs(1))).toThrow("even with one image");
  });
});
