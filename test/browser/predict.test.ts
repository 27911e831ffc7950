// A bundled model of images opened in Chromium: it says of PNG and DICOM files what it says in Node.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, it } from "vitest";
import { memorySource } from "../../src/base/index.ts";
import { loadImage } from "../../src/datasets/index.ts";
import { writePng } from "../../src/formats/index.ts";
import type { ImagePrediction } from "../../src/tasks/index.ts";
import { openImageModel } from "../../src/tasks/index.ts";
import { drawImages, smallBundle } from "../tasks/classification/small-model.ts";
import { pageResolution } from "./page-resolution.ts";
import { chromium, runPage } from "./run-page.ts";
import { drawnFiles } from "./scan-files.ts";

const files = new Map<string, Uint8Array>();
const DICOM = /^[^/]*\.dcm$/;
let names: string[] = [];

beforeAll(async () => {
  for (const ending of ["mjs", "wasm"]) {
    const name = `ort-wasm-simd-threaded.${ending}`;
    files.set(
      `onnxruntime/${name}`,
      new Uint8Array(readFileSync(`node_modules/onnxruntime-web/dist/${name}`)),
    );
  }
  const bundle = await smallBundle();
  files.set("model.roentgen", bundle);
  const altered = bundle.slice();
  altered[altered.length >> 1] ^= 1;
  files.set("altered.roentgen", altered);
  for (const [at, { geometry, data }] of drawImages(3).entries()) {
    const [width, height] = geometry.size;
    const png = writePng({ width, height, channels: 1, depth: 8, data });
    files.set(at === 0 ? "film.png" : `film-${at}.png`, png);
  }
  for (const [name, bytes] of await drawnFiles()) if (DICOM.test(name)) files.set(name, bytes);
  names = [...files.keys()].filter((name) => DICOM.test(name) || name.endsWith(".png"));
  files.set("names.json", new TextEncoder().encode(JSON.stringify(names)));
  const wasm = "node_modules/dcmjs-codecs/build/dcmjs-native-codecs.wasm";
  files.set("dcmjs-native-codecs.wasm", new Uint8Array(readFileSync(wasm)));
}, 120_000);

interface InPage {
  readonly predictions: readonly ImagePrediction[];
  readonly altered: string;
  readonly absent: string;
}

/** What it says in Node, as JSON has it. */
async function inNode(): Promise<ImagePrediction[]> {
  const model = await openImageModel(files.get("model.roentgen") as Uint8Array);
  const images = names.map((name) => loadImage(memorySource(files.get(name) as Uint8Array, name)));
  const predictions = await model.predict(await Promise.all(images));
  await model.close();
  return predictions;
}

/** All numbers of a prediction. */
function numbersOf(prediction: ImagePrediction): number[] {
  const { distance = Number.NaN, unusualShare = Number.NaN } = prediction;
  return [
    ...("probabilities" in prediction ? prediction.probabilities : []),
    ...[distance / Math.max(1, distance), unusualShare],
  ];
}

describe.skipIf(!chromium)("A bundle in Chromium (skipped where there is none)", () => {
  it("says of images what it says in Node, and is refused where it was altered", {
    timeout: 300_000,
  }, async () => {
    const found = await runPage<InPage>("predict-page.ts", { files });
    const expected = await inNode();
    expect(found.predictions.length).toBe(names.length);
    expect(names.filter((name) => DICOM.test(name)).length).toBeGreaterThan(2);
    for (const [at, prediction] of found.predictions.entries()) {
      const other = numbersOf(expected[at]);
      const differences = numbersOf(prediction).map((value, index) =>
        Math.abs(value - other[index]),
      );
      expect(Math.max(...differences)).toBeLessThan(1e-5);
      expect(prediction).toMatchObject({
        predicted: expected[at].predicted,
        set: "set" in expected[at] ? expected[at].set : undefined,
      });
    }
    expect(found.altered).toBe("file-corrupt");
    expect(found.absent).toContain("Cannot fetch the model at /absent.roentgen");
  });

  it("runs the example", { timeout: 120_000 }, async () => {
    const shown = JSON.parse(await runPage<string>("predict-example-page.ts", { files }));
    const [expected] = await inNode();
    expect(shown.predicted).toBe(expected.predicted);
    expect(shown.probabilities).toHaveLength(2);
  });
});

describe("The entry of pages", () => {
  it("stays light: no writers, learners, reports or other models with it", {
    timeout: 120_000,
  }, async () => {
    const bundle = await rolldown({
      input: join(import.meta.dirname, "../../examples/predict-in-the-browser.js"),
      ...pageResolution,
    });
    const { output } = await bundle.generate({ format: "esm", minify: true });
    const modules = output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
    const first = output.find((part) => part.type === "chunk" && part.isEntry);
    const bytes = first?.type === "chunk" ? first.code.length : Number.NaN;
    expect(
      modules.filter((id) => /observablehq|linkedom|apache-arrow|h5wasm|ml-matrix/.test(id)),
    ).toEqual([]);
    expect(bytes).toBeLessThan(750_000);
  });
});
