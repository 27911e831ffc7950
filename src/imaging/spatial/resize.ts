// Grids over the same extent with other spacings: by number of voxels, and by mm.

import {
  anyOf,
  type Geometry,
  number,
  parameters,
  RoentgenError,
  rules,
  type Triple,
} from "../../base/index.ts";
import type { GridMap } from "../transform.ts";
import { antialiasSigma } from "./antialias.ts";
import { movingTransform } from "./moving-transform.ts";
import { asTriple, griddingRules, samplingOf, wholeTriple } from "./parameters.ts";
import { alongAxes, SAME_AXES } from "./subgrid.ts";

/** The outer faces of the image stay where they are; spacing changes as size does. */
export const resize = movingTransform({
  name: "resize",
  title: "Gives the image so many voxels over the same extent.",
  parameters: parameters({
    /** Voxels along i, j, k. */
    size: wholeTriple({ min: 1 }),
    ...griddingRules,
  }),
  moves: {
    effect: "interpolates",
    map: (before, { size }) => resizedMap(before, size),
    sampling: samplingOf,
    smoothing: (before, { size, antialias }) =>
      antialias ? antialiasSigma(steps(before.size, size)) : undefined,
  },
});

function resizedMap(before: Geometry, size: Triple): GridMap {
  return centredMap(before, steps(before.size, size), size);
}

function steps(before: Triple, after: Triple): Triple {
  return before.map((length, axis) => length / after[axis]) as unknown as Triple;
}

/** The grids share their centre. */
function centredMap(before: Geometry, scale: Triple, size: Triple): GridMap {
  const shift = scale.map(
    (step, axis) => (before.size[axis] - 1) / 2 - (step * (size[axis] - 1)) / 2,
  ) as unknown as Triple;
  return alongAxes(before, { sourceAxis: SAME_AXES, scale, shift }, size);
}

/**
 * Brings neighbours to a distance in mm. The size is the extent by the spacing, rounded (as nnU-Net has it)
 * and at least 1; the grid shares its centre with the one before, so that the outer faces move by less than
 * half a voxel.
 */
export const resample = movingTransform({
  name: "resample",
  title: "Brings the distances of voxels to given ones.",
  parameters: parameters({
    /** Distances in mm: one for all axes, or one each for i, j, k; null leaves an axis alone. */
    spacing: anyOf(
      "mm above 0, or three of them (null for an axis that stays)",
      number({ above: 0 }),
      rules.tuple([distance(), distance(), distance()]),
    ),
    ...griddingRules,
  }),
  moves: {
    effect: "interpolates",
    map: (before, { spacing }) => {
      const scale = spacingSteps(before, spacing);
      const size = scale.map((step, axis) =>
        Math.max(1, Math.round(before.size[axis] / step)),
      ) as unknown as Triple;
      return withSpacing(centredMap(before, scale, size), before, spacing);
    },
    sampling: samplingOf,
    smoothing: (before, { spacing, antialias }) =>
      antialias ? antialiasSigma(spacingSteps(before, spacing)) : undefined,
  },
});

function distance() {
  return number({ above: 0 }).nullable();
}

type Spacing = number | readonly [number | null, number | null, number | null];

/** Voxels before to a voxel after. An axis of one voxel stays with a single number: it is a film, not a stack. */
function spacingSteps(before: Geometry, spacing: Spacing): Triple {
  const now = before.spacing ?? refuseWithoutSpacing();
  const wanted = asWanted(before, spacing);
  return now.map((mm, axis) => (wanted[axis] ?? mm) / mm) as unknown as Triple;
}

function asWanted({ size }: Geometry, spacing: Spacing): readonly (number | null)[] {
  if (typeof spacing !== "number") return spacing;
  return asTriple(spacing).map((mm, axis) => (size[axis] === 1 ? null : mm));
}

/** The spacings asked for, free of rounding. */
function withSpacing(map: GridMap, before: Geometry, spacing: Spacing): GridMap {
  const wanted = asWanted(before, spacing);
  const exact = map.geometry.spacing?.map((mm, axis) => wanted[axis] ?? mm) as unknown as Triple;
  return { ...map, geometry: { ...map.geometry, spacing: exact } };
}

function refuseWithoutSpacing(): never {
  throw new RoentgenError("value-missing", {
    problem: "Cannot resample the image to a spacing: its own is not known",
    remedy: 'Use "resize" for a number of voxels, or give the image the spacing that you know.',
    subject: "spacing",
  });
}
