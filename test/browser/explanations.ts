// Explains what a network makes of drawn patches: the same program for Node and for browsers.

import { lesionPhantoms } from "../../src/datasets/index.ts";
import {
  type Explanation,
  inputPicture,
  mapOf,
  openExplainer,
  overlay,
} from "../../src/explain/index.ts";
import { writePng } from "../../src/formats/index.ts";
import {
  averagePool,
  convolution,
  dense,
  globalAveragePool,
  sequential,
} from "../../src/networks/index.ts";
import { digest } from "./digest.ts";

const SIZE = 64;
const COUNT = 3;

/** What was found; plain data. */
export interface Explained {
  readonly maps: Readonly<Record<string, readonly number[]>>;
  readonly classes: readonly number[];
  readonly features: readonly number[];
  /** Of a map that has the same bits everywhere. */
  readonly png: string;
}

export async function explainPatches(): Promise<Explained> {
  const network = sequential(
    [
      convolution({ filters: 6, kernel: 3, activation: "relu", padding: "same" }),
      // Of values that are nearly equal a max pool takes one here and another there.
      averagePool(),
      convolution({ filters: 8, kernel: 3, activation: "relu", padding: "same" }),
      globalAveragePool(),
      dense({ units: 3, activation: "softmax" }),
    ],
    { input: [1, SIZE, SIZE], seed: 4 },
  );
  const data = new Float32Array(COUNT * SIZE * SIZE);
  for (const { index, image } of lesionPhantoms({ count: COUNT, seed: 1, size: SIZE })) {
    data.set(
      image.map((value) => value / 255),
      index * SIZE * SIZE,
    );
  }
  const inputs = { shape: [COUNT, 1, SIZE, SIZE], data };
  const explainer = await openExplainer(network, { device: "cpu", threads: 1, batchSize: 2 });
  const cam = await explainer.gradCam(inputs);
  const found: Record<string, Explanation> = {
    cam,
    spread: await explainer.gradCam(inputs, { classes: 1, variant: "grad-cam++" }),
    shares: await explainer.integratedGradients(inputs, { steps: 8, baseline: "blurred" }),
    hidden: await explainer.occlusion(inputs, { patch: 12, stride: 12 }),
  };
  const features = await explainer.features(inputs);
  await explainer.close();
  const steps = { shape: cam.shape, maps: data.map((value) => Math.round(8 * value) / 8) };
  const picture = overlay(mapOf(steps, 1), inputPicture(inputs, 1), { bar: true });
  return {
    maps: Object.fromEntries(Object.entries(found).map(([name, { maps }]) => [name, [...maps]])),
    classes: [...cam.classes],
    features: [...features.data],
    png: digest(writePng({ ...picture, depth: 8 })),
  };
}
