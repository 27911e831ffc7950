// A training in folds: what is deployed is the mean of its networks, calibrated on what each had not seen.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeModel, type OnnxModel, openSession } from "../../../src/onnx/index.ts";
import { type SavedImages, saveImages } from "../../../src/tasks/classification/save-images.ts";
import { drawFolder } from "./drawn-folder.ts";

const FOLDS = 3;
const folder = mkdtempSync(join(tmpdir(), "roentgen-folds-"));
const data = join(folder, "data");
const asked = {
  ...{ data, folds: FOLDS, epochs: 2, learningRate: 3e-3, size: 32, resamples: 100, gallery: 2 },
  flips: "none" as const,
};
/** One thread, since such small steps wait for each other more than they gain. */
const cpu = { device: "cpu", threads: 1 } as const;
const text = (run: string, name: string) => readFileSync(join(folder, run, name), "utf8");
let saved: SavedImages;
let pixels: { shape: readonly number[]; data: Float32Array };

beforeAll(async () => {
  drawFolder(data, { each: 36 });
  saved = await saveImages(join(folder, "run"), asked, {
    ...cpu,
    onPrepared({ store, split }) {
      const rows = [...split.test].map((row) => store.read(row));
      const all = Float32Array.from(rows.flatMap((row) => [...row]));
      pixels = { shape: [rows.length, ...store.shape], data: all };
    },
  });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a training in folds", () => {
  it("leaves each image out of one network, and none of a test image to any", () => {
    const { folds, split } = saved.trained;
    expect(folds).toHaveLength(FOLDS);
    const left = folds.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b);
    expect(left).toEqual([...split.train]);
    for (const { train, validation } of folds) {
      expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...split.train]);
    }
    const test = new Set(split.test);
    expect(split.train.some((row) => test.has(row))).toBe(false);
  });

  it("deploys the mean of its networks, worked out outside of it", async () => {
    const { members, deployed, predictions, calibration } = saved.trained;
    const { scaling } = members[0].initial;
    const scaled = pixels.data.map(
      (value) => (value * scaling.factor - scaling.mean[0]) / scaling.deviation[0],
    );
    const logits = new Float64Array(pixels.shape[0]);
    for (const { network } of members) {
      const session = await openSession(encodeModel(network.model), cpu);
      const input = { type: "float32" as const, shape: pixels.shape, data: scaled };
      const [output] = Object.values(await session.run({ [session.inputNames[0]]: input }));
      await session.close();
      // The network ends in a sigmoid.
      for (const [row, p] of [...(output.data as Float32Array)].entries()) {
        logits[row] += Math.log(p / (1 - p)) / members.length;
      }
    }
    const temperature = calibration?.temperature?.temperature ?? 1;
    expect(deployed.members).toBe(FOLDS);
    for (const [row, logit] of logits.entries()) {
      const expected = 1 / (1 + Math.exp(-logit / temperature));
      expect(Math.abs(predictions.scores[2 * row + 1] - expected)).toBeLessThan(1e-4);
    }
  });

  it("trains networks that differ", () => {
    const losses = saved.trained.members.map(({ history }) => history[0].loss);
    expect(new Set(losses).size).toBe(FOLDS);
  });

  it("calibrates on every image that is learnt from, and promises no more than is proven", () => {
    const { calibration, split } = saved.trained;
    expect(calibration?.temperature?.n).toBe(split.train.length);
    expect(calibration?.conformal).toMatchObject({ rows: split.train.length, folds: FOLDS });
    expect(calibration?.conformal?.promise).toMatch(/meant to hold.*at least 80 % less/);
    expect(calibration?.conformal?.thresholds[0].likelyCoverage.low).toBeNull();
  });

  it("keeps each network's checkpoints, curves and course", () => {
    for (let at = 1; at <= FOLDS; at++) {
      const path = join(folder, "run", "checkpoints", `network-${at}`, "last.safetensors");
      expect(existsSync(path)).toBe(true);
    }
    const metrics = JSON.parse(text("run", "metrics.json"));
    expect(metrics.training).toHaveLength(FOLDS);
    const lines = text("run", "log.jsonl").trim().split("\n");
    const epochs = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "epoch");
    expect(epochs.map(({ network, epoch }) => [network, epoch])).toEqual(
      [1, 2, 3].flatMap((network) => [1, 2].map((epoch) => [network, epoch])),
    );
    const report = text("run", "report.html");
    expect(report).toContain("Network 3");
    expect(report).toContain("mean of 3 networks");
  });

  it("goes on where it was interrupted, in whichever network, to the same figures", {
    timeout: 240_000,
  }, async () => {
    for (const [network, step] of [
      [1, 3],
      [2, 2],
    ]) {
      const controller = new AbortController();
      const broken = saveImages(join(folder, "again"), asked, {
        ...cpu,
        signal: controller.signal,
        onStep: (record, place) => {
          if (place.number === network && record.step === step) controller.abort();
        },
      });
      await expect(broken).rejects.toMatchObject({ code: "cancelled" });
    }
    const trained: number[] = [];
    await saveImages(join(folder, "again"), asked, {
      ...cpu,
      onEpoch: (_, { number }) => void trained.push(number),
    });
    expect(trained).toEqual([2, 2, 3, 3]);
    for (const name of ["metrics.json", "predictions.csv"]) {
      expect(text("again", name)).toBe(text("run", name));
    }
  });

  it("computes features of a frozen backbone once for all networks, and deploys it once", {
    timeout: 240_000,
  }, async () => {
    const frozen = { ...asked, freeze: ["features"], epochs: 1, gallery: 0 };
    const { trained } = await saveImages(join(folder, "frozen"), frozen, cpu);
    expect(trained.members.every(({ stages }) => stages[0].hasFeatures)).toBe(true);
    const checkpoints = join(folder, "frozen", "checkpoints");
    expect(existsSync(join(checkpoints, "features.bin"))).toBe(true);
    expect(existsSync(join(checkpoints, "network-2", "features.bin"))).toBe(false);
    const convolutions = ({ graph }: OnnxModel) =>
      graph.nodes.filter(({ operator }) => operator === "Conv").length;
    const [{ network }] = trained.members;
    expect(convolutions(trained.deployed.model)).toBe(convolutions(network.model));
  });
});
