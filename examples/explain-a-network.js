// Teach a small network to see drawn lesions, then ask where it looks, whether that is where they are, and whether the maps
// hang on what it learnt: node examples/explain-a-network.js [picture.png]

import { writeFileSync } from "node:fs";
import { lesionPhantoms } from "roentgen/datasets";
import {
  inputPicture,
  mapOf,
  mosaic,
  openExplainer,
  overlay,
  pointingGame,
  randomisationCheck,
} from "roentgen/explain";
import { writePng } from "roentgen/formats";
import {
  adam,
  arraySource,
  binaryCrossEntropy,
  convolution,
  dense,
  globalAveragePool,
  instanceNormalisation,
  maxPool,
  sequential,
  train,
} from "roentgen/networks";

const [PICTURE, SIZE] = [112, 44];

/** From each drawn picture a patch with the lesion somewhere, and one of the tissue in its corner. */
function patches(pictures, seed) {
  const count = 2 * pictures;
  const data = new Float32Array(count * SIZE * SIZE);
  const targets = Float32Array.from({ length: count }, (_, at) => at % 2);
  const marks = new Array(count);
  for (const { index, image, mask } of lesionPhantoms({ count: pictures, seed, size: PICTURE })) {
    const corner = [34 + ((7 * index) % 25) - 12, 34 + ((11 * index) % 25) - 12];
    for (const [which, [left, top]] of [[0, 0], corner].entries()) {
      const cut = Array.from({ length: SIZE * SIZE }, (_, at) => {
        const [x, y] = [at % SIZE, Math.floor(at / SIZE)];
        return (top + y) * PICTURE + left + x;
      });
      const patch = 2 * index + which;
      for (const [at, place] of cut.entries()) data[patch * SIZE * SIZE + at] = image[place] / 150;
      if (which === 1) marks[patch] = { mask: cut.map((place) => mask[place]) };
    }
  }
  return { inputs: { shape: [count, 1, SIZE, SIZE], data }, targets, marks };
}

const known = patches(120, 1);
const { network } = await train(
  sequential(
    [
      instanceNormalisation(),
      convolution({ filters: 8, kernel: 5, padding: "same", activation: "relu" }),
      maxPool(),
      convolution({ filters: 16, kernel: 3, padding: "same", activation: "relu" }),
      globalAveragePool(),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, SIZE, SIZE], seed: 1 },
  ),
  {
    data: arraySource({ inputs: known.inputs.data, targets: known.targets, count: 240 }),
    loss: binaryCrossEntropy(),
    optimiser: adam({ learningRate: 5e-3 }),
    epochs: 20,
    batchSize: 16,
    device: "cpu",
    seed: 1,
  },
);

const { inputs, marks } = patches(30, 2);
const explainer = await openExplainer(network, { device: "cpu" });
const ways = {
  "Grad-CAM": await explainer.gradCam(inputs, { classes: 1 }),
  occlusion: await explainer.occlusion(inputs, { classes: 1, patch: 9, stride: 4 }),
  "integrated gradients": await explainer.integratedGradients(inputs, {
    ...{ classes: 1, steps: 25, baseline: "blurred" },
  }),
};
await explainer.close();

const percent = (value) => `${Math.round(100 * value)} %`;
for (const [way, explanation] of Object.entries(ways)) {
  const { hits, energy, chance } = await pointingGame(explanation, marks, { tolerance: 2 });
  const interval = `${percent(hits.low)} to ${percent(hits.high)}`;
  const inside = `${percent(energy.value)} of the evidence is inside`;
  console.log(
    `${way}: points at ${percent(hits.value)} of ${hits.n} lesions (${interval}, by chance ${percent(chance)}); ${inside}`,
  );
}
const few = { shape: [12, 1, SIZE, SIZE], data: inputs.data.subarray(0, 12 * SIZE * SIZE) };
const { reason } = await randomisationCheck(network, few, { device: "cpu" });
console.log(reason);

const [path] = process.argv.slice(2);
if (path) {
  const pictures = [1, 3, 5, 7].flatMap((image) => {
    const patch = inputPicture(inputs, image, { scale: 3 });
    const maps = Object.values(ways).map((explanation) => mapOf(explanation, image));
    return [patch, ...maps.map((map) => overlay(map, patch, { opacity: 0.8 }))];
  });
  writeFileSync(path, writePng({ ...mosaic(pictures, { columns: 4 }), depth: 8 }));
}
