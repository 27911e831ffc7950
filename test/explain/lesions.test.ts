import { beforeAll, describe, expect, it } from "vitest";
import {
  type Explanation,
  gradCam,
  integratedGradients,
  nearestImages,
  occlusion,
  openExplainer,
  pointingGame,
  randomisationCheck,
} from "../../src/explain/index.ts";
import type { Network } from "../../src/networks/index.ts";
import { lesionNetwork, lesionPatches, SIZE } from "./lesion-patches.ts";

const cpu = { device: "cpu" } as const;
const { inputs, targets, marks } = lesionPatches(80, "new patches");
let network: Network;

beforeAll(async () => {
  network = await lesionNetwork();
});

describe("A network that has learnt to see lesions", () => {
  const ways: Record<string, () => Promise<Explanation>> = {
    "Grad-CAM": () => gradCam(network, inputs, { ...cpu, classes: 1 }),
    "Grad-CAM++": () => gradCam(network, inputs, { ...cpu, classes: 1, variant: "grad-cam++" }),
    occlusion: () => occlusion(network, inputs, { ...cpu, classes: 1, patch: 5, stride: 2 }),
    "integrated gradients": () =>
      integratedGradients(network, inputs, { ...cpu, classes: 1, steps: 15 }),
  };

  it.each(Object.keys(ways))("is seen to look at them, clearly above chance: %s", async (way) => {
    const explanation = await ways[way]();
    const { hits, energy, chance, area, unmarked } = await pointingGame(explanation, marks);
    expect(unmarked).toBe(40);
    expect(hits.low).toBeGreaterThan(2 * chance);
    expect(energy.low).toBeGreaterThan(area);
  });

  it("has maps that change when its weights are random", async () => {
    const few = { shape: [12, 1, SIZE, SIZE], data: inputs.data.subarray(0, 12 * SIZE * SIZE) };
    const check = await randomisationCheck(network, few, { ...cpu, repeats: 4 });
    expect(check.verdict).toBe("passes");
    expect(check.stages.at(-1)?.layers).toBe(3);
  });

  it("fails the check with maps that do not hang on the weights", async () => {
    const few = { shape: [6, 1, SIZE, SIZE], data: inputs.data.subarray(0, 6 * SIZE * SIZE) };
    const edges = async (_: unknown, { shape: [count], data }: typeof few) => ({
      shape: [count, SIZE, SIZE],
      maps: data.map(Math.abs),
      maxima: new Float32Array(count).fill(1),
      ...{ classes: new Int32Array(count), scores: new Float32Array(count) },
    });
    const check = await randomisationCheck(network, few, { ...cpu, explain: edges as never });
    expect(check).toMatchObject({
      verdict: "fails",
      stages: [{}, {}, { rankCorrelation: { value: 1 } }],
    });
  });

  it("fails the check with maps that are the same everywhere", async () => {
    const few = { shape: [3, 1, SIZE, SIZE], data: inputs.data.subarray(0, 3 * SIZE * SIZE) };
    const even = async (_: unknown, { shape: [count] }: typeof few) => ({
      shape: [count, SIZE, SIZE],
      maps: new Float32Array(count * SIZE * SIZE).fill(1),
      maxima: new Float32Array(count).fill(1),
      ...{ classes: new Int32Array(count), scores: new Float32Array(count) },
    });
    const options = { ...cpu, stages: 1, repeats: 1, explain: even as never };
    expect((await randomisationCheck(network, few, options)).verdict).toBe("fails");
  });

  it("has features by which lesions are near lesions", async () => {
    const explainer = await openExplainer(network, cpu);
    const known = lesionPatches(60, "other patches");
    const [features, queries] = [
      await explainer.features(known.inputs),
      await explainer.features(inputs),
    ];
    await explainer.close();
    const { indices } = nearestImages(features, queries, { count: 3, distance: "euclidean" });
    const alike = indices.map(
      (rows, at) => rows.filter((row) => known.targets[row] === targets[at]).length,
    );
    expect(alike.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0.8 * 240);
  });
});
