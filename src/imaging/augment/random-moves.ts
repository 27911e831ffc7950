// Random turns, scalings, shears, shifts, deformations and flips; those in a row share one resampling.

import type { Geometry } from "../../base/index.ts";
import { flag, integer, number, oneOf, rules } from "../../base/index.ts";
import { FOLDING } from "../spatial/elastic.ts";
import { outsideRule, wholeOrTriple } from "../spatial/parameters.ts";
import { type Range, randomChange, rangeRule, within } from "./random-change.ts";

/** How an image (not its mask) is interpolated, and what lies outside of it. */
const sampling = {
  interpolation: oneOf("nearest", "linear", "cubic").default("linear"),
  outside: outsideRule().default("edge"),
};

/** Degrees for each axis alike, or one range each about i, j and k. */
function perAxis() {
  const one = rangeRule();
  return rules.union([one, rules.tuple([one, one, one])], {
    error: "a range [lowest, highest], or three of them for i, j, k",
  });
}

type PerAxis = Range | readonly [Range, Range, Range];

function rangeFor(ranges: PerAxis, axis: number): Range {
  return typeof ranges[0] === "number" ? (ranges as Range) : (ranges as readonly Range[])[axis];
}

/**
 * An image of one slice stays in its plane: it is turned about k alone, and neither scaled nor shifted along
 * k. Angles and scales between nnU-Net's (±30°, 0.7 to 1.4) and TorchIO's (±10°, 0.9 to 1.1).
 */
export const randomAffine = randomChange({
  name: "random-affine",
  title: "Scales, shears, turns and shifts at random.",
  parameters: {
    /** Degrees about i, j, k. */
    degrees: perAxis().default([-15, 15]),
    scale: rangeRule({ above: 0 }).default([0.85, 1.25]),
    /** Whether one factor holds for all axes. */
    isotropic: flag().default(true),
    shear: rangeRule().default([0, 0]),
    /** mm along i, j, k; voxels where no spacing is known. */
    translation: perAxis().default([0, 0]),
    ...sampling,
  },
  draw: (random, { isotropic, ...settings }, { geometry }) => {
    const { degrees, scale, shear, translation, interpolation, outside } = settings;
    const flat = geometry.size[2] === 1;
    const one = within(random, scale);
    const factor = () => (isotropic ? one : within(random, scale));
    const three = (draw: (axis: number) => number, still: number, stillAxes: readonly number[]) =>
      [0, 1, 2].map(draw).map((value, axis) => (flat && stillAxes.includes(axis) ? still : value));
    return {
      ...{ name: "centre-affine", interpolation, outside },
      degrees: three((axis) => within(random, rangeFor(degrees, axis)), 0, [0, 1]),
      scale: three(factor, 1, [2]),
      shear: three(() => within(random, shear), 0, [1, 2]),
      translation: three((axis) => within(random, rangeFor(translation, axis)), 0, [2]),
    };
  },
});

/** TorchIO's number of control points, and about its displacement; the field can't fold. */
export const randomElastic = randomChange({
  name: "random-elastic",
  title: "Bends by a smooth random field of random strength.",
  parameters: {
    controlPoints: wholeOrTriple({ min: 3 }).default(7),
    /** Largest displacement in distances of control points. */
    magnitude: rangeRule({ min: 0, max: FOLDING }).default([0, 0.25]),
    lockedBorders: integer({ min: 0, max: 2 }).default(0),
    ...sampling,
  },
  draw: (random, { magnitude, ...settings }) => ({
    ...{ name: "elastic", ...settings },
    magnitude: within(random, magnitude),
    seed: random.uint32(),
  }),
});

const AXES = ["i", "j", "k"] as const;

/** Each axis by itself, as nnU-Net mirrors. Left and right of a patient are then no longer told apart. */
export const randomFlip = randomChange({
  name: "random-flip",
  title: "Turns axes round at random.",
  parameters: {
    /** Axes that may be turned round; k only where there is more than one slice. */
    axes: rules.array(oneOf(...AXES)).default(["i", "j", "k"]),
    /** How often each of them is. */
    axisProbability: number({ min: 0, max: 1 }).default(0.5),
  },
  draw: (random, { axes, axisProbability }, { geometry }) => {
    const chosen = AXES.filter((axis, at) => {
      const drawn = random.uniform() < axisProbability;
      return drawn && axes.includes(axis) && isOpen(geometry, at);
    });
    return chosen.length === 0 ? [] : { name: "flip", axes: chosen };
  },
});

function isOpen({ size }: Geometry, axis: number): boolean {
  return size[axis] > 1;
}
