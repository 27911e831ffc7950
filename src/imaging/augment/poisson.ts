// Poisson noise: values as counts of photons.

import {
  type Image,
  integer,
  number,
  parameters,
  portableExp,
  portableLog,
  type RandomStream,
} from "../../base/index.ts";
import { mapChannels } from "../intensity/channels.ts";
import type { TransformKind } from "../transform.ts";
import { eachSlice } from "./noise.ts";
import { randomChange, rangeRule, within } from "./random-change.ts";
import { rangeOfValues } from "./spread-of-values.ts";

const poissonParameters = parameters({
  /** Photons that the highest value stands for; the lowest stands for none. Fewer make more noise. */
  counts: number({ above: 0, max: 1e9 }),
  seed: integer({ min: 0 }),
});

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** The same seed gives the same noise, anywhere. */
export const poissonNoise: TransformKind<typeof poissonParameters> = {
  name: "poisson-noise",
  title: "Replaces values by counts of photons with that expectation.",
  parameters: poissonParameters,
  apply: (image, settings) => {
    const found = rangeOfValues(image);
    return { image: countPhotons(image, found, settings), found };
  },
  replay: (image, { settings, found }) => countPhotons(image, found as unknown as Ends, settings),
};

function countPhotons(
  image: Image,
  { low, high }: Ends,
  { counts, seed }: { counts: number; seed: number },
): Image {
  const unit = (high - low) / counts;
  return mapChannels(image, { channelWise: false, unit: image.unit }, (values, into) => {
    eachSlice(image, { seed, purpose: "imaging/noise/poisson" }, (from, to, random) => {
      for (let at = from; at < to; at++) {
        const expected = unit === 0 ? 0 : (values[at] - low) / unit;
        // NaN, and what a replay may meet below the lowest value, stays.
        into[at] = expected > 0 ? low + unit * poisson(random, expected) : values[at];
      }
    });
  });
}

/** From here on counts are drawn by rejection. */
const MANY = 10;

/** A number of events of which `expected` are expected. */
export function poisson(random: RandomStream, expected: number): number {
  return expected < MANY ? fewEvents(random, expected) : manyEvents(random, expected);
}

/** Knuth, The Art of Computer Programming 2, 3.4.1: products of uniform numbers until exp(−λ) is passed. */
function fewEvents(random: RandomStream, expected: number): number {
  const end = portableExp(-expected);
  let events = 0;
  for (let product = random.uniform(); product > end; product *= random.uniform()) events += 1;
  return events;
}

/** Hörmann, "The transformed rejection method for generating Poisson random variables", 1993: PTRS. */
function manyEvents(random: RandomStream, expected: number): number {
  const logExpected = portableLog(expected);
  const b = 0.931 + 2.53 * Math.sqrt(expected);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const fast = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const events = Math.floor(((2 * a) / us + b) * u + expected + 0.43);
    if (us >= 0.07 && v <= fast) return events;
    if (events < 0 || (us < 0.013 && v > us)) continue;
    const left = portableLog(v) + portableLog(inverseAlpha) - portableLog(a / (us * us) + b);
    if (left <= -expected + events * logExpected - logFactorial(events)) return events;
  }
}

/** log n! by Stirling's series, from 10 on to 13 digits; below as a sum. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let k = 2; k <= n; k++) product *= k;
    return portableLog(product);
  }
  const x = n + 1;
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * portableLog(x) - x + 0.9189385332046728 + series;
}

/** Photons are drawn on a logarithmic scale. */
export const randomPoissonNoise = randomChange({
  name: "random-poisson-noise",
  title: "Adds Poisson noise of a random strength.",
  parameters: {
    /** Photons that the highest value stands for. */
    counts: rangeRule({ above: 0, max: 1e9 }).default([100, 10_000]),
  },
  draw: (random, { counts: [low, high] }) => {
    const counts = portableExp(within(random, [portableLog(low), portableLog(high)]));
    return { name: "poisson-noise", counts, seed: random.uint32() };
  },
});
