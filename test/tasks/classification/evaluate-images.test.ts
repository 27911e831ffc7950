import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImageDataset } from "../../../src/datasets/index.ts";
import { writePng } from "../../../src/formats/index.ts";
import type { OrdinalJudgement } from "../../../src/statistics/index.ts";
import { openImageModel } from "../../../src/tasks/classification/image-model.ts";
import { knownInWords } from "../../../src/tasks/classification/known-images.ts";
import { matchLabels } from "../../../src/tasks/classification/match-labels.ts";
import {
  hashOfPixels,
  writeTrainingImages,
} from "../../../src/tasks/classification/training-images.ts";
import { evaluateImages, predictImageFiles } from "../../../src/tasks/index.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { drawImages, smallBundle } from "./small-model.ts";

let folder: string;
let model: string;
const at = (...parts: string[]) => join(folder, ...parts);
const images = drawImages(12);

function writeFilm(path: string, index: number): void {
  const { geometry, data } = images[index];
  const [width, height] = geometry.size;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, writePng({ width, height, channels: 1, depth: 8, data }));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-evaluate-images-"));
  model = at("model.roentgen");
  writeFileSync(model, await smallBundle());
  for (let index = 0; index < 12; index++) {
    writeFilm(at("films", index % 3 === 0 ? "Bright" : "plain", `film-${index}.png`), index);
    writeFilm(
      at("sides", index < 6 ? "train" : "test", index % 2 ? "bright" : "plain", `${index}.png`),
      index,
    );
    writeFilm(at("strange", index % 2 ? "bright" : "dark", `${index}.png`), index);
  }
  writeFileSync(at("films", "plain", "broken.png"), "\x89PNG\r\n\x1a\n and so on");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("judging a model of images", () => {
  it("matches classes by name and judges what the model predicts with its threshold", async () => {
    const evaluated = await evaluateImages(model, { data: at("films"), resamples: 200 });
    const { judgement, coverage, unreadable, metrics } = evaluated;
    const byImage = judgement?.byImage;
    if (byImage?.task !== "classification") throw new Error("no classes were judged");
    const predicted = await predictImageFiles(model, [at("films")]);
    const rows = predicted.rows();
    const right = rows.filter(({ path, predicted: name }) =>
      String(path).toLowerCase().includes(`/${name}/`),
    );
    expect(byImage.n).toBe(12);
    expect(byImage.figures.accuracy?.value).toBeCloseTo(right.length / 12, 12);
    const held = rows.filter(({ path, set }) =>
      (set as string[]).some((name) => String(path).toLowerCase().includes(`/${name}/`)),
    );
    expect(coverage?.coverage.value).toBeCloseTo(held.length / 12, 12);
    expect(unreadable.map(({ path }) => path)).toEqual([expect.stringContaining("broken.png")]);
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(["test", "subgroups", "coverage"]));
  });

  it("takes the test side alone where the data name one", async () => {
    const { judgement, notes } = await evaluateImages(model, { data: at("sides"), resamples: 200 });
    expect(judgement?.byImage.n).toBe(6);
    expect(notes).toContain("Judged on the test side alone, 6 of 12 images.");
  });

  it("refuses classes that the model does not know, by name", async () => {
    const work = evaluateImages(model, { data: at("strange") });
    await expect(work).rejects.toThrow('expected "plain", "bright", found "dark"');
  });

  it("reads the labels that the model learnt, wherever other columns look like labels", async () => {
    const rows = Array.from({ length: 12 }, (_, index) => {
      const name = index % 3 === 0 ? "Bright" : "plain";
      return `${name}/film-${index}.png,p${index % 4},${index % 2},${name},${index < 6 ? "a" : "b"}`;
    });
    const table = ["image,patient,diagnosis,brightness,site", ...rows].join("\n");
    writeFileSync(at("films", "listed.csv"), `${table}\n`);
    const options = { data: at("films", "listed.csv"), resamples: 100 };
    const { judgement } = await evaluateImages(model, { ...options, subgroups: ["site"] });
    const byImage = judgement?.byImage;
    if (byImage?.task !== "classification") throw new Error("no classes were judged");
    expect(byImage.counts).toEqual([8, 4]);
    expect(byImage.patients).toBe(4);
    // Subgroups are judged at the model's threshold, as the whole is.
    const [{ rows: sites }] = judgement?.subgroups ?? [];
    const right = sites.reduce((sum, { n, figures }) => {
      const { accuracy } = figures as typeof byImage.figures;
      return sum + n * (accuracy?.value ?? Number.NaN);
    }, 0);
    expect(right / 12).toBeCloseTo(byImage.figures.accuracy?.value ?? Number.NaN, 12);
    const alone = await evaluateImages(model, { ...options, patient: false });
    expect(alone.judgement?.byImage.patients).toBe(12);
    expect(alone.judgement?.byPatient).toBeUndefined();
    await expect(evaluateImages(model, { ...options, subgroups: ["scanner"] })).rejects.toThrow(
      'There is no column "scanner"',
    );
    rmSync(at("films", "listed.csv"));
  });

  it("warns of images that a run learnt from, whatever they are called now", async () => {
    mkdirSync(at("run"));
    writeFileSync(at("run", "model.roentgen"), await smallBundle());
    const opened = await openImageModel(model);
    const known = await Promise.all(
      [0, 1, 2].map(async (index) => ({
        name: `scan-${index}`,
        path: `scan-${index}`,
        side: index < 2 ? ("train" as const) : ("validation" as const),
        truth: "plain",
        pixels: await hashOfPixels(opened.prepare({ image: images[index] })),
      })),
    );
    await opened.close();
    writeFileSync(at("run", "training-images.safetensors"), writeTrainingImages({ images: known }));
    const options = { data: at("films"), resamples: 100 };
    const evaluated = await evaluateImages(at("run"), options);
    expect(evaluated.known).toEqual({ of: 12, train: 2, validation: 1, patients: 0 });
    expect(evaluated.warnings).toEqual([
      expect.stringContaining("Of 12 images the model learnt from 2 and was calibrated on 1"),
    ]);
    expect(evaluated.metrics.known).toEqual(evaluated.known);
    expect((await evaluateImages(model, options)).warnings).toEqual([]);
  });

  it("warns of images that networks over folds learnt from, none of which was calibrated on alone", () => {
    const known = { of: 12, train: 9, validation: 0, patients: 0 };
    expect(knownInWords(known)).toEqual([
      expect.stringContaining("Of 12 images the model learnt from 9: the figures"),
    ]);
    expect(knownInWords({ ...known, train: 0 })).toEqual([]);
  });

  it("says of grades how far off they are, as the model gives them", async () => {
    const graded = at("graded.roentgen");
    const bundle = await smallBundle((stated) => ({
      ...stated,
      target: { ...stated.target, ordered: true } as typeof stated.target,
    }));
    writeFileSync(graded, bundle);
    const { judgement, metrics } = await evaluateImages(graded, {
      ...{ data: at("films"), resamples: 100 },
    });
    const { byImage } = judgement;
    if (byImage.task !== "classification") throw new Error("no classes were judged");
    const grades = metrics.grades as OrdinalJudgement;
    expect(grades.figures.accuracy.value).toBe(byImage.figures.accuracy?.value);
    expect(grades.confusion).toEqual(byImage.confusion);
    const { stdout } = await runInProcess(folder, ["evaluate", graded, at("films")]);
    expect(stdout).toContain("How far off its grades are");
  });

  it("is what roentgen evaluate shows", async () => {
    const { status, stdout, stderr } = await runInProcess(folder, ["evaluate", model, at("films")]);
    expect(status).toBe(0);
    expect(stdout).toContain("Judged on 12 images");
    expect(stdout).toContain("Prediction sets that hold the true class");
    expect(stderr).toContain("1 image could not be read");
    const json = await runInProcess(folder, ["evaluate", model, at("films"), "--json"]);
    expect(JSON.parse(json.stdout).test.n).toBe(12);
  });
});

