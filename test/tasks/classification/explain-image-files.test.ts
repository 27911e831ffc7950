import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gradCam, mapOf } from "../../../src/explain/index.ts";
import { readPng, writePng } from "../../../src/formats/index.ts";
import { convolution, dense, globalAveragePool, sequential } from "../../../src/networks/index.ts";
import { decodeModel } from "../../../src/onnx/index.ts";
import { deployModel } from "../../../src/tasks/classification/deploy-model.ts";
import { openImageModel } from "../../../src/tasks/classification/image-model.ts";
import { packImageModel } from "../../../src/tasks/classification/pack-image-model.ts";
import {
  type TrainingImages,
  writeTrainingImages,
} from "../../../src/tasks/classification/training-images.ts";
import { explainImageFiles, explanationWays, writePhantoms } from "../../../src/tasks/index.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { CLASSES, drawImages, SIZE, smallBundle, statedOfModel } from "./small-model.ts";

let folder: string;
let model: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-explain-images-"));
  model = at("model.roentgen");
  writeFileSync(model, await smallBundle());
  mkdirSync(at("films", "more"), { recursive: true });
  for (const [index, { geometry, data }] of drawImages(5).entries()) {
    const [width, height] = geometry.size;
    const png = writePng({ width, height, channels: 1, depth: 8, data });
    writeFileSync(at("films", index < 3 ? `${index}.png` : join("more", `${index - 3}.png`)), png);
  }
  writeFileSync(at("broken.png"), readFileSync(at("films", "0.png")).subarray(0, 60));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("explaining files of images", () => {
  it("gives a picture and a row an image, of the class that is predicted", async () => {
    const { images, csv } = await explainImageFiles(model, [at("films")], { out: at("where") });
    expect(images.map(({ overlay }) => overlay)).toEqual(
      ["0", "1", "2", "0-2", "1-2"].map((name) => at("where", `${name}.overlay.png`)),
    );
    expect(csv().split("\n")[0]).toBe("path,predicted,explained,probability,evidence,x,y,overlay");
    const opened = await openImageModel(model);
    for (const one of images) {
      expect(one.explained).toBe(one.predicted);
      const { picture } = await readPng(readFileSync(one.overlay));
      // Small images are magnified, and the colours stand beside them.
      expect([picture.width, picture.height]).toEqual([14 * SIZE + 16, 14 * SIZE]);
    }
    await opened.close();
  });

  it("gives the evidence of the network and where it is largest, of a class by its name", async () => {
    const { images } = await explainImageFiles(model, [at("films", "1.png")], {
      ...{ out: at("named"), explained: "bright" },
    });
    const { bundle, prepare, close } = await openImageModel(model);
    const [, drawn] = drawImages(2);
    const data = prepare({ image: drawn });
    await close();
    const own = await gradCam(
      decodeModel(bundle.model),
      { shape: [1, 1, SIZE, SIZE], data },
      { classes: 1, device: "cpu" },
    );
    const [one] = images;
    expect(one.explained).toBe("bright");
    expect(one.evidence).toBeCloseTo(own.maxima[0], 5);
    if (one.x === null || one.y === null) expect(own.maxima[0]).toBe(0);
    else expect(mapOf(own, 0).data[one.y * SIZE + one.x]).toBeCloseTo(1, 5);
  });

  it.each(explanationWays)("explains by %s", async (way) => {
    const { images } = await explainImageFiles(model, [at("films", "0.png")], {
      ...{ out: at(way), way, explained: "plain" },
    });
    expect(images).toHaveLength(1);
    expect(images[0].probability).toBeGreaterThan(0);
  });

  it("checks that the maps hang on the weights", async () => {
    const { check } = await explainImageFiles(model, [at("films")], {
      ...{ out: at("checked"), check: true, explained: "bright" },
    });
    expect(check?.stages.at(-1)?.layers).toBe(3);
    expect(check?.reason).toMatch(/\./);
  });

  it("explains what it can and lists what it can't", async () => {
    const out = at("partly");
    const { images, unreadable } = await explainImageFiles(
      model,
      [at("films", "0.png"), at("broken.png")],
      { out },
    );
    expect(images).toHaveLength(1);
    expect(unreadable.map(({ path }) => path)).toEqual([at("broken.png")]);
    const none = explainImageFiles(model, [at("broken.png")], { out: at("none") });
    await expect(none).rejects.toThrow(/^Cannot read .*broken\.png: expected chunks/);
    const again = explainImageFiles(model, [at("films", "0.png")], { out });
    await expect(again).rejects.toThrow("There is a file");
    await explainImageFiles(model, [at("films", "0.png")], { out, force: true });
    const unknown = explainImageFiles(model, [at("films")], { out: at("x"), explained: "dark" });
    await expect(unknown).rejects.toThrow(/one of "plain", "bright", found "dark"/);
    const signal = AbortSignal.abort();
    const stopped = explainImageFiles(model, [at("films")], { out: at("y"), signal });
    await expect(stopped).rejects.toThrow(/cancelled/);
  });

  it("says in which slice of a volume the evidence is largest", async () => {
    const volumes = sequential(
      [convolution({ filters: 3, kernel: 3 }), globalAveragePool(), dense({ units: 2 })],
      { input: [1, 6, SIZE, SIZE], seed: 2 },
    );
    const { distance: _, conformal: __, unusual: ___, ...stated } = await statedOfModel();
    const size = [6, SIZE, SIZE];
    const target = { kind: "classes", classes: [...CLASSES] } as const;
    const packed = await packImageModel(deployModel({ network: volumes, target }), {
      ...{ ...stated, calibration: undefined },
      input: { preparation: { ...stated.input.preparation, size } },
    });
    writeFileSync(at("volumes.roentgen"), packed.bundle);
    const options = { size: 32, slices: 6 };
    await writePhantoms("brain-mri", at("brains"), { count: 1, options });
    const { images, csv } = await explainImageFiles(
      at("volumes.roentgen"),
      [at("brains", "images")],
      {
        ...{ out: at("slices"), explained: "bright" },
      },
    );
    expect(csv()).toContain("x,y,slice,overlay");
    for (const { evidence, slice } of images) {
      if (evidence === 0) expect(slice).toBeNull();
      else expect(slice).toBeLessThan(6);
    }
  });

  it("names the nearest images learnt from, of a run alone", async () => {
    mkdirSync(at("run"));
    writeFileSync(at("run", "model.roentgen"), await smallBundle());
    const opened = await openImageModel(model);
    const prepared = drawImages(5).map((image) => opened.prepare({ image }));
    // What was learnt from is images 4, 3, 2, so that each of these is its own nearest.
    const learnt = [4, 3, 2];
    const rows = await Promise.all(learnt.map((index) => opened.features(prepared[index])));
    await opened.close();
    const [{ shape }] = rows;
    const data = Float32Array.from(rows.flatMap((row) => [...row.data]));
    const images = learnt.map((index) => ({
      ...{ name: `${index}`, path: `${index}.png`, side: "train", truth: "plain", pixels: "" },
    })) as TrainingImages["images"];
    const features = { shape: [3, shape[1]] as const, data };
    writeFileSync(
      at("run", "training-images.safetensors"),
      writeTrainingImages({ images, features }),
    );
    const asked = { out: at("near"), nearest: 2 };
    const explained = await explainImageFiles(at("run"), [at("films")], asked);
    const own = explained.images.slice(2).map(({ nearest }) => nearest?.[0]);
    expect(own.map((one) => one?.name)).toEqual(["2", "3", "4"]);
    for (const one of own) expect(one?.distance).toBeCloseTo(0, 5);
    expect(explained.images.every(({ nearest }) => nearest?.length === 2)).toBe(true);
    expect(explained.csv().split("\n")[3]).toMatch(/,2 \(plain\) \| [34] \(plain\)$/);
    const bundle = explainImageFiles(model, [at("films")], { out: at("far"), nearest: 2 });
    await expect(bundle).rejects.toThrow("a bundle never says who was learnt from");
  });

  it("is a command", async () => {
    const common = ["explain", "model.roentgen"];
    const csv = await runInProcess(folder, [...common, "films", "--out", "seen"]);
    expect(csv).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("Wrote 5 pictures to seen"),
    });
    expect(csv.stdout.trim().split("\n")).toHaveLength(6);
    const options = ["--way", "occlusion", "--class", "bright", "--check", "--json"];
    const json = await runInProcess(folder, [...common, "films/0.png", "--out", "hid", ...options]);
    expect(json.status).toBe(0);
    const { images, check } = JSON.parse(json.stdout);
    expect(images).toMatchObject([{ path: "films/0.png", explained: "bright" }]);
    expect(check.verdict).toMatch(/passes|fails|undecided/);
    const partly = await runInProcess(folder, [...common, "films", "broken.png", "--out", "part"]);
    expect(partly).toMatchObject({ status: 1, stderr: expect.stringContaining("1 of 6 images") });
    for (const wrong of [
      ["--way", "magic"],
      ["--opacity", "2"],
      ["--colours", "grey"],
    ]) {
      const refused = await runInProcess(folder, [...common, "films", "--out", "z", ...wrong]);
      expect(refused.status).toBe(2);
    }
  });
});
