// Noise: Gaussian, Rician, speckle. Numbers are drawn slice by slice, each slice from its own stream.

import {
  channelCount,
  type Image,
  integer,
  number,
  oneOf,
  parameters,
  type RandomStream,
  randomStream,
} from "../../base/index.ts";
import { mapChannels } from "../intensity/channels.ts";
import type { TransformKind } from "../transform.ts";
import { randomChange, rangeRule, within } from "./random-change.ts";
import { meanAndSpread } from "./spread-of-values.ts";

const DISTRIBUTIONS = ["gaussian", "rician", "speckle"] as const;
type Distribution = (typeof DISTRIBUTIONS)[number];

const noiseParameters = parameters({
  /**
   * "gaussian": x + n. "rician": √((x + n)² + m²), the magnitude of a noisy complex MR signal (Gudbjartsson,
   * Patz, "The Rician distribution of noisy MRI data", MRM 34, 1995). "speckle": x + x n. n and m are
   * normal with mean 0.
   */
  distribution: oneOf(...DISTRIBUTIONS).default("gaussian"),
  /** Standard deviation of n, in the image's values; of speckle as a share of each value. */
  sd: number({ min: 0 }),
  seed: integer({ min: 0 }),
});

/** The same seed gives the same noise, anywhere. */
export const noise: TransformKind<typeof noiseParameters> = {
  name: "noise",
  title: "Adds noise: Gaussian, Rician or speckle.",
  parameters: noiseParameters,
  apply: (image, settings) => ({ image: addNoise(image, settings) }),
};

interface Noise {
  readonly distribution: Distribution;
  readonly sd: number;
  readonly seed: number;
}

function addNoise(image: Image, { distribution, sd, seed }: Noise): Image {
  return mapChannels(image, { channelWise: false, unit: image.unit }, (values, into) => {
    eachSlice(image, { seed, purpose: `imaging/noise/${distribution}` }, (from, to, random) => {
      for (let at = from; at < to; at++) into[at] = noisy(values[at], distribution, sd, random);
    });
  });
}

function noisy(
  value: number,
  distribution: Distribution,
  sd: number,
  random: RandomStream,
): number {
  switch (distribution) {
    case "gaussian":
      return value + sd * random.normal();
    case "speckle":
      return value + value * sd * random.normal();
    case "rician": {
      const real = value + sd * random.normal();
      const imaginary = sd * random.normal();
      return Math.sqrt(real * real + imaginary * imaginary);
    }
    default:
      return distribution satisfies never;
  }
}

/** Visits the slices of all channels with a stream for each. */
export function eachSlice(
  image: Image,
  key: { seed: number; purpose: string },
  visit: (from: number, to: number, random: RandomStream) => void,
): void {
  const [width, height, depth] = image.geometry.size;
  const length = width * height;
  for (let slice = 0; slice < depth * channelCount(image); slice++) {
    const random = randomStream({ ...key, sample: slice });
    visit(slice * length, (slice + 1) * length, random);
  }
}

/** The strength is drawn in standard deviations of the image, so that HU and z-scores are changed alike; nnU-Net's range. */
export const randomNoise = randomChange({
  name: "random-noise",
  title: "Adds noise of a random strength.",
  parameters: {
    distribution: oneOf(...DISTRIBUTIONS).default("gaussian"),
    /** In standard deviations of the image; of speckle as a share of each value. */
    strength: rangeRule({ min: 0 }).default([0, 0.1]),
  },
  looks: true,
  draw: (random, { distribution, strength }, { image }) => {
    const share = within(random, strength);
    const sd = distribution === "speckle" || !image ? share : share * meanAndSpread(image).sd;
    return { name: "noise", distribution, sd, seed: random.uint32() };
  },
});
