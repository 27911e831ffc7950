// Small images that tests of imaging share.

import fc from "fast-check";
import {
  applyAffine,
  type Geometry,
  type Image,
  indexToWorld,
  makeImage,
  patientGeometry,
  type Triple,
} from "../../src/base/index.ts";
import { rotationMatrix } from "../../src/imaging/spatial/about-centre.ts";

/** A grid somewhere in the patient, turned by some degrees. */
export function patientGrid({
  size = [7, 6, 5],
  spacing = [1, 1.5, 2.5],
  origin = [-20, 30, 12],
  degrees = [0, 0, 0],
}: Partial<Record<"size" | "spacing" | "origin" | "degrees", Triple>> = {}) {
  return patientGeometry({ size, spacing, origin, direction: rotationMatrix(degrees) });
}

/** Distinct values, as far as 8191 reach. */
export function countedImage(geometry: Geometry): Image {
  const [width, height, depth] = geometry.size;
  const data = Float32Array.from({ length: width * height * depth }, (_, at) => (at * 37) % 8191);
  return makeImage({ geometry, data });
}

/** What the value is, in world coordinates: linear, so that linear and cubic interpolation are exact. */
export function worldValue([x, y, z]: Triple): number {
  return 3 + 0.5 * x - 1.25 * y + 2 * z;
}

/** An image whose every voxel holds `worldValue` of its place. */
export function worldImage(geometry: Geometry): Image {
  const toWorld = indexToWorld(geometry);
  const data = new Float64Array(geometry.size[0] * geometry.size[1] * geometry.size[2]);
  eachIndex(geometry.size, (index, at) => {
    data[at] = worldValue(applyAffine(toWorld, index));
  });
  return makeImage({ geometry, data });
}

export function eachIndex(
  [width, height, depth]: Triple,
  visit: (index: Triple, at: number) => void,
) {
  let at = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) for (let i = 0; i < width; i++) visit([i, j, k], at++);
  }
}

/** The largest difference of two lists of numbers, as a share of the range of the second. */
export function relativeDifference(values: ArrayLike<number>, truth: ArrayLike<number>): number {
  let worst = values.length === truth.length ? 0 : Number.POSITIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < truth.length; at++) {
    const difference = Math.abs(values[at] - truth[at]);
    if (!(difference <= worst)) worst = difference;
    low = Math.min(low, truth[at]);
    high = Math.max(high, truth[at]);
  }
  return worst / (high - low);
}

const axisLength = fc.integer({ min: 1, max: 6 });
const millimetres = fc.double({ min: 0.3, max: 4, noNaN: true });
const place = fc.double({ min: -200, max: 200, noNaN: true });
const angle = fc.double({ min: -180, max: 180, noNaN: true });

/** Any small grid in the patient. */
export const anyPatientGrid = fc
  .record({
    size: fc.tuple(axisLength, axisLength, axisLength),
    spacing: fc.tuple(millimetres, millimetres, millimetres),
    origin: fc.tuple(place, place, place),
    degrees: fc.tuple(angle, angle, angle),
  })
  .map(patientGrid);

/** Any small grid, in the patient or not. */
export const anyGrid: fc.Arbitrary<Geometry> = fc.oneof(
  anyPatientGrid,
  fc
    .tuple(axisLength, axisLength, fc.constant(1))
    .map((size): Geometry => ({ frame: "pixels", size, spacing: undefined })),
);
