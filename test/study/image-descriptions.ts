// What bundles of image models state, for tests.

import type { ImageDescription } from "../../src/study/index.ts";

/** Pneumonia on films, or not. */
export const filmDescription: ImageDescription = {
  kind: "image",
  name: "Pneumonia on chest films",
  learner: "cnn",
  input: {
    preparation: {
      size: [16, 16],
      channels: 1,
      fit: "pad",
      intensity: { kind: "stated-window" },
    },
    modality: "CR",
  },
  target: {
    kind: "classes",
    name: "pneumonia",
    classes: [
      { name: "normal" },
      { name: "pneumonia", snomed: { code: "233604007", display: "Pneumonia" } },
    ],
    ordered: false,
    threshold: { value: 0.31, rule: "youden" },
  },
  calibration: { method: "temperature", temperature: 1.4, n: 120 },
  unusual: {
    n: 101,
    usual: 0.95,
    threshold: 9.9,
    scores: Array.from({ length: 101 }, (_, at) => at / 10),
  },
  preprocessing: [{ name: "pixel scaling", parameters: { mean: [0.5] }, insideModel: true }],
  tensors: {
    input: "pixels",
    scores: "probabilities",
    features: "features",
    distance: "distance",
  },
  metrics: [],
  training: { images: 800, patients: 640 },
  data: [{ name: "films", bytes: 10, sha256: "0".repeat(64) }],
  versions: { roentgen: "0.1.0" },
  seed: 0,
};
