// A small residual network for training from scratch on a processor: four residual blocks behind a strided stem, so that an
// image of 128 × 128 costs 65 million multiplications. Blocks as He et al.: "Deep residual learning for image recognition", 2015.

import { activation } from "../layers/activation.ts";
import { dropout } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import { batchNormalisation } from "../layers/normalisation.ts";
import { globalAveragePool } from "../layers/pooling.ts";
import type { ArchitectureDefinition, TopOptions } from "./architecture.ts";
import { unitScaling } from "./pixel-scaling.ts";
import { basicBlock, type ResidualStyle, torchvisionStyle } from "./resnet.ts";

const WIDTHS = [32, 64, 128, 256] as const;

const style: ResidualStyle = {
  ...torchvisionStyle("basic", (stage) => `block${stage + 1}`),
  initialiser: "he-normal",
};

const features = () =>
  chain(
    convolution({
      ...{ filters: WIDTHS[0], kernel: 5, stride: 2, padding: 2 },
      ...{ bias: false, initialiser: "he-normal", name: "stem.conv" },
    }),
    batchNormalisation({ name: "stem.norm" }),
    activation("relu", { name: "stem.relu" }),
    ...WIDTHS.map((filters, stage) =>
      basicBlock({ name: (part) => style.name(stage, 0, part), filters, stride: 2, style }),
    ),
  );

/** Part of the pooled features that a step leaves out. */
const DROPPED = 0.2;

const top = ({ classes, output }: TopOptions) =>
  chain(
    globalAveragePool({ name: "pool" }),
    dropout(DROPPED, { name: "dropout" }),
    dense({ units: classes, activation: output, name: "classes" }),
  );

export const compact: ArchitectureDefinition = {
  title: "Compact residual network",
  paper: "after He et al.: Deep residual learning for image recognition, 2015",
  axes: [2, 3],
  variants: {
    roentgen: {
      source: "roentgen",
      input: [1, 128, 128],
      leastSize: 32,
      classes: 2,
      output: "softmax",
      scaling: unitScaling,
      parameters: 1_227_938,
      lastBlock: "block4.relu_1",
      head: "classes",
      features,
      top,
    },
  },
};
