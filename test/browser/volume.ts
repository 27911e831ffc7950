// A small U-Net over volumes trained for some steps: the same program for Node and for browsers.

import { randomStream } from "../../src/base/index.ts";
import {
  adam,
  arraySource,
  concatenate,
  convolution,
  diceCrossEntropy,
  maxPool,
  network,
  parameterValues,
  train,
  transposedConvolution,
} from "../../src/networks/index.ts";
import type { Device } from "../../src/onnx/index.ts";

export interface VolumeLesson {
  readonly device: Device;
  readonly losses: readonly number[];
  /** Every parameter after the last step. */
  readonly parameters: readonly number[];
}

const [SIZE, COUNT] = [8, 4];

/** Tells bright voxels of noise: two levels, with pooling on the way down and a transposed convolution on the way up. */
export async function learnVolumes(device: Device): Promise<VolumeLesson> {
  const unet = network(
    (input) => {
      const wide = convolution({ filters: 4, kernel: 3, padding: "same", activation: "relu" })(
        input,
      );
      const deep = convolution({ filters: 8, kernel: 3, padding: "same", activation: "relu" })(
        maxPool({ size: 2 })(wide),
      );
      const up = transposedConvolution({ filters: 4, kernel: 2, stride: 2 })(deep);
      return convolution({ filters: 2, kernel: 1 })(concatenate()(wide, up));
    },
    { input: [1, SIZE, SIZE, SIZE], seed: 1 },
  );
  const random = randomStream({ seed: 1, purpose: "volumes", sample: 0 });
  const inputs = Float32Array.from({ length: COUNT * SIZE ** 3 }, () => random.normal());
  const losses: number[] = [];
  const trained = await train(unet, {
    ...{ device, epochs: 3, batchSize: 2, seed: 3 },
    data: arraySource({
      count: COUNT,
      inputs,
      targets: Int32Array.from(inputs, (value) => Number(value > 0.5)),
    }),
    loss: diceCrossEntropy(),
    optimiser: adam({ learningRate: 1e-2 }),
    onStep: ({ loss }) => losses.push(loss),
  });
  const values = Object.values(parameterValues(trained.network));
  const parameters = values.flatMap(({ data }) => [...(data as Float32Array)]);
  return { device: trained.device, losses, parameters };
}
