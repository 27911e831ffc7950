import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RoentgenError } from "../../../src/base/index.ts";
import { prepareImage } from "../../../src/datasets/index.ts";
import { encodeModel, openSession } from "../../../src/onnx/index.ts";
import { mahalanobisScores } from "../../../src/statistics/index.ts";
import { readBundle, writeBundle } from "../../../src/study/index.ts";
import {
  batchSize,
  type ImageModel,
  openImageModel,
} from "../../../src/tasks/classification/image-model.ts";
import { readScores } from "../../../src/tasks/classification/image-prediction.ts";
import { drawTestImages } from "../../../src/tasks/classification/test-images.ts";
import { CLASSES, drawImages, network, SIZE, smallBundle, statedOfModel } from "./small-model.ts";

let bundle: Uint8Array;
let model: ImageModel;
beforeAll(async () => {
  bundle = await smallBundle();
  model = await openImageModel(bundle, { threads: 1 });
});
afterAll(() => model.close());

async function failure(work: Promise<unknown>): Promise<RoentgenError> {
  const error = await work.then(
    () => undefined,
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(RoentgenError);
  return error as RoentgenError;
}

/** What the network itself gives for the image, by hand. */
async function byHand(image: ReturnType<typeof drawImages>[number]) {
  const { distance, input, conformal } = await statedOfModel();
  const pixels = prepareImage(image, input.preparation);
  const scaled = pixels.map((value) => (Math.floor(value * 255 + 0.5) / 255 - 0.4) / 0.3);
  const pool = network.layers.find(({ name }) => name === "pool")!.output;
  const graph = network.model.graph;
  const outputs = [...graph.outputs, { name: pool, type: "float32" as const }];
  const session = await openSession(
    encodeModel({ ...network.model, graph: { ...graph, outputs } }),
  );
  const shape = [1, 1, SIZE, SIZE];
  const given = await session.run({ input: { type: "float32", shape, data: scaled } });
  await session.close();
  const [negative, positive] = given.output.data as Float32Array;
  const probability = 1 / (1 + Math.exp((negative - positive) / 1.5));
  const features = given[pool].data as Float32Array;
  const { scores } = mahalanobisScores(distance, features);
  const { threshold } = conformal!.thresholds[0];
  const set = [1 - probability, probability].flatMap((one, at) =>
    1 - one <= threshold! ? [CLASSES[at]] : [],
  );
  // No set is empty: the most probable class is put in.
  const filled = set.length > 0 ? set : [CLASSES[probability > 0.5 ? 1 : 0]];
  return { probability, distance: scores[0], set: filled };
}

describe("an opened image model", () => {
  it("gives for an image what the network gives once pixels and logits are scaled by hand", async () => {
    const [image] = drawImages(1);
    const [prediction] = await model.predict([{ image }]);
    const expected = await byHand(image);
    if (prediction.kind !== "classes") throw new Error(prediction.kind);
    expect(prediction.probabilities[1]).toBeCloseTo(expected.probability, 6);
    expect(prediction.probabilities[0]).toBeCloseTo(1 - expected.probability, 6);
    expect(prediction.predicted).toBe(expected.probability >= 0.4 ? "bright" : "plain");
    expect([...(prediction.set ?? [])].sort()).toEqual(expected.set.sort());
    expect(prediction.distance! / expected.distance).toBeCloseTo(1, 4);
    expect(prediction.unusualShare).toBeGreaterThanOrEqual(0);
    expect(prediction.unusual).toBe(expected.distance > model.bundle.manifest.unusual!.threshold!);
  });

  it("says the same of an image alone and among many, prepared here or by who calls", async () => {
    const images = drawImages(5).map((image) => ({ image }));
    const together = await model.predict(images);
    const prepared = images.map(model.prepare);
    const pixels = Float32Array.from(prepared.flatMap((one) => [...one]));
    expect(await model.predictPrepared(pixels)).toEqual(together);
    for (const [at, one] of images.entries()) {
      const [alone] = await model.predict([one]);
      expect(alone).toEqual(together[at]);
    }
  });

  it("takes any number of images, in batches that fit", async () => {
    expect(await model.predict([])).toEqual([]);
    expect(batchSize(model.bundle)).toBe(64);
    const [image] = drawImages(1);
    const many = await model.predict(Array.from({ length: 150 }, () => ({ image })));
    expect(many.length).toBe(150);
    for (const one of many) expect(one).toEqual(many[0]);
  });

  it("takes the frame and region that are asked for", async () => {
    const [image] = drawImages(1);
    const region = [0, 0, 10, 12] as const;
    const [part] = await model.predict([{ image, region }]);
    const [whole] = await model.predict([{ image }]);
    expect(part).not.toEqual(whole);
  });

  it("refuses prepared values that are no whole number of images", async () => {
    const error = await failure(model.predictPrepared(new Float32Array(SIZE * SIZE + 1)));
    expect(error.code).toBe("shape-mismatch");
  });

  it("opens from a file and from a run folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "roentgen-image-model-"));
    try {
      writeFileSync(join(folder, "model.roentgen"), bundle);
      for (const path of [folder, join(folder, "model.roentgen")]) {
        const opened = await openImageModel(path);
        expect(opened.bundle.manifest.name).toBe("Bright images");
        await opened.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("openImageModel refuses", () => {
  it("a model that is not the one that its test vector was made with", async () => {
    const { manifest, card, testVector } = await readBundle(bundle);
    const other = await readBundle(
      await smallBundle((stated) => ({
        ...stated,
        calibration: { method: "temperature", temperature: 1.6, n: 60 },
      })),
    );
    const { format: _, schemaVersion: __, parts: ___, sha256: ____, ...description } = manifest;
    const swapped = { description, model: other.model, card, testVector };
    const error = await failure(openImageModel(await writeBundle(swapped)));
    expect(error.message).toContain("does not give what it gave when its bundle was made");
  });

  it.each(["bundle.json", "model.onnx", "test-vector.json"])("a changed %s", async (part) => {
    const files = unzipSync(bundle);
    const text = strFromU8(files[part], true);
    const at = part === "model.onnx" ? 2000 : text.indexOf("0.4");
    files[part] = files[part].slice();
    files[part][Math.max(at, 100)] ^= 1;
    const error = await failure(openImageModel(zipSync(files as Zippable)));
    expect(error.code).toBe("file-corrupt");
  });

  it("a bundle of a model of tables", async () => {
    const parts = await readBundle(bundle);
    const table = {
      kind: "table" as const,
      name: "t",
      learner: "forest",
      target: { task: "regression" as const, name: "y" },
      inputs: [{ kind: "number" as const, name: "x", minimum: 0, maximum: 1, missing: 0 }],
      preprocessing: [],
      tensors: { input: "x", scores: "y" },
      metrics: [],
      training: { rows: 1 },
      data: [],
      versions: {},
    };
    const written = await writeBundle({ ...parts, description: table });
    expect((await failure(openImageModel(written))).message).toContain("a model of tables");
    expect((await failure(openImageModel(strToU8("no bundle")))).code).toBe("format-unknown");
  });
});

describe("what is said of an image", () => {
  const raw = (scores: number[], distances?: number[]) => ({
    scores: Float32Array.from(scores),
    samples: [7],
    ...(distances && { distances: Float32Array.from(distances) }),
  });
  const classes = ["a", "b", "c"].map((name) => ({ name }));

  it("is the most probable class, the first of equals", () => {
    const target = { kind: "classes", name: "x", classes, ordered: false } as const;
    const [prediction] = readScores({ target }, raw([0.2, 0.4, 0.4]));
    expect(prediction).toMatchObject({ kind: "classes", predicted: "b" });
    expect(prediction).not.toHaveProperty("set");
    expect(prediction).not.toHaveProperty("distance");
  });

  it("is every label that reaches its threshold", () => {
    const labels = ["a", "b", "c"].map((name, at) => ({
      name,
      threshold: { value: [0.5, 0.1, 0.9][at], rule: "youden" },
    }));
    const target = { kind: "labels", name: "x", labels } as const;
    const [prediction] = readScores({ target }, raw([0.5, 0.2, 0.8]));
    expect(prediction.predicted).toEqual(["a", "b"]);
  });

  it("is a measurement as it is", () => {
    const target = { kind: "number", name: "age", unit: "months" } as const;
    expect(readScores({ target }, raw([31.5]))).toEqual([{ kind: "number", predicted: 31.5 }]);
  });

  it("is unusual only where enough images were held out to tell", () => {
    const target = { kind: "number", name: "age" } as const;
    const scores = Array.from({ length: 100 }, (_, at) => at);
    const unusual = { n: 100, usual: 0.95, threshold: 95, scores };
    const likeness = (distance: number, threshold: number | null) =>
      readScores({ target, unusual: { ...unusual, threshold } }, raw([1], [distance]))[0];
    expect(likeness(95.5, 95)).toMatchObject({ unusual: true, unusualShare: 0.96 });
    expect(likeness(95, 95)).toMatchObject({ unusual: false });
    expect(likeness(1e6, null)).not.toHaveProperty("unusual");
    expect(likeness(1e6, null)).toMatchObject({ unusualShare: 1 });
  });
});

describe("the images that a model is tried on", () => {
  it.each([[[1, 16, 16]], [[3, 20, 24]], [[1, 8, 12, 10]]])(
    "fill %j with values that are bytes",
    (shape) => {
      const { data, shape: whole } = drawTestImages(shape);
      const values = data as Float32Array;
      expect(whole).toEqual([2, ...shape]);
      expect(values.every((value) => Number.isInteger(Math.fround(value * 255)))).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(30);
      const half = values.length / 2;
      expect(values.slice(0, half)).not.toEqual(values.slice(half));
    },
  );

  it("take little room in a bundle", async () => {
    const { manifest } = model.bundle;
    const { format: _, schemaVersion: __, parts: ___, sha256: ____, ...description } = manifest;
    const inputs = { pixels: drawTestImages([3, 224, 224]) };
    const written = await writeBundle({
      description,
      model: new Uint8Array(0),
      card: "",
      testVector: { inputs, outputs: {} },
    });
    expect(written.length).toBeLessThan(100_000);
  });
});
