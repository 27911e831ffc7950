// Our side of the epochs of bench/classify.ts, in a process of its own and from the built package, as a program that trains
// by the library has it: decodes a folder into a store, trains epochs on it, and prints when each ended.
// ours.js FOLDER STORE '{"model","side","batch"}' EPOCHS

import { openImageStore, planPreparation, readImageDataset } from "roentgen/datasets";
import { adamW, buildArchitecture, categoricalCrossEntropy, train } from "roentgen/networks";
import { imageSource } from "../../dist/tasks/classification/image-source.js";

const [folder, storeFolder, asked, epochs] = process.argv.slice(2);
const { model, side, batch } = JSON.parse(asked);
const importedAt = Date.now();
const dataset = await readImageDataset(folder);
const { preparation } = await planPreparation(dataset);
const store = await openImageStore(storeFolder, dataset, { ...preparation, size: [side, side] });
const decodedAt = Date.now();
const network = buildArchitecture(model, {
  ...{ input: [1, side, side], classes: dataset.target.classes.length, output: "softmax" },
});
const source = imageSource({
  ...{ dataset, store, samples: Uint32Array.from(dataset.samples.keys()) },
  scaling: { order: "RGB", factor: 1, mean: [0.3], deviation: [0.25] },
  augmentation: [
    {
      ...{ name: "random-affine", degrees: [-12, 12], scale: [0.85, 1.18], probability: 0.8 },
      translation: [-0.06 * side, 0.06 * side],
    },
    { name: "random-brightness", factor: [0.8, 1.25], probability: 0.4 },
    { name: "random-contrast", factor: [0.75, 1.3], probability: 0.4 },
  ],
});
const ended = [];
const losses = [];
let waited = 0;
await train(network, {
  ...{ data: source, batchSize: batch, epochs: Number(epochs), device: "cpu" },
  ...{
    loss: categoricalCrossEntropy(),
    optimiser: adamW({ learningRate: 1e-3, weightDecay: 0.02 }),
  },
  onStep: (step) => {
    waited += step.waited ? 1 : 0;
  },
  onEpoch: ({ loss }) => {
    ended.push(Date.now());
    losses.push(loss);
  },
});
await source.close();
await store.remove();
const images = dataset.samples.length;
console.log(JSON.stringify({ importedAt, decodedAt, ended, losses, images, waited }));
