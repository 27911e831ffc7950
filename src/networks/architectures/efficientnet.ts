// EfficientNet-B0 to -B3, as torchvision.models and keras.applications have them. Tan, Le: "EfficientNet: rethinking model
// scaling for convolutional neural networks", 2019, table 1 and equation 3.

import { dropout } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { globalAveragePool } from "../layers/pooling.ts";
import { rescale, standardise } from "../layers/scaling.ts";
import type { ArchitectureDefinition, TopOptions } from "./architecture.ts";
import {
  divisible,
  type InvertedResidualNames,
  invertedResidual,
  type MobileStyle,
  type NormalisedNames,
  normalised,
} from "./inverted-residual.ts";
import { byteScaling, imagenetScaling, scalingFor } from "./pixel-scaling.ts";

/** A stage of B0. */
interface Stage {
  readonly ratio: number;
  readonly kernel: number;
  readonly stride: number;
  readonly filters: number;
  readonly blocks: number;
}

const STAGES: readonly Stage[] = [
  { ratio: 1, kernel: 3, stride: 1, filters: 16, blocks: 1 },
  { ratio: 6, kernel: 3, stride: 2, filters: 24, blocks: 2 },
  { ratio: 6, kernel: 5, stride: 2, filters: 40, blocks: 2 },
  { ratio: 6, kernel: 3, stride: 2, filters: 80, blocks: 3 },
  { ratio: 6, kernel: 5, stride: 1, filters: 112, blocks: 3 },
  { ratio: 6, kernel: 5, stride: 2, filters: 192, blocks: 4 },
  { ratio: 6, kernel: 3, stride: 1, filters: 320, blocks: 1 },
];

/** How a member of the family differs from B0. */
interface Scale {
  readonly width: number;
  readonly depth: number;
  readonly dropout: number;
  /** Sizes of the references' images, and their parameters. */
  readonly torchvision: readonly [size: number, parameters: number];
  readonly keras: readonly [size: number, parameters: number];
}

interface EfficientNetStyle extends MobileStyle {
  readonly stem: NormalisedNames;
  block(stage: number, at: number, isExpanded: boolean): InvertedResidualNames;
  readonly last: NormalisedNames;
  readonly top: { readonly pool: string; drop: string; head: string };
}

/** Blocks without a first convolution count their parts from 0 all the same. */
const torchvisionStyle = (stages: number): EfficientNetStyle => ({
  ...{ epsilon: 1e-5, momentum: 0.9, padding: "centred", squeeze: "silu", gate: "sigmoid" },
  stem: ["features.0.0", "features.0.1", "features.0.2"],
  block(stage, at, isExpanded) {
    const name = `features.${stage + 1}.${at}`;
    const part = (number: number) => `${name}.block.${isExpanded ? number : number - 1}`;
    return {
      expand: [`${part(0)}.0`, `${part(0)}.1`, `${part(0)}.2`],
      depthwise: [`${part(1)}.0`, `${part(1)}.1`, `${part(1)}.2`],
      excite: [`${part(2)}.avgpool`, `${part(2)}.fc1`, `${part(2)}.fc2`, `${part(2)}.mul`],
      project: [`${part(3)}.0`, `${part(3)}.1`],
      drop: `${name}.stochastic_depth`,
      sum: `${name}.add`,
    };
  },
  last: [`features.${stages + 1}.0`, `features.${stages + 1}.1`, `features.${stages + 1}.2`],
  top: { pool: "avgpool", drop: "classifier.0", head: "classifier.1" },
});

const kerasStyle: EfficientNetStyle = {
  ...{ epsilon: 1e-3, momentum: 0.99, padding: "same", squeeze: "silu", gate: "sigmoid" },
  stem: ["stem_conv", "stem_bn", "stem_activation"],
  block(stage, at) {
    const name = `block${stage + 1}${String.fromCharCode(97 + at)}_`;
    return {
      expand: [`${name}expand_conv`, `${name}expand_bn`, `${name}expand_activation`],
      depthwise: [`${name}dwconv`, `${name}bn`, `${name}activation`],
      excite: [`${name}se_squeeze`, `${name}se_reduce`, `${name}se_expand`, `${name}se_excite`],
      project: [`${name}project_conv`, `${name}project_bn`],
      drop: `${name}drop`,
      sum: `${name}add`,
    };
  },
  last: ["top_conv", "top_bn", "top_activation"],
  top: { pool: "avg_pool", drop: "top_dropout", head: "predictions" },
};

