import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { buildArchitecture, parametersOf } from "../../../src/networks/index.ts";
import { encodeModel, openSession } from "../../../src/onnx/index.ts";
import { readBundle } from "../../../src/study/index.ts";
import { openEarlierRun } from "../../../src/tasks/classification/earlier-run.ts";
import {
  type SaveImagesOptions,
  saveImages,
} from "../../../src/tasks/classification/save-images.ts";
import { drawFolder } from "./drawn-folder.ts";
import { smallBundle } from "./small-model.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-earlier-"));
const SIZE = 32;
const work = { device: "cpu", threads: 1 } as const;
const common = { learningRate: 3e-3, resamples: 100, gallery: 0 };
const earlier = join(folder, "earlier");
const small = join(folder, "small");
const asked = { ...common, data: small, weights: earlier, epochs: 2 };
const text = (run: string, name: string) => readFileSync(join(folder, run, name), "utf8");
const trainIn = (run: string, options: object = {}, given: SaveImagesOptions = {}) =>
  saveImages(join(folder, run), { ...asked, ...options }, { ...work, ...given });

beforeAll(async () => {
  drawFolder(join(folder, "many"), { each: 30 });
  drawFolder(small, { each: 20, classes: ["first", "second", "third"] });
  const data = join(folder, "many");
  // Features that are averaged over mirrored copies would not be those of the network alone.
  await saveImages(
    earlier,
    { ...common, data, epochs: 1, size: SIZE, testTimeAugmentation: "off" },
    work,
  );
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function featuresOf(model: Uint8Array, name: string, data: Float32Array) {
  const session = await openSession(model, work);
  const shape = [1, 1, SIZE, SIZE];
  const found = await session.run({ [session.inputNames[0]]: { type: "float32", shape, data } });
  await session.close();
  return found[name].data as Float32Array;
}

describe("openEarlierRun", () => {
  it("takes the network as it was trained, without what deployment put around it", async () => {
    const { network, scaling, input, model } = await openEarlierRun(earlier);
    expect({ input, model }).toEqual({ input: [1, SIZE, SIZE], model: "compact" });
    const built = buildArchitecture("compact", { input: [1, SIZE, SIZE], includeTop: false });
    const names = (of: typeof built) => parametersOf(of).map(({ name }) => name);
    expect(names(network)).toEqual(names(built));
    expect(network.model.graph.inputs).toHaveLength(1);
    expect(network.model.graph.outputs).toHaveLength(1);
    const random = randomStream({ seed: 1, purpose: "pixels" });
    const pixels = Float32Array.from({ length: SIZE * SIZE }, () => random.uniform());
    const scaled = pixels.map((pixel) => (pixel - scaling.mean[0]) / scaling.deviation[0]);
    const bundle = await readBundle(new Uint8Array(readFileSync(join(earlier, "model.roentgen"))));
    const [{ name }] = network.model.graph.outputs;
    const own = await featuresOf(encodeModel(network.model), name, scaled);
    const deployed = await featuresOf(bundle.model, "features", pixels);
    expect(own).toHaveLength(256);
    for (const [at, value] of own.entries()) expect(value).toBeCloseTo(deployed[at], 4);
  });

  it("takes a bundle as well as its run", async () => {
    const [run, bundle] = await Promise.all(
      [earlier, join(earlier, "model.roentgen")].map(openEarlierRun),
    );
    expect(bundle.network.model).toEqual(run.network.model);
  });

  it("says what a bundle lacks", async () => {
    const path = join(folder, "other.roentgen");
    writeFileSync(path, await smallBundle());
    await expect(openEarlierRun(path)).resolves.toMatchObject({ model: "cnn" });
    await expect(openEarlierRun(folder)).rejects.toMatchObject({ name: "RoentgenError" });
  });
});

describe("training from an earlier run", () => {
  it("teaches a new head, then all", { timeout: 120_000 }, async () => {
    const { trained } = await trainIn("run");
    const [{ stages, history, initial }] = trained.members;
    const [head, all] = stages;
    expect(head).toMatchObject({ title: "the new head", hasFeatures: true, firstEpoch: 1 });
    expect(all).toMatchObject({ title: "all", hasFeatures: false, firstEpoch: 3, lastEpoch: 4 });
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(trained.plan.preparation).toMatchObject({ size: [SIZE, SIZE], channels: 1 });
    const again = await openEarlierRun(join(folder, "run"));
    expect(again).toMatchObject({ model: "compact", scaling: initial.scaling });
    expect(text("run", "report.html")).toContain("the new head learnt");
  });

  it.each([
    ["in its first stage", 1],
    ["in its second stage", 3],
  ])(
    "gives the same figures when it was interrupted %s",
    { timeout: 120_000 },
    async (_, epoch) => {
      const name = `broken-${epoch}`;
      const controller = new AbortController();
      const onStep = (record: { readonly epoch: number }) => {
        if (record.epoch === epoch) controller.abort();
      };
      const broken = trainIn(name, {}, { signal: controller.signal, onStep });
      await expect(broken).rejects.toMatchObject({ code: "cancelled" });
      await trainIn(name);
      for (const file of ["metrics.json", "predictions.csv"]) {
        expect(text(name, file)).toBe(text("run", file));
      }
    },
  );

  it.each([
    ["what is frozen by name", { freeze: ["stem*"] }, [true, false]],
    ["it, without augmentation", { freeze: ["stem*"], augment: false }, [true, true]],
    ["all before the head", { freeze: ["features"] }, [true]],
  ])(
    "computes features once of %s only where no augmentation is lost",
    {
      timeout: 120_000,
    },
    async (_, options, expected) => {
      const { trained } = await trainIn(
        `frozen-${expected.length}`,
        { ...options, epochs: 1 },
        {
          force: true,
        },
      );
      expect(trained.members[0].stages.map(({ hasFeatures }) => hasFeatures)).toEqual(expected);
    },
  );

  it("refuses the earlier run's own folder", async () => {
    await expect(saveImages(earlier, asked, { ...work, force: true })).rejects.toMatchObject({
      code: "bad-option",
      detail: { subject: "weights" },
    });
  });

  it.each([
    ["size", { size: 64 }],
    ["model", { model: "cnn" }],
  ] as const)("refuses another %s", async (subject, options) => {
    await expect(trainIn("no", options)).rejects.toMatchObject({
      code: "bad-option",
      detail: { subject },
    });
  });
});
