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
  /** Bytes of the exported model in base 64. */
  readonly model: string;
  /** What the exported model makes of the validation patches. */
  readonly probabilities: readonly number[];
}

export interface Lesson {
  device: Device;
  threads?: number;
  epochs: number;
  /**
   * Pixels along each side of a patch; 128 is for the tutorial's network as it stands, 32 and 16 for sisters that are smaller
   * in all respects.
   */
  size?: 128 | 32 | 16;
  /** What is learnt; by default lesions. */
  of?: "lesions" | "volumes";
}

interface Patches {
  readonly size: number;
  readonly count: number;
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

/** Pixels along each side of a picture, and of the part of it that becomes a patch, 16 mm. */
const [PICTURE, PART] = [128, 32];
const SPACING_MM = 0.5;

const TUTORIAL = 128;

/** Patches that the exported model is tried on. */
export const validationPatches = (size = PART) => patches({ pictures: 48, seed: 2, size });

/** Bytes as `Learnt` has them. */
export const bytesOf = (base64: string) =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** Trains, exports, and predicts with what was exported. */
export async function learnLesions(lesson: Lesson): Promise<Learnt> {
  const { device, threads, epochs, size = PART } = lesson;
  const validation = validationPatches(size);
  const losses: number[] = [];
  const times: number[] = [];
  const trained = await train(size === TUTORIAL ? tutorialNetwork() : smallNetwork(size), {
    ...{ device, threads, epochs, batchSize: 32, seed: 3 },
    data: arraySource(patches({ pictures: size === TUTORIAL ? 240 : 160, seed: 1, size })),
    validation: arraySource(validation),
    loss: binaryCrossEntropy(),
    optimiser: adam({ learningRate: RATES[size] }),
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
    model: base64Of(model),
    probabilities: await predictPatches(model, { patches: validation, device, threads }),
  };
}

/** Learning rates by the size of patches. */
const RATES: Readonly<Record<number, number>> = { 128: 3e-4, 32: 4e-3, 16: 1e-2 };

function base64Of(bytes: Uint8Array): string {
  const letters: string[] = [];
  // So many arguments at most are passed at once.
  for (let at = 0; at < bytes.length; at += 2 ** 15)
    letters.push(String.fromCharCode(...bytes.subarray(at, at + 2 ** 15)));
  return btoa(letters.join(""));
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

/** The tutorial's network, of 7,391,873 parameters. */
function tutorialNetwork(): Network {
  return sequential(
    [
      convolution({ filters: 32, kernel: 3, activation: "relu" }),
      maxPool(),
      convolution({ filters: 64, kernel: 3, activation: "relu" }),
      maxPool(),
      flatten(),
      dense({ units: 128, activation: "relu" }),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, TUTORIAL, TUTORIAL], seed: 1 },
  );
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
  // Small patches are of means over the picture's pixels, large ones of pictures that are drawn finer.
  const finer = Math.max(1, size / PART);
  const [picture, part] = [PICTURE * finer, PART * finer];
  const share = part / size;
  const drawing = { count: pictures, seed, size: picture, spacingMm: SPACING_MM / finer };
  for (const { index, image } of lesionPhantoms(drawing)) {
    const middle = (picture - part) / 2 + ((index % 17) - 8) * finer;
    for (const [sample, corner] of [0, middle].entries()) {
      const start = (2 * index + sample) * size * size;
      for (let pixel = 0; pixel < part * part; pixel++) {
        const [row, column] = [Math.floor(pixel / part), pixel % part];
        const at = start + Math.floor(row / share) * size + Math.floor(column / share);
        const value = image[(corner + row) * picture + corner + column];
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
