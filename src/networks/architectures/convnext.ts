// ConvNeXt-Tiny, as torchvision.models has it. Liu et al.: "A ConvNet for the 2020s", 2022, sections 2 and 3.

import { activation } from "../layers/activation.ts";
import { add, permute, stochasticDepth } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { layerNormalisation } from "../layers/normalisation.ts";
import { globalAveragePool } from "../layers/pooling.ts";
import { layerScale } from "../layers/scaling.ts";
import type { ArchitectureDefinition, TopOptions } from "./architecture.ts";
import { imagenetScaling } from "./pixel-scaling.ts";

const WIDTHS = [96, 192, 384, 768];
const DEPTHS = [3, 3, 9, 3];
const DROP = 0.1;

export const convnextTiny: ArchitectureDefinition = {
  title: "ConvNeXt-Tiny",
  paper: "Liu, Mao, Wu, Feichtenhofer, Darrell, Xie: A ConvNet for the 2020s, 2022",
  axes: [2],
  variants: {
    torchvision: {
      source: "torchvision.models.convnext_tiny",
      ...{ input: [3, 224, 224], leastSize: 32, classes: 1000, parameters: 28_589_128 },
      ...{ output: "linear", scaling: imagenetScaling },
      ...{ lastBlock: "features.7.2.add", head: "classifier.2" },
      features,
      top,
    },
  },
};

/** A stem, and stages with a step to half the size between them; torchvision numbers them together. */
function features(): Layer {
  const total = DEPTHS.reduce((sum, depth) => sum + depth, 0);
  let done = 0;
  return chain(
    shrinking({ filters: WIDTHS[0], stride: 4, name: "features.0.0" }),
    normalised("features.0.1"),
    ...DEPTHS.flatMap((depth, stage) => {
      const at = 2 * stage + 1;
      const blocks = Array.from({ length: depth }, (_, block) =>
        convNextBlock({
          name: `features.${at}.${block}`,
          filters: WIDTHS[stage],
          drop: (DROP * done++) / (total - 1),
        }),
      );
      if (stage === DEPTHS.length - 1) return blocks;
      const next = { filters: WIDTHS[stage + 1], stride: 2, name: `features.${at + 1}.1` };
      return [...blocks, normalised(`features.${at + 1}.0`), shrinking(next)];
    }),
  );
}

const initialiser = "narrow-normal";

const normalised = (name: string) => layerNormalisation({ over: "channels", epsilon: 1e-6, name });

/** A convolution of patches that do not overlap. */
const shrinking = ({ filters, stride, name }: { filters: number; stride: number; name: string }) =>
  convolution({ filters, kernel: stride, stride, initialiser, name });

/** A 7×7 convolution of each channel, and two dense layers at each position, beside the input. */
function convNextBlock({
  name,
  filters,
  drop,
}: {
  name: string;
  filters: number;
  drop: number;
}): Layer {
  const inner = chain(
    convolution({
      ...{ filters, kernel: 7, padding: 3, groups: filters },
      ...{ initialiser, name: `${name}.block.0` },
    }),
    permute([2, 3, 1], { name: `${name}.block.1` }),
    layerNormalisation({ epsilon: 1e-6, name: `${name}.block.2` }),
    dense({ units: 4 * filters, initialiser, name: `${name}.block.3` }),
    activation("gelu", { name: `${name}.block.4` }),
    dense({ units: filters, initialiser, name: `${name}.block.5` }),
    permute([3, 1, 2], { name: `${name}.block.6` }),
    layerScale({ name }),
    ...(drop > 0 ? [stochasticDepth(drop, { name: `${name}.stochastic_depth` })] : []),
  );
  return (input) => add({ name: `${name}.add` })(inner(input), input);
}

function top({ classes, output }: TopOptions): Layer {
  return chain(
    globalAveragePool({ name: "avgpool" }),
    layerNormalisation({ epsilon: 1e-6, name: "classifier.0" }),
    dense({ units: classes, activation: output, initialiser, name: "classifier.2" }),
  );
}
