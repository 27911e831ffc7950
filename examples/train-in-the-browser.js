// Trains a network in a page and predicts with what it exported. To see it: node examples/serve.js
import { randomStream } from "roentgen/base";
import {
  accuracy,
  adam,
  arraySource,
  binaryCrossEntropy,
  convolution,
  dense,
  flatten,
  maxPool,
  sequential,
  summary,
  train,
} from "roentgen/networks";
import { encodeModel, openSession } from "roentgen/onnx";

const say = (line) => document.querySelector("#log").append(`${line}\n`);
const SIZE = 16;

/** Noise, with a bright disc in every second image. */
function discs(count, purpose) {
  const draw = randomStream({ seed: 1, purpose });
  const inputs = new Float32Array(count * SIZE * SIZE);
  for (let at = 0; at < inputs.length; at++) inputs[at] = draw.normal();
  const targets = Float32Array.from({ length: count }, (_, image) => image % 2);
  for (let image = 1; image < count; image += 2) {
    const [x, y] = [4 + draw.integer(8), 4 + draw.integer(8)];
    for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
      const far = Math.hypot((pixel % SIZE) - x, Math.floor(pixel / SIZE) - y);
      if (far <= 3) inputs[image * SIZE * SIZE + pixel] += 2;
    }
  }
  return { count, inputs, targets };
}

const network = sequential(
  [
    convolution({ filters: 8, kernel: 3, activation: "relu" }),
    maxPool(),
    convolution({ filters: 16, kernel: 3, activation: "relu" }),
    maxPool(),
    flatten(),
    dense({ units: 16, activation: "relu" }),
    dense({ units: 1, activation: "sigmoid" }),
  ],
  { input: [1, SIZE, SIZE], seed: 1 },
);
say(summary(network));

const validation = discs(100, "validation");
const trained = await train(network, {
  data: arraySource(discs(320, "train")),
  validation: arraySource(validation),
  loss: binaryCrossEntropy(),
  optimiser: adam({ learningRate: 5e-3 }),
  metrics: [accuracy()],
  monitor: "accuracy",
  epochs: 5,
  batchSize: 32,
  onEpoch: ({ epoch, loss, validation }) =>
    say(`epoch ${epoch}: loss ${loss.toFixed(3)}, accuracy on validation ${validation.accuracy}`),
});

// The bytes of an .onnx file, for this page or any other ONNX Runtime.
const file = encodeModel(trained.network.model);
const model = await openSession(file);
const { inputs: data, count, targets } = validation;
const outputs = await model.run({
  [model.inputNames[0]]: { type: "float32", shape: [count, 1, SIZE, SIZE], data },
});
const right = Array.from(outputs[model.outputNames[0]].data).filter(
  (p, image) => p > 0.5 === targets[image] > 0.5,
);
say(
  `exported, ${file.length} bytes; on ${trained.device}: ${right.length} of ${count} images told right`,
);
document.title = `${right.length} of ${count} right`;
