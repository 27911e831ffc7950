// Values between two figures of the image (its ends or percentiles) spread over an output range.

import {
  checkParameters,
  flag,
  type Image,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  rules,
  type SettingsOf,
  type VoxelArray,
} from "../../base/index.ts";
import type { AppliedStep, TransformKind } from "../transform.ts";
import {
  foregroundRule,
  type Masked,
  type Measured,
  maskWanted,
  measureChannels,
} from "./foreground.ts";
import { rangeOf } from "./histogram.ts";
import { lineBetween, mapLinear, spread } from "./linear-map.ts";
import { percentilesOf } from "./percentile.ts";

const shared = {
  /** What the lower and the upper figure become. */
  output: rules.tuple([number(), number()]).default([0, 1]),
  /** Voxels that are measured. */
  foreground: foregroundRule().default("all"),
  /** Each channel by itself, or all as one. */
  channelWise: flag().default(true),
};

const percent = () => number({ min: 0, max: 100 });

export const minMaxParameters = parameters({
  ...shared,
  /** Whether values outside the measured range (of voxels outside the foreground) take its ends. */
  clip: flag().default(false),
});

export const percentileRescaleParameters = parameters({
  ...shared,
  /** Percentiles that become the ends of the output. */
  lower: percent().default(0.5),
  upper: percent().default(99.5),
  /** Whether values beyond the percentiles take the ends. */
  clip: flag().default(true),
});

export const percentileClipParameters = parameters({
  foreground: shared.foreground,
  channelWise: shared.channelWise,
  lower: percent().default(0.5),
  upper: percent().default(99.5),
});

export type MinMaxOptions = OptionsOf<typeof minMaxParameters> & Masked;
export type PercentileRescaleOptions = OptionsOf<typeof percentileRescaleParameters> & Masked;
export type PercentileClipOptions = OptionsOf<typeof percentileClipParameters> & Masked;

/** What was measured: the value at the lower and at the upper end, of each channel. */
export interface RangeFigures {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

interface Ranged {
  readonly image: Image;
  readonly found: RangeFigures;
}

/** Spreads the lowest to the highest value over `output` (0 … 1). An image of one value takes the lower end. */
export function minMax(image: Image, { mask, ...options }: MinMaxOptions = {}): Ranged {
  const settings = checkParameters(minMaxParameters, options, "min-max rescaling");
  const found = figuresOf(image, { ...settings, mask }, rangeOf);
  return { image: spreadRange(image, found, settings), found };
}

/**
 * Spreads the values between two percentiles (0.5 and 99.5) over `output` (0 … 1); by default what lies beyond takes
 * the ends. Percentiles are exact, those of numpy.percentile.
 * @throws RoentgenError "bad-option" where lower is not below upper
 */
export function percentileRescale(
  image: Image,
  { mask, ...options }: PercentileRescaleOptions = {},
): Ranged {
  const settings = checkParameters(percentileRescaleParameters, options, "percentile rescaling");
  const found = percentileFigures(image, { ...settings, mask });
  return { image: spreadRange(image, found, settings), found };
}

/**
 * Clips at two percentiles (0.5 and 99.5, nnU-Net's: Isensee et al., Nature Methods 18, 2021); values between stay.
 * @throws RoentgenError "bad-option" where lower is not below upper
 */
export function percentileClip(
  image: Image,
  { mask, ...options }: PercentileClipOptions = {},
): Ranged {
  const settings = checkParameters(percentileClipParameters, options, "percentile clipping");
  const found = percentileFigures(image, { ...settings, mask });
  return { image: clipRange(image, found, settings), found };
}

function percentileFigures(
  image: Image,
  settings: Measured & { lower: number; upper: number },
): RangeFigures {
  const { lower, upper } = settings;
  if (lower >= upper) {
    throw new RoentgenError("bad-option", {
      problem: "There is nothing between the percentiles",
      expected: "lower below upper",
      found: `${lower} … ${upper}`,
      subject: "lower",
    });
  }
  return figuresOf(image, settings, (values) => percentilesOf(values, [lower, upper]));
}

function figuresOf(
  image: Image,
  settings: Measured,
  measure: (values: VoxelArray) => number[],
): RangeFigures {
  const ends = measureChannels(image, settings, measure);
  return { low: ends.map(([low]) => low), high: ends.map(([, high]) => high) };
}

interface Spreading {
  readonly output: readonly [number, number];
  readonly channelWise: boolean;
  readonly clip: boolean;
}

function spreadRange(image: Image, found: RangeFigures, settings: Spreading): Image {
  const { output, channelWise, clip } = settings;
  const bounds = clip && { low: Math.min(...output), high: Math.max(...output) };
  const lines = pairs(image, found, channelWise).map((ends) => ({
    ...lineBetween(ends, output),
    ...bounds,
  }));
  return mapLinear(image, channelWise, lines);
}

function clipRange(image: Image, found: RangeFigures, { channelWise }: { channelWise: boolean }) {
  const lines = pairs(image, found, channelWise).map(([low, high]) => ({
    subtract: 0,
    divide: 1,
    low,
    high,
  }));
  return withUnit(mapLinear(image, channelWise, lines), image.unit);
}

function withUnit(image: Image, unit: string | undefined): Image {
  return unit === undefined ? image : { ...image, unit };
}

function pairs(image: Image, { low, high }: RangeFigures, channelWise: boolean) {
  const channels = channelWise ? image.channels.reduce((all, { size }) => all * size, 1) : 1;
  const highs = spread(high, channels, "high");
  return spread(low, channels, "low").map((value, at) => [value, highs[at]] as const);
}

/** The part of a kind that measures within the mask where the settings say so, and replays what was measured. */
function rangeKind<S extends Omit<Measured, "mask">>(
  measure: (image: Image, options: S & Masked) => Ranged,
  again: (image: Image, found: RangeFigures, settings: S) => Image,
) {
  return {
    apply(image: Image, settings: S, { mask }: Masked) {
      const within = maskWanted(settings, mask);
      const { image: after, found } = measure(image, { ...settings, mask: within });
      return { image: after, found: { ...found } };
    },
    replay: (image: Image, { settings, found }: AppliedStep<S>) =>
      again(image, found as unknown as RangeFigures, settings),
  };
}

export const minMaxKind: TransformKind<typeof minMaxParameters> = {
  name: "min-max",
  title: "Spreads the lowest to the highest value over an output range.",
  parameters: minMaxParameters,
  ...rangeKind<SettingsOf<typeof minMaxParameters>>(minMax, spreadRange),
};

export const percentileRescaleKind: TransformKind<typeof percentileRescaleParameters> = {
  name: "percentile-rescale",
  title: "Spreads the values between two percentiles over an output range.",
  parameters: percentileRescaleParameters,
  ...rangeKind<SettingsOf<typeof percentileRescaleParameters>>(percentileRescale, spreadRange),
};

export const percentileClipKind: TransformKind<typeof percentileClipParameters> = {
  name: "percentile-clip",
  title: "Clips values at two percentiles.",
  parameters: percentileClipParameters,
  ...rangeKind<SettingsOf<typeof percentileClipParameters>>(percentileClip, clipRange),
};
