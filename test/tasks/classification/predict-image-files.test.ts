import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import { loadImage } from "../../../src/datasets/index.ts";
import { readPng, writePng } from "../../../src/formats/index.ts";
import { convolution, dense, globalAveragePool, sequential } from "../../../src/networks/index.ts";
import { deployModel } from "../../../src/tasks/classification/deploy-model.ts";
import { openImageModel } from "../../../src/tasks/classification/image-model.ts";
import { packImageModel } from "../../../src/tasks/classification/pack-image-model.ts";
import { explainImageFiles, predictImageFiles, writePhantoms } from "../../../src/tasks/index.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { CLASSES, drawImages, smallBundle, statedOfModel } from "./small-model.ts";

let folder: string;
let model: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-predict-images-"));
  model = at("model.roentgen");
  writeFileSync(model, await smallBundle());
  mkdirSync(at("films", "more"), { recursive: true });
  for (const [index, { geometry, data }] of drawImages(9).entries()) {
    const [width, height] = geometry.size;
    const png = writePng({ width, height, channels: 1, depth: 8, data });
    writeFileSync(at("films", index < 6 ? "" : "more", `film-${index}.png`), png);
  }
  writeFileSync(at("broken.png"), readFileSync(at("films", "film-0.png")).subarray(0, 60));
  writeFileSync(at("films", "read me.txt"), "hello");
  const options = { size: 32, slices: 3 };
  await writePhantoms("brain-mri", at("dicom"), { count: 1, format: "dicom", options });
  await writePhantoms("brain-mri", at("brains"), { count: 1, options });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("predicting files of images", () => {
  it("gives a row an image of all below a folder, as the model gives them one by one", async () => {
    const { rows, table, notes, unreadable } = await predictImageFiles(model, [at("films")]);
    expect(rows().map(({ path }) => path)).toEqual(
      [0, 1, 2, 3, 4, 5]
        .map((index) => at("films", `film-${index}.png`))
        .concat([6, 7, 8].map((index) => at("films", "more", `film-${index}.png`))),
    );
    expect(unreadable).toEqual([]);
    expect(notes).toEqual([`1 file in the folders left out: ${at("films", "read me.txt")}.`]);
    expect(table.columns.map(({ name }) => name)).toEqual([
      "path",
      "predicted",
      ...CLASSES.map((name) => `probability_${name}`),
      "set",
      "distance",
      "unusual_share",
      "unusual",
    ]);
    const opened = await openImageModel(model);
    for (const row of rows()) {
      const source = memorySource(readFileSync(row.path as string), row.path as string);
      const [alone] = await opened.predict([await loadImage(source)]);
      if (alone.kind !== "classes") throw new Error(alone.kind);
      expect(row.predicted).toBe(alone.predicted);
      expect(row.probability_bright).toBeCloseTo(alone.probabilities[1], 6);
      expect(row.set).toEqual(alone.set);
      expect(row.unusual).toBe(alone.unusual);
    }
    await opened.close();
  });

  it("gives the same with any number of threads, as CSV and in files", async () => {
    for (let index = 0; index < 60; index++) {
      cpSync(at("films", `film-${index % 6}.png`), at("many", `${index}.png`));
    }
    const one = await predictImageFiles(model, [at("many")], { threads: 1 });
    const two = await predictImageFiles(model, [at("many")], {
      threads: 2,
      out: at("predictions.csv"),
    });
    expect(two.csv()).toBe(one.csv());
    expect(readFileSync(at("predictions.csv"), "utf8")).toBe(one.csv());
    const again = predictImageFiles(model, [at("many")], { out: at("predictions.csv") });
    await expect(again).rejects.toThrow("There is a file");
  }, 120_000);

  it("reads DICOM and NIfTI, and says that of volumes it saw one slice", async () => {
    const { rows, notes } = await predictImageFiles(model, [
      at("dicom", "images"),
      at("brains", "images"),
    ]);
    expect(rows().length).toBeGreaterThan(1);
    expect(notes.join()).toContain("with several slices: the model looked at the middle one");
  });

  it("predicts what it can and lists what it can't", async () => {
    const files = [at("films", "film-0.png"), at("broken.png"), at("films", "read me.txt")];
    const { paths, unreadable } = await predictImageFiles(model, files);
    expect(paths).toEqual([files[0]]);
    expect(unreadable.map(({ path }) => path)).toEqual(files.slice(1));
    await expect(predictImageFiles(model, [files[1]])).rejects.toThrow(
      /^Cannot read .*\.png: expected chunks/,
    );
    await expect(predictImageFiles(model, [at("nothing")])).rejects.toThrow("no file or folder");
    mkdirSync(at("empty"), { recursive: true });
    await expect(predictImageFiles(model, [at("empty")])).rejects.toThrow("nothing to look at");
  });

  it("draws what the model looked at", async () => {
    const films = [at("films", "film-0.png"), at("films", "film-1.png")];
    const { overlays } = await predictImageFiles(model, films, { overlays: at("seen") });
    expect(overlays).toEqual([at("seen", "film-0.overlay.png"), at("seen", "film-1.overlay.png")]);
    const [first, second] = await Promise.all(overlays.map((path) => readPng(readFileSync(path))));
    expect(first.picture.channels).toBe(3);
    expect(first.picture.data).not.toEqual(second.picture.data);
    const again = predictImageFiles(model, films, { overlays: at("seen") });
    await expect(again).rejects.toThrow("There is a file");
  });

  it("draws what spoke for the class that is predicted, where a threshold makes it the less probable one", async () => {
    const film = at("films", "film-0.png");
    for (const value of [0, 1]) {
      const bundle = await smallBundle(({ target, ...stated }) => ({
        ...stated,
        target: { ...target, threshold: { value, rule: "asked" } } as typeof target,
      }));
      const decided = at(`threshold-${value}.roentgen`);
      writeFileSync(decided, bundle);
      const { predictions, overlays } = await predictImageFiles(decided, [film], {
        overlays: at(`decided-${value}`),
      });
      const explained = CLASSES[1 - value];
      expect(predictions).toMatchObject([{ predicted: explained }]);
      const { images } = await explainImageFiles(decided, [film], {
        ...{ out: at(`explained-${value}`), explained },
      });
      expect(readFileSync(overlays[0])).toEqual(readFileSync(images[0].overlay));
    }
  });

  it("takes a folder of DICOM slices as one volume where the model takes volumes", async () => {
    const network = sequential(
      [convolution({ filters: 2, kernel: 3 }), globalAveragePool(), dense({ units: 2 })],
      { input: [1, 6, 8, 8], seed: 1 },
    );
    const { distance: _, conformal: __, unusual: ___, ...stated } = await statedOfModel();
    const preparation = { ...stated.input.preparation, size: [6, 8, 8] };
    const target = { kind: "classes", classes: [...CLASSES] } as const;
    const deployed = deployModel({ network, target, calibration: stated.calibration });
    const solid = { ...stated, input: { preparation } };
    const { bundle } = await packImageModel(deployed, solid);
    writeFileSync(at("solid.roentgen"), bundle);
    await writePhantoms("brain-mri", at("series"), {
      count: 2,
      format: "dicom",
      options: { size: 32, slices: 6 },
    });
    const { paths, unreadable } = await predictImageFiles(at("solid.roentgen"), [
      at("series", "images"),
    ]);
    expect(unreadable).toEqual([]);
    expect(paths.length).toBe(2);
    expect(paths.every((path) => !path.endsWith(".dcm"))).toBe(true);
  });
});

describe("roentgen summary and inspect", () => {
  it.each(["summary", "inspect"])(
    "%s shows what a bundle of an image model takes",
    async (name) => {
      const { status, stdout } = await runInProcess(folder, [name, model]);
      expect(status).toBe(0);
      expect(stdout).toContain("classification of brightness (plain, bright)");
      expect(stdout).toMatch(/size +16 × 16, grey, stretch/);
      expect(stdout).toContain("bright from 0.4 on (youden)");
      const json = await runInProcess(folder, [name, model, "--json"]);
      expect(JSON.parse(json.stdout).use.length).toBeGreaterThan(4);
    },
  );
});

describe("roentgen predict on images", () => {
  it("writes CSV or JSON, and tells by its exit code that a file could not be read", async () => {
    const good = at("films", "film-0.png");
    const csv = await runInProcess(folder, ["predict", model, good]);
    expect(csv.status).toBe(0);
    expect(csv.stdout.split("\n")[0]).toContain("path,predicted,probability_plain");
    const json = await runInProcess(folder, ["predict", model, good, at("broken.png"), "--json"]);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout.split("\n")[0])).toHaveLength(1);
    expect(json.stderr).toContain("broken.png");
    expect(json.stderr).toContain("1 of 2 images could not be read");
  });
});
