// Residual networks as torchvision.models has them. He et al.: "Deep residual learning for image recognition", 2015, table 1;
// the stride of a bottleneck is in its 3×3 convolution ("v1.5", Goyal et al. 2017, section 5.1).

import { activation } from "../layers/activation.ts";
import { add } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { batchNormalisation } from "../layers/normalisation.ts";
import { globalAveragePool, maxPool } from "../layers/pooling.ts";
import type { TopOptions, Variant } from "./architecture.ts";
import { imagenetScaling } from "./pixel-scaling.ts";

/** A block of residual layers: what it is called, how many channels it works in, and its stride. */
interface BlockOptions {
  readonly name: string;
  readonly filters: number;
  readonly stride: number;
}

type Block = (options: BlockOptions) => Layer;

/** Blocks in each of the four stages. */
export type Stages = readonly [number, number, number, number];

/** A network of basic blocks (18, 34) or bottlenecks (50, 101). */
export function torchvisionResNet(
  depth: number,
  { block, stages, parameters }: { block: Block; stages: Stages; parameters: number },
): Variant {
  return {
    source: `torchvision.models.resnet${depth}`,
    input: [3, 224, 224],
    leastSize: 1,
    classes: 1000,
    output: "linear",
    scaling: imagenetScaling,
    parameters,
    lastBlock: `layer4.${stages[3] - 1}.relu_${block === basicBlock ? 1 : 2}`,
    head: "fc",
    features: () => chain(stem(), residualStages(stages, block)),
    top: residualTop,
  };
}

const stem = () =>
  chain(
    convolution({ ...plain, filters: 64, kernel: 7, stride: 2, padding: 3, name: "conv1" }),
    batchNormalisation({ name: "bn1" }),
    activation("relu", { name: "relu" }),
    maxPool({ size: 3, stride: 2, padding: 1, name: "maxpool" }),
  );

/** Convolutions before a normalisation need no bias. */
const plain = { bias: false, initialiser: "he-normal" } as const;

/** Four stages, each at half the size and with twice the channels of the one before. */
function residualStages(stages: Stages, block: Block): Layer {
  return chain(
    ...stages.flatMap((blocks, stage) =>
      Array.from({ length: blocks }, (_, at) =>
        block({
          name: `layer${stage + 1}.${at}`,
          filters: 64 << stage,
          stride: stage > 0 && at === 0 ? 2 : 1,
        }),
      ),
    ),
  );
}

const residualTop = ({ classes, output }: TopOptions) =>
  chain(
    globalAveragePool({ name: "avgpool" }),
    dense({ units: classes, activation: output, name: "fc" }),
  );

/** Two 3×3 convolutions beside the input. */
export function basicBlock({ name, filters, stride }: BlockOptions): Layer {
  return residual({ name, filters, stride, lastRelu: "relu_1" }, [
    convolution({ ...plain, filters, kernel: 3, stride, padding: 1, name: `${name}.conv1` }),
    batchNormalisation({ name: `${name}.bn1` }),
    activation("relu", { name: `${name}.relu` }),
    convolution({ ...plain, filters, kernel: 3, padding: 1, name: `${name}.conv2` }),
    batchNormalisation({ name: `${name}.bn2` }),
  ]);
}

/** Down to fewer channels, a 3×3 convolution, and up to four times as many. */
export function bottleneck({ name, filters, stride }: BlockOptions): Layer {
  return residual({ name, filters: 4 * filters, stride, lastRelu: "relu_2" }, [
    convolution({ ...plain, filters, kernel: 1, name: `${name}.conv1` }),
    batchNormalisation({ name: `${name}.bn1` }),
    activation("relu", { name: `${name}.relu` }),
    convolution({ ...plain, filters, kernel: 3, stride, padding: 1, name: `${name}.conv2` }),
    batchNormalisation({ name: `${name}.bn2` }),
    activation("relu", { name: `${name}.relu_1` }),
    convolution({ ...plain, filters: 4 * filters, kernel: 1, name: `${name}.conv3` }),
    batchNormalisation({ name: `${name}.bn3` }),
  ]);
}

/** relu(x + f(x)), with a convolution of size 1 beside where size or channels change. */
function residual(
  { name, filters, stride, lastRelu }: BlockOptions & { lastRelu: string },
  inner: readonly Layer[],
): Layer {
  const shortcut = chain(
    convolution({ ...plain, filters, kernel: 1, stride, name: `${name}.downsample.0` }),
    batchNormalisation({ name: `${name}.downsample.1` }),
  );
  return (input) => {
    const changed = chain(...inner)(input);
    const isSame = stride === 1 && input.shape[1] === filters;
    const sum = add({ name: `${name}.add` })(changed, isSame ? input : shortcut(input));
    return activation("relu", { name: `${name}.${lastRelu}` })(sum);
  };
}
