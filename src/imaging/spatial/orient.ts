// Canonical orientation: axes ordered and turned so that they run along the patient's.

import {
  type Geometry,
  type Matrix3,
  type PatientGeometry,
  parameters,
  RoentgenError,
  type Triple,
  words,
} from "../../base/index.ts";
import { movingTransform } from "./moving-transform.ts";
import { alongAxes } from "./subgrid.ts";

/** The letters of the directions in which x, y and z grow (L, P, S), and of the opposite ones. */
const GROWING = "LPS";
const FALLING = "RAI";

/**
 * The code of a grid: the direction of the patient to which i, j and k grow, as nibabel's `aff2axcodes`
 * has it. "LPS" is an axial series as DICOM orders it, "RAS" what most NIfTI files hold. An oblique grid
 * has the code of the nearest straight one.
 */
export function orientationCode(direction: Matrix3): string {
  return patientAxes(direction)
    .map(({ axis, sign }) => (sign > 0 ? GROWING : FALLING)[axis])
    .join("");
}

/** For each of i, j, k the patient's axis that it runs along most, each taken once, and which way. */
function patientAxes(direction: Matrix3): { axis: number; sign: number }[] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const share = (order: readonly number[]) =>
    order.reduce((sum, axis, column) => sum + Math.abs(direction[3 * axis + column]), 0);
  const best = orders.reduce((one, other) => (share(other) > share(one) + 1e-9 ? other : one));
  return best.map((axis, column) => ({ axis, sign: direction[3 * axis + column] < 0 ? -1 : 1 }));
}

/** Permutes and flips axes until the image's code is the one asked for; no value is worked out anew. */
export const orient = movingTransform({
  name: "orient",
  title: "Orders and turns axes so that they run along the patient's.",
  parameters: parameters({
    /** Directions of the patient to which i, j and k shall grow: "RAS", "LPS", "LPI" … */
    code: words()
      .regex(/^[LRAPSI]{3}$/, { error: codeRule() })
      .refine((code) => new Set([...code].map(axisOfLetter)).size === 3, { error: codeRule() })
      .default("RAS"),
  }),
  moves: {
    effect: "chooses",
    map: (before, { code }) => {
      const now = patientAxes(inPatient(before).direction);
      const wanted = [...code].map((letter) => ({
        axis: axisOfLetter(letter),
        sign: GROWING.includes(letter) ? 1 : -1,
      }));
      const sourceAxis = wanted.map(({ axis }) => now.findIndex((one) => one.axis === axis));
      const scale = wanted.map(({ sign }, n) => sign * now[sourceAxis[n]].sign);
      const size = sourceAxis.map((axis) => before.size[axis]);
      const shift = scale.map((sign, n) => (sign < 0 ? size[n] - 1 : 0));
      const axes = { sourceAxis, scale, shift } as unknown as Parameters<typeof alongAxes>[1];
      return alongAxes(before, axes, size as unknown as Triple);
    },
    sampling: () => ({ interpolation: "nearest", outside: 0 }),
  },
});

function codeRule(): string {
  return "three letters, one each of L or R, A or P, S or I";
}

function axisOfLetter(letter: string): number {
  return Math.max(GROWING.indexOf(letter), FALLING.indexOf(letter));
}

function inPatient(geometry: Geometry): PatientGeometry {
  if (geometry.frame === "LPS") return geometry;
  throw new RoentgenError("value-missing", {
    problem: "Cannot orient the image: its place in the patient is not known",
    expected: "an image with orientation",
    found: "an image in the frame of its pixels",
    remedy: 'Use "flip" and "permute" to order its axes.',
  });
}
