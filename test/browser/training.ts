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
  readonly size: number;
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
  /** Pixels along each side of a patch, 32 or 16, which makes all of the network smaller. */
  size?: 32 | 16;
  /** What is learnt; by default lesions. */
  of?: "lesions" | "volumes";
}

interface Patches {
  readonly size: number;
  readonly count: number;
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

/** Pixels along each side of a picture, and of the part of it that becomes a patch. */
const [PICTURE, PART] = [128, 32];

/** Patches that the exported model is tried on. */
export const validationPatches = (size = PART) => patches({ pictures: 48, seed: 2, size });

/** Trains, exports, and predicts with what was exported. */
export async function learnLesions(lesson: Lesson): Promise<Learnt> {
  const { device, threads, epochs, size = PART } = lesson;
  const validation = validationPatches(size);
  const losses: number[] = [];
  const times: number[] = [];
  const trained = await train(smallNetwork(size), {
    ...{ device, threads, epochs, batchSize: 32, seed: 3 },
    data: arraySource(patches({ pictures: 160, seed: 1, size })),
    validation: arraySource(validation),
    loss: binaryCrossEntropy(),
    optimiser: adam({ learningRate: size === PART ? 4e-3 : 1e-2 }),
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
    size,
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
  const { inputs, count, size } = patches;
  const feed = { type: "float32", shape: [count, 1, size, size], data: inputs } as const;
  const outputs = await session.run({ [session.inputNames[0]]: feed });
  await session.close();
  return [...(outputs[session.outputNames[0]].data as Float32Array)];
}

/** The tutorial's network with fewer and smaller filters. */
function smallNetwork(size: number): Network {
  return sequential(
    [
      convolution({ filters: 8, kernel: 3, activation: "relu" }),
      maxPool(),
      convolution({ filters: 16, kernel: 3, activation: "relu" }),
      maxPool(),
      flatten(),
      dense({ units: size, activation: "relu" }),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, size, size], seed: 1 },
  );
}

interface PatchOptions {
  pictures: number;
  seed: number;
  /** Pixels along each side, means over the picture's pixels. */
  size: number;
}

/** From each picture a patch with part of the lesion, target 1, and one of tissue in its corner, target 0. */
function patches({ pictures, seed, size }: PatchOptions): Patches {
  const count = 2 * pictures;
  const inputs = new Float32Array(count * size * size);
  const targets = Float32Array.from({ length: count }, (_, at) => at % 2);
  const share = PART / size;
  for (const { index, image } of lesionPhantoms({ count: pictures, seed, size: PICTURE })) {
    const middle = (PICTURE - PART) / 2 + (index % 17) - 8;
    for (const [sample, corner] of [0, middle].entries()) {
      const start = (2 * index + sample) * size * size;
      for (let pixel = 0; pixel < PART * PART; pixel++) {
        const [row, column] = [Math.floor(pixel / PART), pixel % PART];
        const at = start + Math.floor(row / share) * size + Math.floor(column / share);
        const value = image[(corner + row) * PICTURE + corner + column];
        inputs[at] += value / (15 * share * share);
      }
      centre(inputs.subarray(start, start + size * size));
    }
  }
  return { size, count, inputs, targets };
}

/** Takes the mean away, since the level of tissue tells patients apart, not lesions. */
function centre(values: Float32Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  for (let at = 0; at < values.length; at++) values[at] -= mean;
}
