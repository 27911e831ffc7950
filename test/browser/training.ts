// Trains a small network to tell lesions from plain tissue, exports it and predicts: the same program for Node and for
// browsers.

import { lesionPhantoms } from "../../src/datasets/index.ts";
import {
  accuracy,
  adam,
  arraySource,
  binaryCrossEntropy,
  convolution,
  dense,
  flatten,
  maxPool,
  type Network,
  sequential,
  train,
} from "../../src/networks/index.ts";
import { type Device, encodeModel, openSession } from "../../src/onnx/index.ts";

/** What came of a training; plain data. */
export interface Learnt {
  readonly device: string;
  /** Of each step. */
  readonly losses: readonly number[];
  /** On the validation patches, of the weights that were kept. */
  readonly accuracy: number;
  /** Median time of a step. */
  readonly stepMs: number;
  /** Bytes of the exported model. */
  readonly model: readonly number[];
  /** What the exported model makes of the validation patches. */
  readonly probabilities: readonly number[];
}

export interface Lesson {
  device: Device;
  threads?: number;
  epochs: number;
}

interface Patches {
  readonly count: number;
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

const SIZE = 32;
const PICTURE = 128;

/** Patches that the exported model is tried on. */
export const validationPatches = () => patches({ pictures: 48, seed: 2 });

/** Trains, exports, and predicts with what was exported. */
export async function learnLesions({ device, threads, epochs }: Lesson): Promise<Learnt> {
  const validation = validationPatches();
  const losses: number[] = [];
  const times: number[] = [];
  const trained = await train(smallNetwork(), {
    ...{ device, threads, epochs, batchSize: 32, seed: 3 },
    data: arraySource(patches({ pictures: 160, seed: 1 })),
    validation: arraySource(validation),
    loss: binaryCrossEntropy(),
    optimiser: adam({ learningRate: 2e-3 }),
    metrics: [accuracy()],
    monitor: "accuracy",
    onStep: ({ loss }) => {
      losses.push(loss);
      times.push(performance.now());
    },
  });
  const model = encodeModel(trained.network.model);
  const steps = times.slice(1).map((time, at) => time - times[at]);
  return {
    device: trained.device,
    losses,
    accuracy: trained.history[trained.bestEpoch - 1].validation?.accuracy ?? 0,
    stepMs: steps.sort((a, b) => a - b)[steps.length >> 1],
    model: [...model],
    probabilities: await predictPatches(model, { patches: validation, device, threads }),
  };
}

/** The probabilities that a model gives. */
export async function predictPatches(
  model: Uint8Array,
  { patches, device, threads }: { patches: Patches; device?: Device; threads?: number },
): Promise<number[]> {
  const session = await openSession(model, { device, threads });
  const { inputs, count } = patches;
  const feed = { type: "float32", shape: [count, 1, SIZE, SIZE], data: inputs } as const;
  const outputs = await session.run({ [session.inputNames[0]]: feed });
  await session.close();
  return [...(outputs[session.outputNames[0]].data as Float32Array)];
}

/** The tutorial's network with fewer and smaller filters. */
function smallNetwork(): Network {
  return sequential(
    [
      convolution({ filters: 8, kernel: 3, activation: "relu" }),
      maxPool(),
      convolution({ filters: 16, kernel: 3, activation: "relu" }),
      maxPool(),
      flatten(),
      dense({ units: 32, activation: "relu" }),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, SIZE, SIZE], seed: 1 },
  );
}

/** From each picture a patch with part of the lesion, target 1, and one of tissue in its corner, target 0. */
function patches({ pictures, seed }: { pictures: number; seed: number }): Patches {
  const count = 2 * pictures;
  const inputs = new Float32Array(count * SIZE * SIZE);
  const targets = Float32Array.from({ length: count }, (_, at) => at % 2);
  for (const { index, image } of lesionPhantoms({ count: pictures, seed, size: PICTURE })) {
    const at = (PICTURE - SIZE) / 2 + (index % 17) - 8;
    for (const [sample, corner] of [0, at].entries()) {
      const start = (2 * index + sample) * SIZE * SIZE;
      for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
        const [y, x] = [corner + Math.floor(pixel / SIZE), corner + (pixel % SIZE)];
        inputs[start + pixel] = (image[y * PICTURE + x] - 100) / 25;
      }
    }
  }
  return { count, inputs, targets };
}
