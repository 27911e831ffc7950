// The bundle that `roentgen predict` is timed with: a network with drawn weights, with all that a trained one has beside it.

import { writeFileSync } from "node:fs";
import { randomStream } from "../../src/base/index.ts";
import { buildArchitecture, type Network } from "../../src/networks/index.ts";
import { fitConformal, fitMahalanobis, fitUnusualness } from "../../src/statistics/index.ts";
import { deployModel, packImageModel } from "../../src/tasks/index.ts";
import { CLASSES, type ClassifyCase } from "./cases.ts";

const ROWS = 1200;

/** Writes the bundle: calibrated, with prediction sets and the distance of features. */
export async function writeBundle(path: string, { model, side }: ClassifyCase): Promise<void> {
  const network = buildArchitecture(model, {
    ...{ input: [1, side, side], classes: CLASSES, output: "softmax", seed: 1 },
  });
  const classes = Array.from({ length: CLASSES }, (_, kind) => `class ${kind}`);
  const labels = Array.from({ length: ROWS }, (_, row) => row % CLASSES);
  const draw = randomStream({ seed: 1, purpose: "bench/bundle" });
  const { output, width } = featuresOf(network);
  const features = Float32Array.from({ length: ROWS * width }, () => draw.normal());
  const distance = await fitMahalanobis(features, labels, { classes });
  const calibration = { method: "temperature", temperature: 1.2, n: ROWS } as const;
  const deployed = deployModel({
    ...{ network, calibration, distance, features: output },
    target: { kind: "classes", classes },
    scaling: { order: "RGB", factor: 1, mean: [0.3], deviation: [0.25] },
  });
  const probabilities = labels.flatMap((label) =>
    classes.map((_, kind) => (kind === label ? 0.75 : 0.05)),
  );
  const { bundle } = await packImageModel(deployed, {
    ...{ name: "Benchmark", learner: model, calibration, seed: 1 },
    input: {
      preparation: {
        ...{ size: [side, side], channels: 1, fit: "stretch" },
        intensity: { kind: "type-range" },
      },
      steps: 255,
    },
    target: {
      ...{ kind: "classes", name: "class", ordered: false },
      classes: classes.map((name) => ({ name })),
    },
    conformal: fitConformal(probabilities, labels, { classes, coverage: 0.9 }),
    unusual: fitUnusualness(Array.from({ length: ROWS }, (_, at) => at / 10)),
    ...{ metrics: [], training: { images: ROWS }, data: [], versions: { roentgen: "0.0.0" } },
  });
  writeFileSync(path, bundle);
}

/** What goes into the last layer. */
function featuresOf({ layers }: Network): { output: string; width: number } {
  const last = layers.findLast(({ parameters }) => parameters.length > 0);
  const before = layers.find(({ name }) => name === last?.inputs[0])!;
  return { output: before.output, width: Number(before.outputShape.at(-1)) };
}
