// Teach a small convolutional network to see lesions in generated patches, save it as ONNX with the best weights,
// and predict with the file alone: node examples/train-a-network.js

import { randomStream } from "roentgen";
import {
  accuracy,
  adam,
  arraySource,
  binaryCrossEntropy,
  convolution,
  dense,
  dropout,
  flatten,
  maxPool,
  sequential,
  summary,
  train,
  trainingPlot,
} from "roentgen/networks";
import { encodeModel, openSession } from "roentgen/onnx";

const SIZE = 24;

/** Speckled patches; every second one has a bright, blurred lesion somewhere. */
function patches(count, purpose) {
  const inputs = new Float32Array(count * SIZE * SIZE);
  const targets = Float32Array.from({ length: count }, (_, sample) => sample % 2);
  for (let sample = 0; sample < count; sample++) {
    const draw = randomStream({ seed: 1, purpose, sample });
    const [x, y, radius] = [6 + draw.integer(12), 6 + draw.integer(12), 2 + 2 * draw.uniform()];
    for (let at = 0; at < SIZE * SIZE; at++) {
      const distance = Math.hypot((at % SIZE) - x, Math.floor(at / SIZE) - y);
      const lesion = targets[sample] * 2 * Math.exp(-((distance / radius) ** 2));
      inputs[sample * SIZE * SIZE + at] = lesion + draw.normal();
    }
  }
  return { inputs, targets, count };
}

const network = sequential(
  [
    convolution({ filters: 8, kernel: 3, activation: "relu" }),
    maxPool(),
    convolution({ filters: 16, kernel: 3, activation: "relu" }),
    maxPool(),
    flatten(),
    dropout(0.3),
    dense({ units: 1, activation: "sigmoid" }),
  ],
  { input: [1, SIZE, SIZE], seed: 1 },
);
console.log(summary(network));

const trained = await train(network, {
  data: arraySource(patches(400, "training patches")),
  validation: arraySource(patches(200, "validation patches")),
  loss: binaryCrossEntropy(),
  optimiser: adam({ learningRate: 3e-3 }),
  metrics: [accuracy()],
  monitor: "accuracy",
  patience: 5,
  epochs: 12,
  batchSize: 32,
  device: "cpu",
  seed: 1,
});
const { history, bestEpoch } = trained;
console.log(trainingPlot(history, { bestEpoch }));

const file = encodeModel(trained.network.model);
const session = await openSession(file);
const { inputs, targets, count } = patches(100, "new patches");
const result = await session.run({
  [session.inputNames[0]]: { type: "float32", shape: [count, 1, SIZE, SIZE], data: inputs },
});
await session.close();
const probabilities = result[session.outputNames[0]].data;
const right = targets.filter((target, at) => probabilities[at] > 0.5 === (target === 1)).length;
console.log(`As ONNX: ${file.length} bytes; right on ${right} of ${count} patches it has not seen`);
