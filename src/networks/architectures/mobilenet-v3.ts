// MobileNetV3 small and large, as torchvision.models and keras.applications have them. Howard et al.: "Searching for
// MobileNetV3", 2019, tables 1 and 2.

import type { ActivationName } from "../layers/activation.ts";
import { activation } from "../layers/activation.ts";
import { dropout, flatten } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { globalAveragePool } from "../layers/pooling.ts";
import { rescale } from "../layers/scaling.ts";
import type { ArchitectureDefinition, TopOptions, Variant } from "./architecture.ts";
import {
  divisible,
  type InvertedResidualNames,
  invertedResidual,
  type MobileStyle,
  type NormalisedNames,
  normalised,
} from "./inverted-residual.ts";
import { byteScaling, imagenetScaling } from "./pixel-scaling.ts";

/** A line of the paper's tables: bneck, exp size, #out, SE, NL, s. */
type Bneck = readonly [
  kernel: number,
  expanded: number,
  filters: number,
  squeeze: boolean,
  function_: "RE" | "HS",
  stride: number,
];

const LARGE: readonly Bneck[] = [
  [3, 16, 16, false, "RE", 1],
  [3, 64, 24, false, "RE", 2],
  [3, 72, 24, false, "RE", 1],
  [5, 72, 40, true, "RE", 2],
  [5, 120, 40, true, "RE", 1],
  [5, 120, 40, true, "RE", 1],
  [3, 240, 80, false, "HS", 2],
  [3, 200, 80, false, "HS", 1],
  [3, 184, 80, false, "HS", 1],
  [3, 184, 80, false, "HS", 1],
  [3, 480, 112, true, "HS", 1],
  [3, 672, 112, true, "HS", 1],
  [5, 672, 160, true, "HS", 2],
  [5, 960, 160, true, "HS", 1],
  [5, 960, 160, true, "HS", 1],
];

const SMALL: readonly Bneck[] = [
  [3, 16, 16, true, "RE", 2],
  [3, 72, 24, false, "RE", 2],
  [3, 88, 24, false, "RE", 1],
  [5, 96, 40, true, "HS", 2],
  [5, 240, 40, true, "HS", 1],
  [5, 240, 40, true, "HS", 1],
  [5, 120, 48, true, "HS", 1],
  [5, 144, 48, true, "HS", 1],
  [5, 288, 96, true, "HS", 2],
  [5, 576, 96, true, "HS", 1],
  [5, 576, 96, true, "HS", 1],
];

interface MobileNetStyle extends MobileStyle {
  readonly stem: NormalisedNames;
  block(at: number, isExpanded: boolean, isSqueezed: boolean): InvertedResidualNames;
  last(blocks: number): NormalisedNames;
}

const shared = { epsilon: 1e-3, squeeze: "relu", gate: "hard-sigmoid" } as const;

/** Parts that a block lacks are not counted. */
const torchvisionStyle: MobileNetStyle = {
  ...{ ...shared, momentum: 0.99, padding: "centred" },
  stem: ["features.0.0", "features.0.1", "features.0.2"],
  block(at, isExpanded, isSqueezed) {
    const name = `features.${at + 1}`;
    const first = isExpanded ? 1 : 0;
    const part = (number: number) => `${name}.block.${number}`;
    const [depthwise, excite, project] = [first, first + 1, first + (isSqueezed ? 2 : 1)].map(part);
    return {
      expand: [`${part(0)}.0`, `${part(0)}.1`, `${part(0)}.2`],
      depthwise: [`${depthwise}.0`, `${depthwise}.1`, `${depthwise}.2`],
      excite: [`${excite}.avgpool`, `${excite}.fc1`, `${excite}.fc2`, `${excite}.mul`],
      project: [`${project}.0`, `${project}.1`],
      drop: `${name}.stochastic_depth`,
      sum: `${name}.add`,
    };
  },
  last: (blocks) => {
    const name = `features.${blocks + 1}`;
    return [`${name}.0`, `${name}.1`, `${name}.2`];
  },
};

