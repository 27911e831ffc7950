// Residual networks: blocks whose convolutions add to what came in, in the words of several implementations.
// He et al.: "Deep residual learning for image recognition", 2015, table 1.

import { activation } from "../layers/activation.ts";
import { add } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { batchNormalisation } from "../layers/normalisation.ts";
import { globalAveragePool } from "../layers/pooling.ts";
import type { TopOptions } from "./architecture.ts";

/** Parts of a residual block; the numbers are those of its convolutions. */
type Part =
  | `${"convolution" | "normalisation" | "relu"}${1 | 2 | 3}`
  | "shortcut convolution"
  | "shortcut normalisation"
  | "sum"
  | "output";

/** What implementations do differently. */
export interface ResidualStyle {
  /** The name of a part of a block of a stage, both from 0. */
  name(stage: number, block: number, part: Part): string;
  /** Whether convolutions before a normalisation have a bias all the same. */
  readonly bias: boolean;
  readonly epsilon: number;
  /** Part of the running statistics that a step keeps. */
  readonly momentum: number;
  /** The convolution of a bottleneck that has the stride: the first 1×1, or the 3×3. */
  readonly stridden: 1 | 2;
  readonly initialiser: "he-normal" | "he-uniform";
}

/** What torchvision calls the parts of a block. */
const PARTS = {
  convolution1: "conv1",
  convolution2: "conv2",
  convolution3: "conv3",
  normalisation1: "bn1",
  normalisation2: "bn2",
  normalisation3: "bn3",
  relu1: "relu",
  relu2: "relu_1",
  relu3: "relu_2",
  "shortcut convolution": "downsample.0",
  "shortcut normalisation": "downsample.1",
  sum: "add",
} as const;

/** Arithmetic and names of torchvision, where blocks are called by a function. */
export function torchvisionStyle(
  kind: BlockKind,
  block: (stage: number, block: number) => string,
): ResidualStyle {
  // The last activation is counted with the others.
  const parts = { ...PARTS, output: kind === "basic" ? "relu_1" : "relu_2" };
  return {
    name: (stage, at, part) => `${block(stage, at)}.${parts[part]}`,
    ...{ bias: false, epsilon: 1e-5, momentum: 0.9, stridden: 2, initialiser: "he-uniform" },
  };
}

/** Blocks in each of the four stages. */
export type Stages = readonly [number, number, number, number];

export type BlockKind = "basic" | "bottleneck";

/** Four stages, each at half the size and with twice the channels of the one before. */
export function residualStages(stages: Stages, kind: BlockKind, style: ResidualStyle): Layer {
  const block = kind === "basic" ? basicBlock : bottleneck;
  return chain(
    ...stages.flatMap((count, stage) =>
      Array.from({ length: count }, (_, at) =>
        block({
          name: (part) => style.name(stage, at, part),
          filters: 64 << stage,
          stride: stage > 0 && at === 0 ? 2 : 1,
          style,
        }),
      ),
    ),
  );
}

/** Means of the channels, and a dense layer. */
export function pooledTop({ classes, output }: TopOptions, head: string, pool: string): Layer {
  return chain(
    globalAveragePool({ name: pool }),
    dense({ units: classes, activation: output, name: head }),
  );
}

interface BlockOptions {
  name(part: Part): string;
  readonly filters: number;
  readonly stride: number;
  readonly style: ResidualStyle;
}

/** Two 3×3 convolutions beside the input. */
export function basicBlock(options: BlockOptions): Layer {
  const { name, filters, stride } = options;
  const normalised = normalisedConvolutions(options);
  return residual(options, filters, [
    ...normalised(1, { filters, kernel: 3, stride }),
    activation("relu", { name: name("relu1") }),
    ...normalised(2, { filters, kernel: 3 }),
  ]);
}

/** Down to fewer channels, a 3×3 convolution, and up to four times as many. */
function bottleneck(options: BlockOptions): Layer {
  const { name, filters, stride, style } = options;
  const normalised = normalisedConvolutions(options);
  const strideOf = (at: 1 | 2) => (style.stridden === at ? stride : 1);
  return residual(options, 4 * filters, [
    ...normalised(1, { filters, kernel: 1, stride: strideOf(1) }),
    activation("relu", { name: name("relu1") }),
    ...normalised(2, { filters, kernel: 3, stride: strideOf(2) }),
    activation("relu", { name: name("relu2") }),
    ...normalised(3, { filters: 4 * filters, kernel: 1 }),
  ]);
}

type Kernel = { filters: number; kernel: number; stride?: number };

/** A convolution of a block and its normalisation, by the convolution's number. */
function normalisedConvolutions({ name, style }: BlockOptions) {
  const { bias, epsilon, momentum, initialiser } = style;
  return (at: 1 | 2 | 3, { filters, kernel, stride = 1 }: Kernel): [Layer, Layer] => [
    convolution({
      ...{ filters, kernel, stride, bias, padding: (kernel - 1) / 2 },
      ...{ initialiser, name: name(`convolution${at}`) },
    }),
    batchNormalisation({ epsilon, momentum, name: name(`normalisation${at}`) }),
  ];
}

/** relu(x + f(x)), with a convolution of size 1 beside where size or channels change. */
function residual(
  { name, stride, style }: BlockOptions,
  filters: number,
  inner: readonly Layer[],
): Layer {
  const { bias, epsilon, momentum, initialiser } = style;
  const shortcut = chain(
    convolution({
      ...{ filters, kernel: 1, stride, bias },
      ...{ initialiser, name: name("shortcut convolution") },
    }),
    batchNormalisation({ epsilon, momentum, name: name("shortcut normalisation") }),
  );
  return (input) => {
    const isSame = stride === 1 && input.shape[1] === filters;
    const beside = isSame ? input : shortcut(input);
    const sum = add({ name: name("sum") })(beside, chain(...inner)(input));
    return activation("relu", { name: name("output") })(sum);
  };
}
