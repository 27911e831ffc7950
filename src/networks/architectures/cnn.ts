// The network that tutorials begin with: two convolutions, each pooled, and two dense layers, named as Keras names them.

import { flatten } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import { maxPool } from "../layers/pooling.ts";
import type { ArchitectureDefinition, TopOptions } from "./architecture.ts";
import { unitScaling } from "./pixel-scaling.ts";

const features = () =>
  chain(
    convolution({ filters: 32, kernel: 3, activation: "relu", name: "conv2d" }),
    maxPool({ name: "max_pooling2d" }),
    convolution({ filters: 64, kernel: 3, activation: "relu", name: "conv2d_1" }),
    maxPool({ name: "max_pooling2d_1" }),
  );

const top = ({ classes, output }: TopOptions) =>
  chain(
    flatten({ name: "flatten" }),
    dense({ units: 128, activation: "relu", name: "dense" }),
    dense({ units: classes, activation: output, name: "dense_1" }),
  );

export const cnn: ArchitectureDefinition = {
  title: "Tutorial CNN",
  paper: "LeCun et al.: Gradient-based learning applied to document recognition, 1998",
  axes: [1, 2, 3],
  variants: {
    keras: {
      source: "keras.Sequential",
      input: [1, 64, 64],
      leastSize: 10,
      classes: 2,
      output: "softmax",
      scaling: unitScaling,
      parameters: 1_624_834,
      lastBlock: "conv2d_1",
      head: "dense_1",
      features,
      top,
    },
  },
};
