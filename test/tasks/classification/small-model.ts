// A small network that tells discs from squares without training, in a bundle, for tests.

import { makeImage, randomStream } from "../../../src/base/index.ts";
import {
  convolution,
  dense,
  globalAveragePool,
  type Network,
  sequential,
} from "../../../src/networks/index.ts";
import { fitConformal, fitMahalanobis, fitUnusualness } from "../../../src/statistics/index.ts";
import { deployModel } from "../../../src/tasks/classification/deploy-model.ts";
import {
  packImageModel,
  type StatedOfImageModel,
} from "../../../src/tasks/classification/pack-image-model.ts";

export const SIZE = 16;
export const CLASSES = ["plain", "bright"] as const;

export const network: Network = sequential(
  [
    convolution({ filters: 4, kernel: 3, activation: "relu" }),
    convolution({ filters: 6, kernel: 3, activation: "relu" }),
    globalAveragePool({ name: "pool" }),
    dense({ units: 2 }),
  ],
  { input: [1, SIZE, SIZE], seed: 5 },
);

/** What a bundle of the network states. */
export async function statedOfModel(): Promise<
  StatedOfImageModel & { distance: Awaited<ReturnType<typeof fitMahalanobis>> }
> {
  const draw = randomStream({ seed: 2, purpose: "small-model" });
  const rows = 60;
  const features = Float64Array.from({ length: rows * 6 }, () => 0.05 * draw.uniform());
  const labels = Array.from({ length: rows }, (_, at) => at % 2);
  const probabilities = labels.flatMap((label) => {
    const right = 0.55 + 0.45 * draw.uniform();
    return label === 1 ? [1 - right, right] : [right, 1 - right];
  });
  const distance = await fitMahalanobis(features, labels, { classes: [...CLASSES] });
  return {
    distance,
    name: "Bright images",
    learner: "cnn",
    input: {
      preparation: {
        size: [SIZE, SIZE],
        channels: 1,
        fit: "stretch",
        intensity: { kind: "type-range" },
      },
      steps: 255,
    },
    target: {
      kind: "classes",
      name: "brightness",
      classes: CLASSES.map((name) => ({ name })),
      ordered: false,
      threshold: { value: 0.4, rule: "youden" },
    },
    calibration: { method: "temperature", temperature: 1.5, n: rows },
    conformal: fitConformal(probabilities, labels, { classes: [...CLASSES], coverage: 0.9 }),
    unusual: fitUnusualness(Array.from({ length: 200 }, (_, at) => at / 10)),
    metrics: [],
    training: { images: rows },
    data: [],
    versions: { roentgen: "0.0.0" },
    seed: 5,
  };
}

/** The bytes of the bundle. */
export async function smallBundle(
  change: (stated: StatedOfImageModel) => StatedOfImageModel = (same) => same,
): Promise<Uint8Array> {
  const { distance, ...stated } = await statedOfModel();
  const pool = network.layers.find(({ name }) => name === "pool")!.output;
  const changed = change(stated);
  const deployed = deployModel({
    network,
    target: { kind: "classes", classes: [...CLASSES] },
    scaling: { order: "RGB", factor: 1, mean: [0.4], deviation: [0.3] },
    calibration: changed.calibration,
    features: pool,
    distance,
  });
  return (await packImageModel(deployed, changed)).bundle;
}

/** Grey images of 8 bits, each with its own slope. */
export function drawImages(count: number) {
  return Array.from({ length: count }, (_, image) => {
    const [width, height] = [20 + image, 24];
    const data = Uint8Array.from({ length: width * height }, (_, at) => (at * (image + 3)) % 256);
    return makeImage({
      geometry: { frame: "pixels", size: [width, height, 1], spacing: undefined },
      data,
    });
  });
}
