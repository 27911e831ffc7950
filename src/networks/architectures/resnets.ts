// ResNet-18, -34, -50 and -101 for images, as torchvision.models and keras.applications have them. torchvision's bottlenecks
// have the stride in the 3×3 convolution (Goyal et al. 2017, section 5.1), Keras's in the first, as the paper has it.

import { activation } from "../layers/activation.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import type { Layer } from "../layers/layer.ts";
import { batchNormalisation } from "../layers/normalisation.ts";
import { maxPool } from "../layers/pooling.ts";
import type { ArchitectureDefinition, Variant } from "./architecture.ts";
import { caffeScaling, imagenetScaling } from "./pixel-scaling.ts";
import {
  type BlockKind,
  pooledTop,
  type ResidualStyle,
  residualStages,
  type Stages,
  torchvisionStyle,
} from "./resnet.ts";

const MEDIUM: Stages = [3, 4, 6, 3];
const LARGE: Stages = [3, 4, 23, 3];

const KERAS_PARTS = {
  convolution1: "1_conv",
  convolution2: "2_conv",
  convolution3: "3_conv",
  normalisation1: "1_bn",
  normalisation2: "2_bn",
  normalisation3: "3_bn",
  relu1: "1_relu",
  relu2: "2_relu",
  relu3: "3_relu",
  "shortcut convolution": "0_conv",
  "shortcut normalisation": "0_bn",
  sum: "add",
  output: "out",
} as const;

const kerasStyle: ResidualStyle = {
  name: (stage, block, part) => `conv${stage + 2}_block${block + 1}_${KERAS_PARTS[part]}`,
  ...{ bias: true, epsilon: 1.001e-5, momentum: 0.99, stridden: 1, initialiser: "he-uniform" },
};

export const resnet18 = resnet(18, {
  torchvision: torchvision(18, "basic", { stages: [2, 2, 2, 2], parameters: 11_689_512 }),
});

export const resnet34 = resnet(34, {
  torchvision: torchvision(34, "basic", { stages: MEDIUM, parameters: 21_797_672 }),
});

export const resnet50 = resnet(50, {
  torchvision: torchvision(50, "bottleneck", { stages: MEDIUM, parameters: 25_557_032 }),
  keras: keras(50, { stages: MEDIUM, parameters: 25_636_712 }),
});

export const resnet101 = resnet(101, {
  torchvision: torchvision(101, "bottleneck", { stages: LARGE, parameters: 44_549_160 }),
  keras: keras(101, { stages: LARGE, parameters: 44_707_176 }),
});

function resnet(
  depth: number,
  variants: Partial<Record<"torchvision" | "keras", Variant>>,
): ArchitectureDefinition {
  return {
    title: `ResNet-${depth}`,
    paper: "He, Zhang, Ren, Sun: Deep residual learning for image recognition, 2015",
    axes: [2],
    variants,
  };
}

interface Size {
  readonly stages: Stages;
  readonly parameters: number;
}

function torchvision(depth: number, kind: BlockKind, { stages, parameters }: Size): Variant {
  return {
    source: `torchvision.models.resnet${depth}`,
    ...{ input: [3, 224, 224], leastSize: 1, classes: 1000, parameters },
    ...{ output: "linear", scaling: imagenetScaling },
    lastBlock: `layer4.${stages[3] - 1}.${kind === "basic" ? "relu_1" : "relu_2"}`,
    head: "fc",
    features: () =>
      chain(
        stem("conv1", "bn1", "relu", "maxpool", { bias: false, epsilon: 1e-5, momentum: 0.9 }),
        residualStages(
          stages,
          kind,
          torchvisionStyle(kind, (stage, block) => `layer${stage + 1}.${block}`),
        ),
      ),
    top: (options) => pooledTop(options, "fc", "avgpool"),
  };
}

function keras(depth: number, { stages, parameters }: Size): Variant {
  return {
    source: `keras.applications.ResNet${depth}`,
    ...{ input: [3, 224, 224], leastSize: 32, classes: 1000, parameters },
    ...{ output: "softmax", scaling: caffeScaling },
    lastBlock: `conv5_block${stages[3]}_out`,
    head: "predictions",
    features: () =>
      chain(
        stem("conv1_conv", "conv1_bn", "conv1_relu", "pool1_pool", kerasStyle),
        residualStages(stages, "bottleneck", kerasStyle),
      ),
    top: (options) => pooledTop(options, "predictions", "avg_pool"),
  };
}

/** A wide convolution and a pool, each halving the size. Zeros around what went through a ReLU never win a maximum. */
function stem(
  conv: string,
  norm: string,
  relu: string,
  pool: string,
  { bias, epsilon, momentum }: Pick<ResidualStyle, "bias" | "epsilon" | "momentum">,
): Layer {
  return chain(
    convolution({
      ...{ filters: 64, kernel: 7, stride: 2, padding: 3, bias },
      ...{ initialiser: "he-uniform", name: conv },
    }),
    batchNormalisation({ epsilon, momentum, name: norm }),
    activation("relu", { name: relu }),
    maxPool({ size: 3, stride: 2, padding: 1, name: pool }),
  );
}
