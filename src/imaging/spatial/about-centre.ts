// Rotations, scalings, shears and shifts about the image's centre, along its own axes.

import {
  type Affine,
  anyOf,
  composeAffines,
  type Geometry,
  invertAffine,
  type Matrix3,
  makeAffine,
  multiply,
  number,
  parameters,
  portableCos,
  portableSin,
  rules,
  type Triple,
} from "../../base/index.ts";
import { affineMap } from "../resample/grid-map.ts";
import type { GridMap } from "../transform.ts";
import { movingTransform } from "./moving-transform.ts";
import { asTriple, numberOrTriple, samplingOf, samplingRules } from "./parameters.ts";

/** Degrees about k, or about i, j and k. */
const degrees = anyOf(
  "degrees about k, or three about i, j and k",
  number(),
  rules.tuple([number(), number(), number()]),
);

/** Turns the content about the centre of the image: first about its axis i, then j, then k. */
export const rotate = movingTransform({
  name: "rotate",
  title: "Turns the image's content about its centre.",
  parameters: parameters({
    /** Degrees about k (in the plane of the slices, from i towards j), or about i, j and k. */
    degrees,
    ...samplingRules,
  }),
  moves: {
    effect: "interpolates",
    map: (before, { degrees }) => aboutCentre(before, { degrees, ...STILL }),
    sampling: samplingOf,
  },
});

const STILL = { scale: 1, shear: 0, translation: 0 } as const;

/**
 * Scales, shears, turns and shifts the content, in this order, about the centre of the image and along its
 * own axes: what `random-affine` draws. As TorchIO's Affine, with shears.
 */
export const centreAffine = movingTransform({
  name: "centre-affine",
  title: "Scales, shears, turns and shifts the image's content about its centre.",
  parameters: parameters({
    degrees: degrees.default(0),
    /** Factors above 1 enlarge. */
    scale: numberOrTriple({ above: 0 }).default(1),
    /** Shift of i by j, of i by k, and of j by k, a mm each. */
    shear: numberOrTriple().default(0),
    /** mm along i, j, k (voxels where no spacing is known). */
    translation: numberOrTriple().default(0),
    ...samplingRules,
  }),
  moves: {
    effect: "interpolates",
    map: (before, settings) => aboutCentre(before, settings),
    sampling: samplingOf,
  },
});

interface CentreMove {
  readonly degrees: number | Triple;
  readonly scale: number | Triple;
  readonly shear: number | Triple;
  readonly translation: number | Triple;
}

function aboutCentre(before: Geometry, move: CentreMove): GridMap {
  const spacing = before.spacing ?? [1, 1, 1];
  const centre = before.size.map((length, axis) => ((length - 1) / 2) * spacing[axis]);
  const [x, y, z] = centre;
  const toMm: Affine = [spacing[0], 0, 0, -x, 0, spacing[1], 0, -y, 0, 0, spacing[2], -z];
  const back = invertAffine(makeAffine(linearPart(move), asTriple(move.translation)));
  return affineMap(before, composeAffines(invertAffine(toMm), composeAffines(back, toMm)));
}

/** R · S · diag(scale), S the shears. */
function linearPart({ degrees, scale, shear }: CentreMove): Matrix3 {
  const [sx, sy, sz] = asTriple(scale);
  const [xy, xz, yz] = asTriple(shear);
  const shears: Matrix3 = [1, xy, xz, 0, 1, yz, 0, 0, 1];
  return multiply(rotationMatrix(degrees), multiply(shears, [sx, 0, 0, 0, sy, 0, 0, 0, sz]));
}

/** Rk · Rj · Ri, right-handed about each axis. */
export function rotationMatrix(degrees: number | Triple): Matrix3 {
  const [a, b, c] = typeof degrees === "number" ? [0, 0, degrees] : degrees;
  const about = (angle: number, first: number, second: number): Matrix3 => {
    const [cos, sin] = cosSin(angle);
    const matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    matrix[4 * first] = cos;
    matrix[4 * second] = cos;
    matrix[3 * first + second] = -sin;
    matrix[3 * second + first] = sin;
    return matrix as unknown as Matrix3;
  };
  return multiply(about(c, 0, 1), multiply(about(b, 2, 0), about(a, 1, 2)));
}

/** Exact at quarter turns. */
function cosSin(degrees: number): readonly [number, number] {
  const quarters = degrees / 90;
  if (Number.isInteger(quarters)) {
    const at = ((quarters % 4) + 4) % 4;
    return [[1, 0, -1, 0][at], [0, 1, 0, -1][at]];
  }
  const angleRad = (degrees * Math.PI) / 180;
  return [portableCos(angleRad), portableSin(angleRad)];
}