const kerasStyle: MobileNetStyle = {
  ...{ ...shared, momentum: 0.999, padding: "same" },
  stem: ["conv", "conv_bn", "conv_activation"],
  block(at) {
    const name = at === 0 ? "expanded_conv_" : `expanded_conv_${at}_`;
    const excite = `${name}squeeze_excite_`;
    return {
      expand: [`${name}expand`, `${name}expand_bn`, `${name}expand_activation`],
      depthwise: [`${name}depthwise`, `${name}depthwise_bn`, `${name}depthwise_activation`],
      excite: [`${excite}avg_pool`, `${excite}conv`, `${excite}conv_1`, `${excite}mul`],
      project: [`${name}project`, `${name}project_bn`],
      drop: `${name}drop`,
      sum: `${name}add`,
    };
  },
  last: () => ["conv_1", "conv_1_bn", "conv_1_activation"],
};

export const mobilenetV3Large = mobileNet("large", LARGE, {
  units: 1280,
  parameters: { torchvision: 5_483_032, keras: 5_507_432 },
});

export const mobilenetV3Small = mobileNet("small", SMALL, {
  units: 1024,
  parameters: { torchvision: 2_542_856, keras: 2_554_968 },
});

function mobileNet(
  size: "small" | "large",
  blocks: readonly Bneck[],
  { units, parameters }: { units: number; parameters: { torchvision: number; keras: number } },
): ArchitectureDefinition {
  const input = [3, 224, 224];
  const torchvision: Variant = {
    source: `torchvision.models.mobilenet_v3_${size}`,
    ...{ input, leastSize: 1, classes: 1000, parameters: parameters.torchvision },
    ...{ output: "linear", scaling: imagenetScaling },
    ...{ lastBlock: torchvisionStyle.last(blocks.length)[2], head: "classifier.3" },
    features: () => features(blocks, torchvisionStyle),
    top: (options) => torchvisionTop(options, units),
  };
  const keras: Variant = {
    source: `keras.applications.MobileNetV3${size === "small" ? "Small" : "Large"}`,
    ...{ input, leastSize: 32, classes: 1000, parameters: parameters.keras },
    ...{ output: "softmax", scaling: byteScaling },
    ...{ lastBlock: kerasStyle.last(blocks.length)[2], head: "logits" },
    features: () => chain(kerasScaling(), features(blocks, kerasStyle)),
    top: (options) => kerasTop(options, units),
  };
  return {
    title: `MobileNetV3 ${size}`,
    paper: "Howard et al.: Searching for MobileNetV3, 2019",
    axes: [2],
    variants: { torchvision, keras },
  };
}

/** Of pixels in 0 … 255 to −1 … 1. */
const kerasScaling = () => rescale({ factor: [1 / 127.5], offset: [-1], name: "rescaling" });

const FUNCTIONS = { RE: "relu", HS: "hard-swish" } as const satisfies Record<
  Bneck[4],
  ActivationName
>;

function features(blocks: readonly Bneck[], style: MobileNetStyle): Layer {
  const hardSwish = { style, function: FUNCTIONS.HS };
  const last = blocks[blocks.length - 1][2];
  return chain(
    normalised(style.stem, { ...hardSwish, filters: 16, kernel: 3, stride: 2 }),
    ...blocks.map(([kernel, expanded, filters, squeeze, name, stride], at) =>
      invertedResidual({
        names: style.block(at, at > 0, squeeze),
        ...{ style, kernel, stride, expanded, filters, function: FUNCTIONS[name] },
        ...(squeeze ? { squeezed: divisible(expanded / 4) } : {}),
      }),
    ),
    normalised(style.last(blocks.length), { ...hardSwish, filters: 6 * last }),
  );
}

function torchvisionTop({ classes, output }: TopOptions, units: number): Layer {
  return chain(
    globalAveragePool({ name: "avgpool" }),
    dense({ units, name: "classifier.0" }),
    activation("hard-swish", { name: "classifier.1" }),
    dropout(0.2, { name: "classifier.2" }),
    dense({ units: classes, activation: output, name: "classifier.3" }),
  );
}

/** The same by convolutions of size 1, which its weight files hold. */
function kerasTop({ classes, output }: TopOptions, units: number): Layer {
  return chain(
    globalAveragePool({ keepAxes: true, name: "global_average_pooling2d" }),
    convolution({ filters: units, kernel: 1, activation: "hard-swish", name: "conv_2" }),
    dropout(0.2, { name: "dropout" }),
    convolution({ filters: classes, kernel: 1, name: "logits" }),
    flatten({ name: "flatten" }),
    activation(output, { name: "predictions" }),
  );
}
