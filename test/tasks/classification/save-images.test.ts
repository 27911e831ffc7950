import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBundle } from "../../../src/study/index.ts";
import { evaluateImages } from "../../../src/tasks/classification/evaluate-images.ts";
import { predictImageFiles } from "../../../src/tasks/classification/predict-image-files.ts";
import { saveImages } from "../../../src/tasks/classification/save-images.ts";
import { drawFolder } from "./drawn-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-images-"));
const data = join(folder, "data");
const asked = { data, epochs: 2, learningRate: 3e-3, size: 32, resamples: 100, gallery: 4 };
const text = (run: string, name: string) => readFileSync(join(folder, run, name), "utf8");

beforeAll(() => {
  drawFolder(data, { each: 40 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the bundle says of the files that were held out is what the run's predictions.csv says. */
async function expectSamePredictions(bundle: string, predictions: string): Promise<void> {
  const [head, ...lines] = readFileSync(predictions, "utf8").trim().split("\n");
  const [image, ring] = ["image", "probability_ring"].map((name) => head.split(",").indexOf(name));
  const rows = lines.map((line) => line.split(","));
  const paths = rows.map((row) => join(data, row[image]));
  const { predictions: found } = await predictImageFiles(bundle, paths, { device: "cpu" });
  for (const [at, prediction] of found.entries()) {
    if (prediction.kind !== "classes") throw new Error(prediction.kind);
    expect(Math.abs(prediction.probabilities[1] - Number(rows[at][ring]))).toBeLessThan(2e-6);
  }
}

describe("saveImages", () => {
  it("keeps a judged classifier of a folder of images", { timeout: 120_000 }, async () => {
    const { trained, files } = await saveImages(join(folder, "run"), asked, { device: "cpu" });
    expect(trained.judgement.byImage.n).toBe(16);
    expect(trained.members.map(({ history }) => history.length)).toEqual([2]);
    expect(text("run", "predictions.csv").split("\n")[0]).toContain("probability_ring");
    expect(JSON.parse(text("run", "config.json")).settings).toMatchObject({ epochs: 2, size: 32 });
    const bundle = await readBundle(new Uint8Array(readFileSync(files.bundle)), files.bundle);
    expect(bundle.manifest).toMatchObject({ kind: "image", target: { kind: "classes" } });
    expect(existsSync(join(folder, "run", "checkpoints", "last.safetensors"))).toBe(true);
    await expectSamePredictions(files.bundle, files.predictions);
    const { known, warnings } = await evaluateImages(join(folder, "run"), { data, resamples: 100 });
    const { train, validation } = trained.split;
    expect(known).toEqual({
      ...{ of: 80, train: train.length, validation: validation.length, patients: 0 },
    });
    expect(warnings).toHaveLength(1);
    expect(bundle.manifest.data[0].name).toBe("data");
    const report = text("run", "report.html");
    expect(report).toContain("Learnt from data: 80 images");
    expect(report).toContain("Sets that hold the true class");
    expect(report).toContain("This report holds images");
    const pictures = report.match(/src="data:image\/png;base64,[\w+/=]{200,}"/g);
    const near = report.match(/nearest learnt from: (?:disc|ring) \(/g) ?? [];
    expect(pictures).toHaveLength(asked.gallery + near.length);
    expect(report.includes("Below a mistake stand")).toBe(near.length > 0);
    expect(report).toMatch(/predicted: (?:disc|ring) \([01]\.\d{3}\)<br>set: (?:disc|ring)/);
    expect(report).not.toMatch(/(?:src|href)="(?!#|data:)/);
  });

  it("gives the same figures when it was interrupted", { timeout: 120_000 }, async () => {
    const controller = new AbortController();
    const broken = saveImages(join(folder, "again"), asked, {
      device: "cpu",
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 3) controller.abort();
      },
    });
    await expect(broken).rejects.toMatchObject({ code: "cancelled" });
    expect(existsSync(join(folder, "again", "metrics.json"))).toBe(false);
    let resumed: boolean | undefined;
    await saveImages(join(folder, "again"), asked, {
      device: "cpu",
      onPrepared: (_, details) => {
        resumed = details.resumes;
      },
    });
    expect(resumed).toBe(true);
    for (const name of ["metrics.json", "predictions.csv"]) {
      expect(text("again", name)).toBe(text("run", name));
    }
  });

  it("lists unreadable images and goes on", { timeout: 120_000 }, async () => {
    writeFileSync(
      join(data, "ring", "broken.png"),
      readFileSync(join(data, "ring", "0.png")).subarray(0, 90),
    );
    const { trained } = await saveImages(
      join(folder, "broken"),
      { ...asked, epochs: 1, gallery: 0 },
      { device: "cpu" },
    );
    expect(text("broken", "report.html")).not.toMatch(/<img|holds images/);
    expect(trained.judgement.byImage.n).toBe(16);
    expect(trained.unreadable.map(({ path }) => path).join()).toContain("broken.png");
    expect(text("broken", "report.html")).toMatch(/1 image could not be read.*\n.*broken\.png/);
    rmSync(join(data, "ring", "broken.png"));
  });

  it("touches nothing of others in a folder, and lets a finished run be done again", {
    timeout: 120_000,
  }, async () => {
    const run = join(folder, "shared");
    for (const name of ["images", "checkpoints"]) mkdirSync(join(run, name), { recursive: true });
    const own = [join(run, "images", "mine.png"), join(run, "checkpoints", "mine.txt")];
    for (const path of own) writeFileSync(path, "mine");
    const few = join(folder, "few");
    drawFolder(few, { each: 12 });
    const lean = { model: "cnn", flips: "none" } as const;
    const short = { ...asked, ...lean, data: few, epochs: 1, gallery: 0 };
    /** One thread, since such small steps wait for each other more than they gain. */
    const cpu = { device: "cpu", threads: 1 } as const;
    await saveImages(run, short, cpu);
    await saveImages(run, short, cpu);
    await saveImages(run, { ...short, seed: 1 }, { ...cpu, force: true });
    for (const path of own) expect(readFileSync(path, "utf8")).toBe("mine");
    expect(readdirSync(join(run, "images"))).toEqual(["mine.png"]);
    await expect(saveImages(run, short, cpu)).rejects.toMatchObject({ code: "write-failed" });
    expect(readdirSync(join(run, "images"))).toEqual(["mine.png"]);
  });

  it("refuses one class alone", async () => {
    const alone = join(folder, "alone");
    drawFolder(alone, { each: 12, classes: ["disc"] });
    await expect(saveImages(join(folder, "no"), { ...asked, data: alone })).rejects.toMatchObject({
      name: "RoentgenError",
    });
    expect(existsSync(join(folder, "no", "metrics.json"))).toBe(false);
  });
});