export const efficientnetB0 = efficientNet("B0", {
  ...{ width: 1, depth: 1, dropout: 0.2 },
  torchvision: [224, 5_288_548],
  keras: [224, 5_330_571],
});

export const efficientnetB1 = efficientNet("B1", {
  ...{ width: 1, depth: 1.1, dropout: 0.2 },
  torchvision: [240, 7_794_184],
  keras: [240, 7_856_239],
});

export const efficientnetB2 = efficientNet("B2", {
  ...{ width: 1.1, depth: 1.2, dropout: 0.3 },
  torchvision: [288, 9_109_994],
  keras: [260, 9_177_569],
});

export const efficientnetB3 = efficientNet("B3", {
  ...{ width: 1.2, depth: 1.4, dropout: 0.3 },
  torchvision: [300, 12_233_232],
  keras: [300, 12_320_535],
});

function efficientNet(member: string, scale: Scale): ArchitectureDefinition {
  const [torchvisionSize, torchvisionParameters] = scale.torchvision;
  const [kerasSize, kerasParameters] = scale.keras;
  const style = torchvisionStyle(STAGES.length);
  return {
    title: `EfficientNet-${member}`,
    paper:
      "Tan, Le: EfficientNet: rethinking model scaling for convolutional neural networks, 2019",
    axes: [2],
    variants: {
      torchvision: {
        source: `torchvision.models.efficientnet_${member.toLowerCase()}`,
        input: [3, torchvisionSize, torchvisionSize],
        ...{ leastSize: 1, classes: 1000, parameters: torchvisionParameters },
        ...{ output: "linear", scaling: imagenetScaling },
        ...{ lastBlock: style.last[2], head: style.top.head },
        features: () => features(scale, style),
        top: (options) => top(options, scale, style),
      },
      keras: {
        source: `keras.applications.EfficientNet${member}`,
        input: [3, kerasSize, kerasSize],
        ...{ leastSize: 32, classes: 1000, parameters: kerasParameters },
        ...{ output: "softmax", scaling: byteScaling },
        ...{ lastBlock: kerasStyle.last[2], head: kerasStyle.top.head },
        features: () => chain(kerasScaling, features(scale, kerasStyle)),
        top: (options) => top(options, scale, kerasStyle),
      },
    },
  };
}

/**
 * Of pixels in 0 … 255. Its weight files hold ImageNet's deviations as variances, so that a second factor makes up for the missing root
 * (github.com/tensorflow/tensorflow/issues/49930).
 */
const kerasScaling: Layer = (input) => {
  const { mean, deviation } = scalingFor(imagenetScaling, Number(input.shape[1]));
  return chain(
    rescale({ factor: [1 / 255], name: "rescaling" }),
    standardise({ mean: [...mean], variance: [...deviation], name: "normalization" }),
    rescale({ factor: deviation.map((one) => 1 / Math.sqrt(one)), name: "rescaling_1" }),
  )(input);
};

function features({ width, depth }: Scale, style: EfficientNetStyle): Layer {
  const blocks = STAGES.flatMap((stage, at) => {
    const count = Math.ceil(depth * stage.blocks);
    return Array.from({ length: count }, (_, inStage) => ({ ...stage, stage: at, inStage }));
  });
  const silu = { style, function: "silu" } as const;
  return chain(
    normalised(style.stem, { ...silu, filters: divisible(32 * width), kernel: 3, stride: 2 }),
    ...blocks.map(({ ratio, kernel, stride, filters, stage, inStage }, at): Layer => {
      return (input) => {
        const channels = Number(input.shape[1]);
        return invertedResidual({
          names: style.block(stage, inStage, ratio > 1),
          ...{ ...silu, kernel, expanded: divisible(channels * ratio) },
          stride: inStage === 0 ? stride : 1,
          filters: divisible(filters * width),
          squeezed: Math.max(1, Math.floor(channels / 4)),
          drop: (0.2 * at) / blocks.length,
        })(input);
      };
    }),
    normalised(style.last, { ...silu, filters: 4 * divisible(320 * width) }),
  );
}

function top({ classes, output }: TopOptions, scale: Scale, style: EfficientNetStyle): Layer {
  const { pool, drop, head } = style.top;
  return chain(
    globalAveragePool({ name: pool }),
    dropout(scale.dropout, { name: drop }),
    dense({ units: classes, activation: output, name: head }),
  );
}