describe("matching labels", () => {
  const labels = ["effusion", "nodule", "mass"].map((name) => ({
    name,
    threshold: { value: 0.5, rule: "half" },
  }));
  const model = { kind: "labels", name: "findings", labels } as const;
  const dataset = (
    target: ImageDataset["target"],
    ...truth: ImageDataset["samples"][number]["target"][]
  ) =>
    ({
      path: "films.csv",
      target,
      samples: truth.map((one, row) => ({ path: `${row}`, name: `${row}`, target: one })),
    }) as unknown as ImageDataset;

  it("brings findings into the model's order; those that the data lack are unknown", () => {
    const target = { kind: "labels", name: "x", labels: ["Mass", "effusion"] } as const;
    const { samples } = matchLabels(dataset(target, [1, 0], [Number.NaN, 1]), model);
    expect(samples.map((sample) => sample.target)).toEqual([
      [0, Number.NaN, 1],
      [1, Number.NaN, Number.NaN],
    ]);
  });

  it("refuses data of another kind", () => {
    const number = dataset({ kind: "number", name: "age" }, 3);
    expect(() => matchLabels(number, model)).toThrow(
      "expected findings that go together, found a measurement",
    );
    const age = { kind: "number", name: "age" } as const;
    expect(matchLabels(number, age)).toBe(number);
  });
});
