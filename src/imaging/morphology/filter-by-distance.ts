// Dilates and erodes masks by large balls: what lies within the radius of foreground, or of background.

import { makeVoxels, type Triple, type VoxelArray, voxelType } from "../../base/index.ts";
import { distanceAcross, distanceWithin } from "./distance-passes.ts";
import type { Extreme } from "./extreme.ts";
import { type Element, ROUNDING } from "./structuring-element.ts";

/** The mask (0 and one other value) filtered by a ball, as its chords would. */
export function filterByDistance<D extends VoxelArray>(
  data: D,
  size: Triple,
  { radius }: Element,
  extreme: Extreme,
  foreground: number,
): D {
  const grows = extreme === "largest";
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < mask.length; at++) mask[at] = (data[at] === 0) === grows ? 1 : 0;
  const nearestK = new Uint16Array(data.length);
  const reached = new Uint8Array(data.length);
  // In units of the radius along each axis, the ball is a sphere of radius 1.
  const spacing = radius.map((r) => Math.min(1 / r, BEYOND)) as unknown as Triple;
  distanceAcross({ mask, size, nearestK, from: 0, to: size[1] });
  const within = { mask, size, nearestK, spacing, reached, reachSquare: ROUNDING };
  distanceWithin({ ...within, from: 0, to: size[2] });
  const out = makeVoxels(voxelType(data), data.length) as D;
  for (let at = 0; at < out.length; at++) {
    if ((reached[at] === 1) === grows) out[at] = foreground;
  }
  return out;
}

/** The distance of neighbours along an axis along which the ball does not reach. */
const BEYOND = 1e6;
