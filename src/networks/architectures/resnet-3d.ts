// The residual network of 18 layers for volumes, as torchvision.models.video has it. Tran et al.: "A closer look at
// spatiotemporal convolutions for action recognition", 2018, section 3.2 (R3D).

import { activation } from "../layers/activation.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { batchNormalisation } from "../layers/normalisation.ts";
import type { ArchitectureDefinition } from "./architecture.ts";
import type { PixelScaling } from "./pixel-scaling.ts";
import { pooledTop, type ResidualStyle, residualStages } from "./resnet.ts";

/** Each convolution of a block is a sequence with its normalisation. */
const PARTS = {
  convolution1: "conv1.0",
  convolution2: "conv2.0",
  convolution3: "conv3.0",
  normalisation1: "conv1.1",
  normalisation2: "conv2.1",
  normalisation3: "conv3.1",
  relu1: "conv1.2",
  relu2: "conv2.2",
  relu3: "conv3.2",
  "shortcut convolution": "downsample.0",
  "shortcut normalisation": "downsample.1",
  sum: "add",
  output: "relu",
} as const;

const style: ResidualStyle = {
  name: (stage, block, part) => `layer${stage + 1}.${block}.${PARTS[part]}`,
  ...{ bias: false, epsilon: 1e-5, momentum: 0.9, stridden: 2, initialiser: "he-uniform" },
};

/** Of Kinetics-400 (torchvision.transforms._presets.VideoClassification). */
const kineticsScaling: PixelScaling = {
  order: "RGB",
  factor: 1,
  mean: [0.43216, 0.394666, 0.37645],
  deviation: [0.22803, 0.22145, 0.216989],
};

/** Slices keep their number in the first convolution; the size within them is halved. */
const stem = () =>
  chain(
    convolution({
      ...{ filters: 64, kernel: [3, 7, 7], stride: [1, 2, 2], padding: [1, 3, 3], bias: false },
      ...{ initialiser: "he-uniform", name: "stem.0" },
    }),
    batchNormalisation({ name: "stem.1" }),
    activation("relu", { name: "stem.2" }),
  );

export const resnet18In3d: ArchitectureDefinition = {
  title: "3-D ResNet-18",
  paper:
    "Tran et al.: A closer look at spatiotemporal convolutions for action recognition, 2018 (R3D)",
  axes: [3],
  variants: {
    torchvision: {
      source: "torchvision.models.video.r3d_18",
      ...{ input: [3, 16, 112, 112], leastSize: 1, classes: 400, parameters: 33_371_472 },
      ...{ output: "linear", scaling: kineticsScaling, lastBlock: "layer4.1.relu", head: "fc" },
      features: () => chain(stem(), residualStages([2, 2, 2, 2], "basic", style)),
      top: (options) => pooledTop(options, "fc", "avgpool"),
    },
  },
};
