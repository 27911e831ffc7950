// Inverted residual blocks, which mobile networks are made of: up to more channels, a convolution of each channel, weights for
// the channels, and down again. Sandler et al.: "MobileNetV2", 2018, section 3.3; Hu et al.: "Squeeze-and-excitation networks",
// 2018, section 3.

import { type ActivationName, activation } from "../layers/activation.ts";
import { add, multiply, stochasticDepth } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import type { Layer } from "../layers/layer.ts";
import { batchNormalisation } from "../layers/normalisation.ts";
import { globalAveragePool } from "../layers/pooling.ts";

/** A convolution, its normalisation and its activation. */
export type NormalisedNames = readonly [conv: string, norm: string, activation: string];

/** Names of the parts of a block. */
export interface InvertedResidualNames {
  readonly expand: NormalisedNames;
  readonly depthwise: NormalisedNames;
  /** The pool, two convolutions that squeeze and excite, and the product. */
  readonly excite: readonly [pool: string, squeeze: string, excite: string, product: string];
  readonly project: readonly [conv: string, norm: string];
  readonly drop: string;
  readonly sum: string;
}

/** What all blocks of a network have in common. */
export interface MobileStyle {
  readonly epsilon: number;
  /** Part of the running statistics that a step keeps. */
  readonly momentum: number;
  /** Zeros on both sides alike, or as few as the stride needs, the odd one after. */
  readonly padding: "centred" | "same";
  /** Of the first squeezing convolution and of the weights of channels. */
  readonly squeeze: ActivationName;
  readonly gate: ActivationName;
}

export interface InvertedResidualOptions {
  readonly names: InvertedResidualNames;
  readonly style: MobileStyle;
  readonly kernel: number;
  readonly stride: number;
  /** Channels within; as many as come in need no first convolution. */
  readonly expanded: number;
  readonly filters: number;
  /** Channels that the weights of channels are worked out from; none without them. */
  readonly squeezed?: number;
  readonly function: ActivationName;
  /** Part of the samples that skip the block in training. */
  readonly drop?: number;
}

export function invertedResidual(options: InvertedResidualOptions): Layer {
  const { names, style, kernel, stride, expanded, filters, squeezed, drop = 0 } = options;
  const within = { style, function: options.function };
  return (input) => {
    const channels = Number(input.shape[1]);
    const isExpanded = expanded !== channels;
    const inner = chain(
      ...(isExpanded ? [normalised(names.expand, { ...within, filters: expanded })] : []),
      normalised(names.depthwise, {
        ...within,
        filters: expanded,
        kernel,
        stride,
        groups: expanded,
      }),
      ...(squeezed ? [excited(names.excite, { style, channels: expanded, squeezed })] : []),
      normalised([...names.project, ""], { style, filters }),
    )(input);
    if (stride > 1 || filters !== channels) return inner;
    const kept = drop > 0 ? stochasticDepth(drop, { name: names.drop })(inner) : inner;
    return add({ name: names.sum })(kept, input);
  };
}

export interface NormalisedOptions {
  readonly style: MobileStyle;
  readonly filters: number;
  readonly kernel?: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly function?: ActivationName;
}

/** A convolution without bias, normalised, and put through a function where there is one. */
export function normalised(
  [conv, norm, after]: NormalisedNames,
  { style, filters, kernel = 1, stride = 1, groups = 1, function: applied }: NormalisedOptions,
): Layer {
  const { epsilon, momentum } = style;
  const padding = style.padding === "same" ? "same" : (kernel - 1) / 2;
  return chain(
    convolution({
      ...{ filters, kernel, stride, groups, padding, bias: false },
      ...{ initialiser: "he-uniform", name: conv },
    }),
    batchNormalisation({ epsilon, momentum, name: norm }),
    ...(applied ? [activation(applied, { name: after })] : []),
  );
}

/** Each channel times a weight that is worked out from the means of all. */
function excited(
  [pool, squeeze, excite, product]: InvertedResidualNames["excite"],
  { style, channels, squeezed }: { style: MobileStyle; channels: number; squeezed: number },
): Layer {
  const weights = chain(
    globalAveragePool({ keepAxes: true, name: pool }),
    convolution({ filters: squeezed, kernel: 1, activation: style.squeeze, name: squeeze }),
    convolution({ filters: channels, kernel: 1, activation: style.gate, name: excite }),
  );
  return (input) => multiply({ name: product })(input, weights(input));
}

/** The nearest multiple of 8 that is not more than a tenth below. */
export function divisible(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}
