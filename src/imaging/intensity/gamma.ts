// Gamma: values between an image's ends raised to a power, which lightens or darkens what lies between.

import {
  checkParameters,
  flag,
  type Image,
  number,
  type OptionsOf,
  parameters,
  portableExp,
  portableLog,
  type SettingsOf,
  type VoxelArray,
} from "../../base/index.ts";
import type { TransformKind } from "../transform.ts";
import { channelViews, type FloatArray, mapChannels } from "./channels.ts";
import { fillMapped } from "./fill-mapped.ts";
import { measureChannels } from "./foreground.ts";
import { rangeOf } from "./histogram.ts";
import { spread } from "./linear-map.ts";
import type { RangeFigures } from "./range-rescale.ts";

export const gammaParameters = parameters({
  /** The power, above 0: below 1 lightens, above 1 darkens. */
  gamma: number({ above: 0 }),
  /** Whether it is taken of the inverted image: light parts change as dark ones otherwise would. */
  invert: flag().default(false),
  /** Each channel by itself, or all as one. */
  channelWise: flag().default(true),
});

export type GammaOptions = OptionsOf<typeof gammaParameters>;
type Settings = SettingsOf<typeof gammaParameters>;

/**
 * low + (high − low) · ((x − low) / (high − low))^gamma, low and high the lowest and the highest value, which stay.
 * The same bits in every JavaScript engine. An image of one value stays.
 */
export function gammaImage(
  image: Image,
  options: GammaOptions,
): { image: Image; found: RangeFigures } {
  const settings = checkParameters(gammaParameters, options, "gamma");
  const measured = { foreground: "all", channelWise: settings.channelWise } as const;
  const ends = measureChannels(image, measured, rangeOf);
  const found = { low: ends.map(([low]) => low), high: ends.map(([, high]) => high) };
  return { image: raise(image, found, settings), found };
}

function raise(image: Image, found: RangeFigures, settings: Settings): Image {
  const { gamma, invert, channelWise } = settings;
  const channels = channelViews(image, channelWise).length;
  const lows = spread(found.low, channels, "low");
  const highs = spread(found.high, channels, "high");
  return mapChannels(image, { channelWise }, (values, into, channel) => {
    // Inverted, the scale runs from the highest value down.
    const [from, to] = invert ? [highs, lows] : [lows, highs];
    fillPowers(values, into, { from: from[channel], to: to[channel], gamma });
  });
}

interface Power {
  readonly from: number;
  readonly to: number;
  readonly gamma: number;
}

function fillPowers(values: VoxelArray, into: FloatArray, { from, to, gamma }: Power): void {
  const range = to - from;
  fillMapped(values, into, (value) => {
    const share = range === 0 ? 0 : (value - from) / range;
    // Values beyond the ends, which only a replay meets, keep their distance from them.
    const curved = share > 0 && share < 1 ? portableExp(gamma * portableLog(share)) : share;
    return from + range * curved;
  });
}

export const gammaKind: TransformKind<typeof gammaParameters> = {
  name: "gamma",
  title: "Raises values between the image's ends to a power.",
  parameters: gammaParameters,
  apply: (image, settings) => {
    const { image: after, found } = gammaImage(image, settings);
    return { image: after, found: { ...found } };
  },
  replay: (image, { settings, found }) => raise(image, found as unknown as RangeFigures, settings),
};
