// The networks whose training step is measured, as peer.py has them too.

import {
  activation,
  add,
  batchNormalisation,
  concatenate,
  convolution,
  dense,
  flatten,
  globalAveragePool,
  instanceNormalisation,
  type Layer,
  maxPool,
  type Network,
  network,
  type Signal,
  sequential,
  transposedConvolution,
} from "../../src/networks/index.ts";

/** A network, its batch, and how many classes its targets have (1: yes or no). */
export interface StepCase {
  readonly network: Network;
  readonly batchSize: number;
  readonly classes: number;
}

/** Cases by name. */
export const cases: Readonly<Record<string, () => StepCase>> = {
  tutorial: () => ({ network: tutorial(), batchSize: 32, classes: 1 }),
  "resnet-18": () => ({ network: resNet18(), batchSize: 8, classes: 1000 }),
  "unet-3d": () => ({ network: unet3d(), batchSize: 1, classes: 3 }),
};

/** The network of the classic tutorial: 7,391,873 parameters. */
function tutorial(): Network {
  return sequential(
    [
      convolution({ filters: 32, kernel: 3, activation: "relu" }),
      maxPool({ size: 2 }),
      convolution({ filters: 64, kernel: 3, activation: "relu" }),
      maxPool({ size: 2 }),
      flatten(),
      dense({ units: 128, activation: "relu" }),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, 128, 128] },
  );
}

/** He et al. 2016, table 1, as torchvision builds it: 11,689,512 parameters. */
function resNet18(): Network {
  return network(
    (input) => {
      let x = relu(normalised(64, 7, 2, 3)(input));
      x = maxPool({ size: 3, stride: 2, padding: 1 })(x);
      for (const [stage, filters] of [64, 128, 256, 512].entries()) {
        x = basicBlock(x, filters, stage === 0 ? 1 : 2);
        x = basicBlock(x, filters, 1);
      }
      return dense({ units: 1000 })(globalAveragePool()(x));
    },
    { input: [3, 224, 224] },
  );
}

function basicBlock(x: Signal, filters: number, stride: number): Signal {
  const first = relu(normalised(filters, 3, stride, 1)(x));
  const second = normalised(filters, 3, 1, 1)(first);
  const isSame = stride === 1 && x.shape[1] === filters;
  return relu(add()(second, isSame ? x : normalised(filters, 1, stride, 0)(x)));
}

function normalised(filters: number, kernel: number, stride: number, padding: number): Layer {
  const convolved = convolution({ filters, kernel, stride, padding, bias: false });
  return (x) => batchNormalisation()(convolved(x));
}

const relu = (x: Signal) => activation("relu")(x);

/** Çiçek et al. 2016 in nnU-Net's manner: four levels from 16 channels, instance normalisation, on 64³. */
function unet3d(): Network {
  return network(
    (input) => {
      const skips: Signal[] = [];
      let x = input;
      for (const filters of [16, 32, 64]) {
        x = double(x, filters);
        skips.push(x);
        x = maxPool({ size: 2 })(x);
      }
      x = double(x, 128);
      for (const filters of [64, 32, 16]) {
        const up = transposedConvolution({ filters, kernel: 2, stride: 2 })(x);
        x = double(concatenate()(up, skips.pop() as Signal), filters);
      }
      return convolution({ filters: 3, kernel: 1, activation: "softmax" })(x);
    },
    { input: [1, 64, 64, 64] },
  );
}

function double(x: Signal, filters: number): Signal {
  const once = (signal: Signal) =>
    relu(instanceNormalisation()(convolution({ filters, kernel: 3, padding: 1 })(signal)));
  return once(once(x));
}
