// Structuring elements of morphology: balls in millimetres or voxels, boxes and crosses.

import {
  anyOf,
  type Geometry,
  integer,
  number,
  oneOf,
  parameters,
  RoentgenError,
  rules,
  type SettingsOf,
  type Triple,
} from "../../base/index.ts";

const wholeNumber = integer({ min: 0, max: 10_000 });

/** The rules of the element that every operation takes. */
export const elementParameters = parameters({
  shape: oneOf("ball", "box", "cross").default("ball"),
  /** Reach in voxels: one number, or one along each of i, j and k. By default 1. */
  radius: anyOf(
    "a whole number of voxels, or three",
    wholeNumber,
    rules.tuple([wholeNumber, wholeNumber, wholeNumber]),
  ).optional(),
  /** Reach in mm instead, the same in all directions of the patient. */
  radiusMm: number({ above: 0 }).optional(),
  /** What lies around the image: nothing that counts, or zeros, as for scipy's binary operations. */
  outside: oneOf("ignored", "zero").default("ignored"),
});

/** A structuring element and what lies around the image. */
export type ElementSettings = SettingsOf<typeof elementParameters>;

/** An element in voxels: those with Σ (d / radius)² ≤ 1 (ball), |d| ≤ radius (box), on the axes (cross). */
export interface Element {
  readonly shape: "ball" | "box" | "cross";
  /** Along i, j, k in voxels; for balls in mm not whole numbers. */
  readonly radius: Triple;
}

/** A stretch of the element along i: the voxels (−half … half, dj, dk). */
export interface Chord {
  readonly half: number;
  readonly dj: number;
  readonly dk: number;
}

/** What 3 · 0.7 exceeds 2.1 by must not take a voxel off a ball of radius 2.1 mm. */
export const ROUNDING = 1 + 1e-9;

/**
 * The element of some settings on a grid.
 * @throws RoentgenError "bad-option" for both a radius and mm, "value-missing" for mm without spacing
 */
export function elementOn(geometry: Geometry, settings: ElementSettings): Element {
  const { shape, radius = 1, radiusMm } = settings;
  if (radiusMm === undefined) {
    return { shape, radius: typeof radius === "number" ? [radius, radius, radius] : radius };
  }
  if (settings.radius !== undefined) {
    throw new RoentgenError("bad-option", {
      problem: "The structuring element has two sizes",
      expected: "either radius (voxels) or radiusMm",
      found: "both",
      subject: "radiusMm",
    });
  }
  const { spacing } = geometry;
  if (spacing === undefined) {
    throw new RoentgenError("value-missing", {
      problem: "Cannot measure in mm: the image does not say how large its voxels are",
      remedy: "Give the radius in voxels (radius).",
      subject: "radiusMm",
    });
  }
  const inVoxels = spacing.map((mm) => radiusMm / mm) as unknown as Triple;
  return { shape, radius: shape === "ball" ? inVoxels : wholeVoxels(inVoxels) };
}

function wholeVoxels(radius: Triple): Triple {
  return radius.map((r) => Math.floor(r * ROUNDING)) as unknown as Triple;
}

/** How far the element reaches along i, j, k. */
export function reachOf({ radius }: Element): Triple {
  return wholeVoxels(radius);
}

/** The element as chords along i, no further along an axis than the image is long. */
function chordsOf(element: Element, size: Triple): Chord[] {
  const [, mostJ, mostK] = reachOf(element).map((reach, axis) => Math.min(reach, size[axis] - 1));
  const chords: Chord[] = [];
  for (let dk = -mostK; dk <= mostK; dk++) {
    for (let dj = -mostJ; dj <= mostJ; dj++) {
      const half = halfChord(element, dj, dk);
      if (half >= 0) chords.push({ half, dj, dk });
    }
  }
  return chords;
}

/** The chords of equal length together. */
export function chordsByHalf(element: Element, size: Triple): Map<number, Chord[]> {
  const groups = new Map<number, Chord[]>();
  for (const chord of chordsOf(element, size)) {
    const group = groups.get(chord.half);
    if (group) group.push(chord);
    else groups.set(chord.half, [chord]);
  }
  return groups;
}

/** Largest |di| in the element at (dj, dk); −1 for none. */
function halfChord({ shape, radius: [ri, rj, rk] }: Element, dj: number, dk: number): number {
  if (shape === "box") return ri;
  if (shape === "cross") return dj === 0 && dk === 0 ? ri : dj === 0 || dk === 0 ? 0 : -1;
  const rest = ROUNDING - square(dj, rj) - square(dk, rk);
  return rest < 0 ? -1 : Math.floor(ri * Math.sqrt(rest));
}

/** (d / r)²; 0 where both vanish. */
function square(d: number, r: number): number {
  return d === 0 ? 0 : (d / r) ** 2;
}
