// Groups frames by the place they lie at: the same within rounding.

import { dot, type Triple } from "../../../base/index.ts";
import type { DicomFrame } from "./dicom-frame.ts";
import { type FramePlane, normalOf } from "./plane.ts";
import { norm, subtract } from "./vectors.ts";

/** A frame that lies somewhere. */
export type PlacedFrame = DicomFrame & { readonly plane: FramePlane };

/** Frames that lie at one place. */
export interface Place {
  readonly position: Triple;
  readonly frames: PlacedFrame[];
}

/** Positions closer than this part of a pixel are one place. */
const SAME_PLACE = 0.01;

/** The places of parallel frames, ascending along the normal of the first. */
export function placesOf(frames: readonly PlacedFrame[]): Place[] {
  const { plane } = frames[0];
  const normal = normalOf(plane);
  const toleranceMm = SAME_PLACE * Math.min(...plane.spacing);
  const height = (frame: PlacedFrame) => dot(frame.plane.position, normal);
  const sorted = frames.map((frame) => ({ frame, at: height(frame) })).sort((a, b) => a.at - b.at);
  const places: { at: number; place: Place }[] = [];
  for (const { frame, at } of sorted) {
    const found = findPlace(places, { at, position: frame.plane.position, toleranceMm });
    if (found) found.frames.push(frame);
    else places.push({ at, place: { position: frame.plane.position, frames: [frame] } });
  }
  return places.map(({ place }) => place);
}

/** Looks back as far as the height allows. */
function findPlace(
  places: readonly { at: number; place: Place }[],
  wanted: { at: number; position: Triple; toleranceMm: number },
): Place | undefined {
  for (let back = places.length - 1; back >= 0; back--) {
    const { at, place } = places[back];
    if (wanted.at - at > wanted.toleranceMm) return undefined;
    if (norm(subtract(place.position, wanted.position)) <= wanted.toleranceMm) return place;
  }
  return undefined;
}
