// Spikes in k-space, from gradients switched fast: stripes over the whole image ("herringbone").
// As TorchIO's Spike; a spike is added as the wave that it becomes, which needs no transform.

import {
  channelCount,
  type Image,
  number,
  parameters,
  portableCos,
  portableSin,
  rules,
  type Triple,
} from "../../base/index.ts";
import { mapChannels } from "../intensity/channels.ts";
import type { TransformKind } from "../transform.ts";
import { randomChange, rangeRule, wholeWithin, within } from "./random-change.ts";
import { meanAndSpread } from "./spread-of-values.ts";

const spikesParameters = parameters({
  /** Where in k-space: waves over the image along i, j, k; and how high, in the image's values. */
  spikes: rules.array(
    rules.strictObject({
      waves: rules.tuple([number(), number(), number()], { error: "three numbers along i, j, k" }),
      amplitude: number(),
    }),
  ),
});

interface Spike {
  readonly waves: Triple;
  readonly amplitude: number;
}

/** x + Σ amplitude · cos(2π (waves · place)), place from 0 to 1 along each axis. */
export const spikes: TransformKind<typeof spikesParameters> = {
  name: "spikes",
  title: "Adds stripes, as spikes in k-space make them.",
  parameters: spikesParameters,
  apply: (image, settings) => ({ image: addStripes(image, settings.spikes) }),
};

function addStripes(image: Image, all: readonly Spike[]): Image {
  const [width, height, depth] = image.geometry.size;
  const waves = all.map(({ waves, amplitude }) => ({
    amplitude,
    tables: waves.map((count, axis) => waveTable(count, image.geometry.size[axis])),
  }));
  return mapChannels(image, { channelWise: false, unit: image.unit }, (values, into) => {
    into.set(values);
    for (const { amplitude, tables } of waves) {
      const [along, down, deep] = tables;
      for (let row = 0; row < height * depth * channelCount(image); row++) {
        const j = row % height;
        const k = Math.floor(row / height) % depth;
        const cos = amplitude * (down.cos[j] * deep.cos[k] - down.sin[j] * deep.sin[k]);
        const sin = amplitude * (down.sin[j] * deep.cos[k] + down.cos[j] * deep.sin[k]);
        for (let i = 0, at = row * width; i < width; i++, at++) {
          into[at] += cos * along.cos[i] - sin * along.sin[i];
        }
      }
    }
  });
}

function waveTable(waves: number, length: number): { cos: Float64Array; sin: Float64Array } {
  const angle = (n: number) => (2 * Math.PI * waves * n) / length;
  return {
    cos: Float64Array.from({ length }, (_, n) => portableCos(angle(n))),
    sin: Float64Array.from({ length }, (_, n) => portableSin(angle(n))),
  };
}

export const randomSpikes = randomChange({
  name: "random-spikes",
  title: "Adds stripes of random direction, width and strength.",
  parameters: {
    /** How many spikes. */
    count: rangeRule({ min: 0, max: 20 }).default([1, 1]),
    /** Amplitude of a stripe in standard deviations of the image. */
    strength: rangeRule({ min: 0 }).default([0.2, 0.8]),
  },
  looks: true,
  draw: (random, { count, strength }, { geometry, image }) => {
    const sd = image ? meanAndSpread(image).sd : 1;
    const spikes = Array.from({ length: wholeWithin(random, count) }, () => ({
      waves: geometry.size.map((length) => random.integer(length) - Math.floor(length / 2)),
      amplitude: sd * within(random, strength),
    }));
    return { name: "spikes", spikes };
  },
});
