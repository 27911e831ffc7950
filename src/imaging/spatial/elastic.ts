// Elastic deformation by a cubic B-spline over a coarse grid of control points.
// Rueckert et al., IEEE TMI 18(8), 1999; as TorchIO's ElasticDeformation.

import {
  type Geometry,
  integer,
  number,
  parameters,
  type RandomStream,
  RoentgenError,
  randomStream,
  type Triple,
} from "../../base/index.ts";
import type { GridMap } from "../transform.ts";
import { movingTransform } from "./moving-transform.ts";
import { asTriple, samplingOf, samplingRules, wholeOrTriple } from "./parameters.ts";

/**
 * Below this share of the distance of control points a field can't fold in three dimensions:
 * Choi, Lee, "Injectivity conditions of 2D and 3D uniform cubic B-spline functions", 2000 (1 / 2.48).
 */
export const FOLDING = 0.4;

/** Bends the content smoothly. The field is drawn from `seed`: the same anywhere. */
export const elastic = movingTransform({
  name: "elastic",
  title: "Bends the image's content by a smooth random field.",
  parameters: parameters({
    /** Control points along i, j, k within the image, its borders included. */
    controlPoints: wholeOrTriple({ min: 3 }).default(7),
    /** Largest displacement of a control point along each axis, in distances of control points. */
    magnitude: number({ min: 0, max: FOLDING }).default(0.15),
    /** Layers of control points at the borders that stay: 2 keep the image's faces nearly in place. */
    lockedBorders: integer({ min: 0, max: 2 }).default(0),
    seed: integer({ min: 0 }),
    ...samplingRules,
  }),
  moves: {
    effect: "interpolates",
    map: (before, settings) => elasticMap(before, settings),
    sampling: samplingOf,
  },
});

interface Field {
  readonly controlPoints: number | Triple;
  readonly magnitude: number;
  readonly lockedBorders: number;
  readonly seed: number;
}

function elasticMap(before: Geometry, field: Field): GridMap {
  const inside = asTriple(field.controlPoints);
  const flat = before.size.map((length) => length === 1);
  checkLocked(inside, flat, field.lockedBorders);
  // One point more on each side carries the spline to the borders.
  const points = inside.map((count, axis) => (flat[axis] ? 1 : count + 2)) as unknown as Triple;
  const step = inside.map((count, axis) =>
    flat[axis] ? 1 : (before.size[axis] - 1) / (count - 1),
  ) as unknown as Triple;
  const shifts = drawShifts(points, step, field);
  return { geometry: before, stages: [{ kind: "spline", points, step, shifts }] };
}

/** Locked layers must leave points between them. */
function checkLocked(inside: Triple, flat: readonly boolean[], layers: number): void {
  if (inside.every((count, axis) => flat[axis] || count > 2 * layers)) return;
  throw new RoentgenError("bad-option", {
    problem: "The elastic field has no control points that may move",
    expected: `more than ${2 * layers} control points with ${layers} locked layers at each border`,
    found: inside.join(", "),
    remedy: 'Raise "controlPoints" or lower "lockedBorders".',
    subject: "lockedBorders",
  });
}

/** Uniform within ± magnitude · step; none along axes of one voxel, and none in locked layers. */
function drawShifts(points: Triple, step: Triple, { magnitude, lockedBorders, seed }: Field) {
  const random = randomStream({ seed, purpose: "imaging/elastic" });
  const [width, height, depth] = points;
  const shifts: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const reach = points[axis] === 1 ? 0 : magnitude * step[axis];
    for (let k = 0; k < depth; k++) {
      for (let j = 0; j < height; j++) {
        for (let i = 0; i < width; i++) {
          const locked = isLocked([i, j, k], points, lockedBorders);
          shifts.push(drawWithin(random, locked ? 0 : reach));
        }
      }
    }
  }
  return shifts;
}

function drawWithin(random: RandomStream, reach: number): number {
  return reach * (2 * random.uniform() - 1);
}

/** Layers count from the image's border; the points beyond it are locked with them. */
function isLocked(place: Triple, points: Triple, layers: number): boolean {
  if (layers === 0) return false;
  return place.some(
    (at, axis) => points[axis] > 1 && (at <= layers || at >= points[axis] - 1 - layers),
  );
}
