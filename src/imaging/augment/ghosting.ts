// Ghosts: copies of the image along the phase-encoding axis, from lines of k-space that differ periodically
// (pulsation, breathing). As TorchIO's Ghosting.

import { type Image, integer, number, parameters } from "../../base/index.ts";
import type { TransformKind } from "../transform.ts";
import { AXES, phaseAxis, phasePlaces, throughKSpace } from "./k-space.ts";
import { randomChange, rangeRule, wholeWithin, within } from "./random-change.ts";

const ghostingParameters = parameters({
  axis: phaseAxis(),
  /** Ghosts, one line of k-space in so many being weaker. */
  ghosts: integer({ min: 1 }),
  /** How much weaker: 1 takes the lines away. */
  intensity: number({ min: 0 }),
  /** Share of k-space about its centre that stays, without which the whole image fades. */
  restore: number({ min: 0, max: 1 }).default(0.02),
});

interface Ghosts {
  readonly axis: (typeof AXES)[number];
  readonly ghosts: number;
  readonly intensity: number;
  readonly restore: number;
}

export const ghosting: TransformKind<typeof ghostingParameters> = {
  name: "ghosting",
  title: "Adds ghosts along the phase-encoding axis.",
  parameters: ghostingParameters,
  apply: (image, settings) => ({ image: addGhosts(image, settings) }),
};

function addGhosts(image: Image, { axis: name, ghosts, intensity, restore }: Ghosts): Image {
  const axis = AXES.indexOf(name);
  const count = image.geometry.size[axis];
  const weak = phasePlaces(count)
    .filter(({ place }) => place % ghosts === 0 && Math.abs(place) > (restore * count) / 2)
    .map(({ bin }) => bin);
  return throughKSpace(image, { axis }, ([spectrum]) => {
    for (const bin of weak) {
      spectrum.real[bin] *= 1 - intensity;
      spectrum.imaginary[bin] *= 1 - intensity;
    }
  });
}

/** TorchIO's ranges. */
export const randomGhosting = randomChange({
  name: "random-ghosting",
  title: "Adds a random number of ghosts of random strength.",
  parameters: {
    axis: phaseAxis(),
    ghosts: rangeRule({ min: 1 }).default([4, 10]),
    intensity: rangeRule({ min: 0 }).default([0.5, 1]),
    restore: number({ min: 0, max: 1 }).default(0.02),
  },
  draw: (random, { axis, ghosts, intensity, restore }) => ({
    ...{ name: "ghosting", axis, restore },
    ghosts: wholeWithin(random, ghosts),
    intensity: within(random, intensity),
  }),
});
