// Moves in a row put together, so that voxels are interpolated once however many moves there are.

import type { Geometry, Image } from "../../base/index.ts";
import { composeMaps } from "../resample/grid-map.ts";
import { resampleImage } from "../resample/resample.ts";
import type {
  GridMap,
  Interpolation,
  Json,
  Sampling,
  TransformWork,
  VoxelMove,
} from "../transform.ts";
import { maskSampling, smoothBefore } from "./moving-transform.ts";

/** An image, and moves that are not done yet: they wait for others to share their resampling. */
export interface MovedImage {
  readonly image: Image;
  readonly waiting?: { readonly map: GridMap; readonly sampling: Sampling };
}

/** A move as it is asked for. */
export interface AskedMove {
  readonly moves: VoxelMove;
  readonly settings: unknown;
  readonly found?: Json;
}

/** With an interpolation the image is a mask. */
type MoveWork = { interpolation?: Interpolation } & TransformWork;

/** The grid on which the next move starts. */
export function gridOf({ image, waiting }: MovedImage): Geometry {
  return waiting?.map.geometry ?? image.geometry;
}

/** Does the moves that wait. */
export async function settle(state: MovedImage, work: MoveWork): Promise<MovedImage> {
  const { image, waiting } = state;
  if (!waiting) return state;
  return {
    image: await resampleImage(image, waiting.map, samplingFor(waiting.sampling, work), work),
  };
}

function samplingFor(sampling: Sampling, { interpolation }: MoveWork): Sampling {
  return interpolation ? maskSampling(sampling, interpolation) : sampling;
}

/**
 * Adds a move. One that interpolates waits; those after it that interpolate in the same way, or only choose
 * among its voxels, join it. What an earlier move pushed out of the image can so come back in by a later
 * one: nothing is cut off between them.
 */
export async function addMove(
  state: MovedImage,
  asked: AskedMove,
  work: MoveWork,
): Promise<MovedImage> {
  const { moves, settings, found } = asked;
  const joins = canJoin(state, asked);
  const { image, waiting } = joins ? state : await settle(state, work);
  const map = moves.map(waiting?.map.geometry ?? image.geometry, settings, found);
  if (waiting) return { image, waiting: { ...waiting, map: composeMaps(waiting.map, map) } };
  const sampling = moves.sampling(settings);
  const smooth = work.interpolation ? image : smoothBefore(image, moves, settings);
  const started = { image: smooth, waiting: { map, sampling } };
  return moves.effect === "interpolates" ? started : settle(started, work);
}

/** Whether the move needs no voxels of its own: nothing to find, to smooth or to put around. */
function canJoin(state: MovedImage, { moves, settings }: AskedMove): boolean {
  if (!state.waiting || moves.find || moves.smoothing?.(gridOf(state), settings)) return false;
  if (moves.effect === "chooses") return true;
  const { interpolation, outside } = moves.sampling(settings);
  const { sampling } = state.waiting;
  const alike = interpolation === sampling.interpolation && outside === sampling.outside;
  return moves.effect === "interpolates" && alike;
}
