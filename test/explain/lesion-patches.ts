// Speckled patches, every second one with a bright, blurred lesion somewhere, and a network that has learnt to tell them apart.

import { randomStream } from "../../src/base/index.ts";
import type { ImageBatch, Marked } from "../../src/explain/index.ts";
import {
  adam,
  arraySource,
  binaryCrossEntropy,
  convolution,
  dense,
  globalAveragePool,
  maxPool,
  type Network,
  sequential,
  train,
} from "../../src/networks/index.ts";

export const SIZE = 24;

export interface Patches {
  readonly inputs: ImageBatch;
  readonly targets: Float32Array;
  /** Where the lesion is; undefined where there is none. */
  readonly marks: readonly (Marked | undefined)[];
}

export function lesionPatches(count: number, purpose: string): Patches {
  const data = new Float32Array(count * SIZE * SIZE);
  const targets = Float32Array.from({ length: count }, (_, sample) => sample % 2);
  const marks: (Marked | undefined)[] = [];
  for (let sample = 0; sample < count; sample++) {
    const draw = randomStream({ seed: 1, purpose, sample });
    const [x, y, radius] = [4 + draw.integer(16), 4 + draw.integer(16), 2 + 2 * draw.uniform()];
    for (let at = 0; at < SIZE * SIZE; at++) {
      const distance = Math.hypot((at % SIZE) - x, Math.floor(at / SIZE) - y);
      const lesion = targets[sample] * 2 * Math.exp(-((distance / radius) ** 2));
      data[sample * SIZE * SIZE + at] = lesion + draw.normal();
    }
    const box = [x - radius, y - radius, x + radius + 1, y + radius + 1] as const;
    marks.push(targets[sample] === 1 ? { boxes: [box] } : undefined);
  }
  return { inputs: { shape: [count, 1, SIZE, SIZE], data }, targets, marks };
}

/** Trains a small network with its maps pooled. */
export async function lesionNetwork(): Promise<Network> {
  const { inputs, targets } = lesionPatches(600, "training patches");
  const network = sequential(
    [
      convolution({ filters: 8, kernel: 5, padding: "same", activation: "relu" }),
      maxPool(),
      convolution({ filters: 16, kernel: 3, padding: "same", activation: "relu" }),
      globalAveragePool(),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, SIZE, SIZE], seed: 1 },
  );
  const trained = await train(network, {
    data: arraySource({ inputs: inputs.data, targets, count: targets.length }),
    loss: binaryCrossEntropy(),
    optimiser: adam({ learningRate: 5e-3 }),
    epochs: 12,
    batchSize: 32,
    device: "cpu",
    seed: 1,
  });
  return trained.network;
}
