// DenseNet-121, as torchvision.models, keras.applications and torchxrayvision have it. Huang et al.: "Densely connected
// convolutional networks", 2017, table 1: growth of 32, bottlenecks of 4 · 32, transitions to half the channels.

import { activation } from "../layers/activation.ts";
import { concatenate } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import type { Layer } from "../layers/layer.ts";
import { batchNormalisation } from "../layers/normalisation.ts";
import { averagePool, maxPool } from "../layers/pooling.ts";
import type { ArchitectureDefinition, Variant } from "./architecture.ts";
import { imagenetScaling, type PixelScaling } from "./pixel-scaling.ts";
import { pooledTop } from "./resnet.ts";

const GROWTH = 32;
const BLOCKS = [6, 12, 24, 16];

type LayerPart = "norm1" | "relu1" | "conv1" | "norm2" | "relu2" | "conv2" | "concat";
type TransitionPart = "norm" | "relu" | "conv" | "pool";

/** What implementations do differently. */
interface DenseStyle {
  readonly stem: { readonly conv: string; norm: string; relu: string; pool: string };
  /** The name of a part of a layer of a block, both from 0. */
  layer(block: number, at: number, part: LayerPart): string;
  transition(block: number, part: TransitionPart): string;
  readonly last: { readonly norm: string; relu: string };
  readonly epsilon: number;
  readonly momentum: number;
}

const torchvisionStyle: DenseStyle = {
  stem: {
    conv: "features.conv0",
    norm: "features.norm0",
    relu: "features.relu0",
    pool: "features.pool0",
  },
  layer: (block, at, part) => `features.denseblock${block + 1}.denselayer${at + 1}.${part}`,
  transition: (block, part) => `features.transition${block + 1}.${part}`,
  last: { norm: "features.norm5", relu: "features.relu5" },
  epsilon: 1e-5,
  momentum: 0.9,
};

const KERAS_PARTS = {
  norm1: "0_bn",
  relu1: "0_relu",
  conv1: "1_conv",
  norm2: "1_bn",
  relu2: "1_relu",
  conv2: "2_conv",
  concat: "concat",
  norm: "bn",
  relu: "relu",
  conv: "conv",
  pool: "pool",
} as const;

const kerasStyle: DenseStyle = {
  stem: { conv: "conv1_conv", norm: "conv1_bn", relu: "conv1_relu", pool: "pool1" },
  layer: (block, at, part) => `conv${block + 2}_block${at + 1}_${KERAS_PARTS[part]}`,
  transition: (block, part) => `pool${block + 2}_${KERAS_PARTS[part]}`,
  last: { norm: "bn", relu: "relu" },
  epsilon: 1.001e-5,
  momentum: 0.99,
};

/** Pixels to −1024 … 1024 (torchxrayvision.datasets.normalize). */
const xrayScaling: PixelScaling = { order: "RGB", factor: 2048, mean: [1024], deviation: [1] };

const torchvision: Variant = {
  source: "torchvision.models.densenet121",
  ...{ input: [3, 224, 224], leastSize: 29, classes: 1000, parameters: 7_978_856 },
  ...{ output: "linear", scaling: imagenetScaling },
  ...{ lastBlock: torchvisionStyle.last.relu, head: "classifier" },
  features: () => features(torchvisionStyle),
  top: (options) => pooledTop(options, "classifier", "avgpool"),
};

export const densenet121: ArchitectureDefinition = {
  title: "DenseNet-121",
  paper: "Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks, 2017",
  axes: [2],
  variants: {
    torchvision,
    keras: {
      source: "keras.applications.DenseNet121",
      ...{ input: [3, 224, 224], leastSize: 32, classes: 1000, parameters: 8_062_504 },
      ...{ output: "softmax", scaling: imagenetScaling },
      ...{ lastBlock: kerasStyle.last.relu, head: "predictions" },
      features: () => features(kerasStyle),
      top: (options) => pooledTop(options, "predictions", "avg_pool"),
    },
    torchxrayvision: {
      ...torchvision,
      source: "torchxrayvision.models.DenseNet",
      ...{ input: [1, 224, 224], classes: 18, parameters: 6_966_034, scaling: xrayScaling },
    },
  },
};

function features(style: DenseStyle): Layer {
  const { stem, last } = style;
  const normalised = (name: string) =>
    batchNormalisation({ epsilon: style.epsilon, momentum: style.momentum, name });
  return chain(
    convolution({ ...plain, filters: 64, kernel: 7, stride: 2, padding: 3, name: stem.conv }),
    normalised(stem.norm),
    activation("relu", { name: stem.relu }),
    maxPool({ size: 3, stride: 2, padding: 1, name: stem.pool }),
    ...BLOCKS.flatMap((count, block) => [
      ...Array.from({ length: count }, (_, at) => denseLayer(style, block, at)),
      ...(block < BLOCKS.length - 1 ? [transition(style, block)] : []),
    ]),
    normalised(last.norm),
    activation("relu", { name: last.relu }),
  );
}

/** Convolutions before a normalisation need no bias. */
const plain = { bias: false, initialiser: "he-uniform" } as const;

/** Puts 32 new channels behind those that came in. */
function denseLayer({ layer, epsilon, momentum }: DenseStyle, block: number, at: number): Layer {
  const name = (part: LayerPart) => layer(block, at, part);
  const grow = chain(
    batchNormalisation({ epsilon, momentum, name: name("norm1") }),
    activation("relu", { name: name("relu1") }),
    convolution({ ...plain, filters: 4 * GROWTH, kernel: 1, name: name("conv1") }),
    batchNormalisation({ epsilon, momentum, name: name("norm2") }),
    activation("relu", { name: name("relu2") }),
    convolution({ ...plain, filters: GROWTH, kernel: 3, padding: 1, name: name("conv2") }),
  );
  return (input) => concatenate({ name: name("concat") })(input, grow(input));
}

/** Halves channels and size. */
function transition({ transition: named, epsilon, momentum }: DenseStyle, block: number): Layer {
  const name = (part: TransitionPart) => named(block, part);
  return (input) =>
    chain(
      batchNormalisation({ epsilon, momentum, name: name("norm") }),
      activation("relu", { name: name("relu") }),
      convolution({ ...plain, filters: Number(input.shape[1]) / 2, kernel: 1, name: name("conv") }),
      averagePool({ name: name("pool") }),
    )(input);
}
