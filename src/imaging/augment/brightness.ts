// Brightness and contrast. Isensee et al., "nnU-Net", Nature Methods 18, 2021, supplement: augmentation.

import { flag, type Image, number, parameters } from "../../base/index.ts";
import { mapChannels } from "../intensity/channels.ts";
import type { TransformKind } from "../transform.ts";
import { randomChange, rangeRule, within } from "./random-change.ts";
import { meanAndSpread, rangeOfValues } from "./spread-of-values.ts";

const brightnessParameters = parameters({
  factor: number().default(1),
  /** Added after the factor, in the image's values. */
  offset: number().default(0),
});

/** x · factor + offset. */
export const brightness: TransformKind<typeof brightnessParameters> = {
  name: "brightness",
  title: "Multiplies values and adds to them.",
  parameters: brightnessParameters,
  apply: (image, settings) => ({ image: brighten(image, settings) }),
};

function brighten(image: Image, { factor, offset }: { factor: number; offset: number }): Image {
  return mapChannels(image, { channelWise: false, unit: image.unit }, (values, into) => {
    for (let at = 0; at < values.length; at++) into[at] = factor * values[at] + offset;
  });
}

/** nnU-Net's factor; the offset, drawn in standard deviations of the image, is off by default. */
export const randomBrightness = randomChange({
  name: "random-brightness",
  title: "Multiplies values by a random factor and adds to them.",
  parameters: {
    factor: rangeRule().default([0.75, 1.25]),
    /** In standard deviations of the image. */
    offset: rangeRule().default([0, 0]),
  },
  looks: true,
  draw: (random, { factor, offset }, { image }) => {
    const chosen = within(random, factor);
    const sd = image ? meanAndSpread(image).sd : 0;
    return { name: "brightness", factor: chosen, offset: sd * within(random, offset) };
  },
});

const contrastParameters = parameters({
  /** Above 1 spreads values, below 1 draws them together. */
  factor: number({ min: 0 }),
  /** Whether values end at the lowest and highest that the image had. */
  keepRange: flag().default(true),
});

interface Ends {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** (x − mean) · factor + mean. */
export const contrast: TransformKind<typeof contrastParameters> = {
  name: "contrast",
  title: "Spreads values about their mean.",
  parameters: contrastParameters,
  apply: (image, settings) => {
    const found = { mean: meanAndSpread(image).mean, ...rangeOfValues(image) };
    return { image: stretch(image, found, settings), found };
  },
  replay: (image, { settings, found }) => stretch(image, found as unknown as Ends, settings),
};

function stretch(
  image: Image,
  { mean, low, high }: Ends,
  { factor, keepRange }: { factor: number; keepRange: boolean },
): Image {
  return mapChannels(image, { channelWise: false, unit: image.unit }, (values, into) => {
    for (let at = 0; at < values.length; at++) {
      const value = (values[at] - mean) * factor + mean;
      into[at] = keepRange && value < low ? low : keepRange && value > high ? high : value;
    }
  });
}

export const randomContrast = randomChange({
  name: "random-contrast",
  title: "Spreads values about their mean by a random factor.",
  parameters: {
    factor: rangeRule({ min: 0 }).default([0.75, 1.25]),
    keepRange: flag().default(true),
  },
  draw: (random, { factor, keepRange }) => ({
    ...{ name: "contrast", keepRange },
    factor: within(random, factor),
  }),
});

/** Lightens and darkens with equal likelihood, where the range allows both. */
export const randomGamma = randomChange({
  name: "random-gamma",
  title: "Raises values to a random power.",
  parameters: {
    gamma: rangeRule({ above: 0 }).default([0.7, 1.5]),
    /** How often the inverted image is raised to it. */
    invertProbability: number({ min: 0, max: 1 }).default(0),
  },
  draw: (random, { gamma: [low, high], invertProbability }) => {
    const both = low < 1 && high > 1;
    const darkens = random.uniform() < 0.5;
    const range = both
      ? darkens
        ? ([1, high] as const)
        : ([low, 1] as const)
      : ([low, high] as const);
    const gamma = within(random, range);
    return { name: "gamma", gamma, invert: random.uniform() < invertProbability };
  },
});
