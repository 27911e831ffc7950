// A transform made from how it moves voxels: applying, replaying and inverting are then one resampling each.

import {
  type Geometry,
  type Image,
  type Parameters,
  RoentgenError,
  type SettingsOf,
  type WorkOptions,
} from "../../base/index.ts";
import { smoothGaussian } from "../resample/gaussian.ts";
import { invertMap } from "../resample/grid-map.ts";
import { resampleImage } from "../resample/resample.ts";
import type {
  AppliedStep,
  Interpolation,
  Json,
  Outside,
  Sampling,
  Transformed,
  TransformKind,
  TransformWork,
  VoxelMove,
} from "../transform.ts";

/** A transform that moves voxels. */
export type MovingKind<P extends Parameters = Parameters> = TransformKind<P> & {
  readonly moves: VoxelMove<SettingsOf<P>>;
};

export function movingTransform<P extends Parameters>(kind: {
  name: string;
  title: string;
  parameters: P;
  moves: VoxelMove<SettingsOf<P>>;
}): MovingKind<P> {
  const { moves } = kind;
  return {
    ...kind,
    apply: async (image, settings, work) => {
      const found = moves.find?.(image, settings, work);
      const moved = await moveImage(image, moves, { settings, found }, work);
      return transformed(moved, found);
    },
    replay: (image, step, work) => {
      checkGrid(image.geometry, step.before, `replay "${step.name}"`);
      return moveImage(image, moves, step, work);
    },
    invert: (image, step, work) => {
      checkGrid(image.geometry, step.after, `invert "${step.name}"`);
      return moveBack(image, moves, step, work);
    },
  };
}

function transformed(image: Image, found: Json | undefined): Transformed {
  return found === undefined ? { image } : { image, found };
}

interface Asked<S> {
  readonly settings: S;
  readonly found?: Json;
}

async function moveImage<S>(
  image: Image,
  moves: VoxelMove<S>,
  { settings, found }: Asked<S>,
  { interpolation, ...work }: { interpolation?: Interpolation } & TransformWork,
): Promise<Image> {
  const map = moves.map(image.geometry, settings, found);
  const sampling = moves.sampling(settings);
  if (interpolation) return resampleImage(image, map, maskSampling(sampling, interpolation), work);
  return resampleImage(smoothBefore(image, moves, settings), map, sampling, work);
}

/** How a mask moves along: no values between labels, and nothing is marked outside. */
export function maskSampling(sampling: Sampling, interpolation: Interpolation): Sampling {
  const { outside } = sampling;
  return { interpolation, outside: typeof outside === "number" ? 0 : outside };
}

/** The image smoothed against aliasing where the step asks for it. */
export function smoothBefore<S>(image: Image, moves: VoxelMove<S>, settings: S): Image {
  const sigma = moves.smoothing?.(image.geometry, settings);
  return sigma ? smoothGaussian(image, sigma) : image;
}

function moveBack<S>(
  image: Image,
  moves: VoxelMove<S>,
  step: AppliedStep<S>,
  options: { interpolation: Interpolation; outside?: Outside } & WorkOptions,
): Promise<Image> {
  const { interpolation, outside = 0, ...work } = options;
  const back = invertMap(moves.map(step.before, step.settings, step.found), step.before);
  const exact = moves.effect !== "interpolates";
  return resampleImage(
    image,
    back,
    { interpolation: exact ? "nearest" : interpolation, outside },
    work,
  );
}

/** @throws RoentgenError "shape-mismatch" where an image has another size than the step was applied to */
export function checkGrid(given: Geometry, { size }: Geometry, what: string): void {
  if (given.size.every((length, axis) => length === size[axis])) return;
  throw new RoentgenError("shape-mismatch", {
    problem: `Cannot ${what}`,
    expected: `an image of ${size.join(" × ")} voxels`,
    found: given.size.join(" × "),
    remedy: "Give an image on the grid that the step was recorded on.",
  });
}
