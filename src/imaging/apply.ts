// Steps applied to an image one after another, replayed on others, and inverted for predictions.

import {
  checkParameters,
  type Image,
  type RandomStream,
  randomStream,
  throwIfCancelled,
  type WorkOptions,
} from "../base/index.ts";
import { stepKindByName, transformByName } from "./registry.ts";
import { composeMaps, invertMap } from "./resample/grid-map.ts";
import { resampleImage } from "./resample/resample.ts";
import { addMove, gridOf, type MovedImage, settle } from "./spatial/fused-moves.ts";
import { checkGrid } from "./spatial/moving-transform.ts";
import type {
  AppliedStep,
  GridMap,
  Interpolation,
  Json,
  Outside,
  RandomKind,
  TransformKind,
  TransformStep,
} from "./transform.ts";

/** How steps are applied. */
export interface ApplyOptions extends WorkOptions {
  /** A mask or label map on the image's grid; it moves as the image does, its values stay. */
  mask?: Image;
  /** How labels are found between voxels: "nearest" (default) or "label". */
  maskInterpolation?: "nearest" | "label";
  /** Seed of random steps; 0 by default. */
  seed?: number;
  /** Index of the image in its data set, so that each is changed in its own way; 0 by default. */
  sample?: number;
  /** The pass over the data set, so that each pass changes an image in another way; 0 by default. */
  epoch?: number;
}

/** An image after steps, and what was done, as JSON. */
export interface Applied {
  readonly image: Image;
  readonly mask?: Image;
  readonly applied: readonly AppliedStep[];
}

interface State {
  readonly image: MovedImage;
  readonly mask?: MovedImage;
  readonly applied: readonly AppliedStep[];
}

interface StepWork extends WorkOptions {
  readonly maskInterpolation: Interpolation;
}

/**
 * Applies steps in order. Random steps draw by seed, sample, epoch and their place in the list, and what
 * is recorded is what was drawn: `applied` replays without chance. Moves in a row (turns, deformations,
 * changes of grid, and crops and flips after them) share one resampling of the image and one of its mask.
 * @throws RoentgenError "bad-option" for a step or option that there is none of, "shape-mismatch" where
 *   image and mask are not on one grid, and what the steps throw
 */
export async function applyTransforms(
  image: Image,
  steps: readonly TransformStep[],
  options: ApplyOptions = {},
): Promise<Applied> {
  const { mask, maskInterpolation = "nearest", seed = 0, sample, epoch, ...rest } = options;
  if (mask) checkGrid(mask.geometry, image.geometry, "take the mask along");
  const work: StepWork = { ...rest, maskInterpolation };
  let state: State = { image: { image }, ...(mask && { mask: { image: mask } }), applied: [] };
  for (const [position, { name, ...given }] of steps.entries()) {
    throwIfCancelled(work.signal, "Transforming the image");
    const kind = stepKindByName(name);
    if (isRandom(kind)) {
      const random = streamOf({ seed, sample, epoch }, name, position);
      state = await applyDrawn(state, kind, { given, random }, work);
    } else state = await applyStep(state, kind, given, work);
  }
  const { image: moved, mask: movedMask, applied } = await settleBoth(state, work);
  return { image: moved.image, ...(movedMask && { mask: movedMask.image }), applied };
}

function isRandom(kind: TransformKind | RandomKind): kind is RandomKind {
  return "draw" in kind;
}

function streamOf(
  { seed, sample, epoch }: { seed: number; sample?: number; epoch?: number },
  name: string,
  position: number,
): RandomStream {
  return randomStream({ seed, purpose: `augment/${position}/${name}`, sample, epoch });
}

/** A random step: the transforms that it drew. */
async function applyDrawn(
  state: State,
  kind: RandomKind,
  { given, random }: { given: Record<string, unknown>; random: RandomStream },
  work: StepWork,
): Promise<State> {
  const settings = checkParameters(kind.parameters, given, `transform "${kind.name}"`);
  if (kind.looks) state = await settleBoth(state, work);
  const seen = kind.looks ? { image: state.image.image, mask: state.mask?.image } : {};
  const subject = { geometry: gridOf(state.image), ...seen };
  for (const { name, ...drawn } of kind.draw(random, settings, subject)) {
    state = await applyStep(state, transformByName(name), drawn, work);
  }
  return state;
}

async function applyStep(
  state: State,
  kind: TransformKind,
  given: Record<string, unknown>,
  work: StepWork,
): Promise<State> {
  const settings = checkParameters(kind.parameters, given, `transform "${kind.name}"`);
  return kind.moves
    ? applyMove(state, kind, settings, work)
    : applyInPlace(state, kind, settings, work);
}

/** A transform that moves voxels, of the image and of its mask. */
async function applyMove(
  state: State,
  { name, moves }: TransformKind,
  settings: Record<string, unknown>,
  work: StepWork,
): Promise<State> {
  if (!moves) return state;
  if (moves.find) state = await settleBoth(state, work);
  const mask = state.mask?.image;
  const found = moves.find?.(state.image.image, settings, { ...work, mask });
  const asked = { moves, settings, found };
  const image = await addMove(state.image, asked, work);
  const step = makeStep({ name, settings, found }, state.image, image);
  const applied = [...state.applied, step];
  if (!state.mask) return { image, applied };
  const moved = await addMove(state.mask, asked, {
    ...work,
    interpolation: work.maskInterpolation,
  });
  return { image, mask: moved, applied };
}

/** A transform that leaves voxels where they are: the mask is left alone. */
async function applyInPlace(
  state: State,
  kind: TransformKind,
  settings: Record<string, unknown>,
  work: StepWork,
): Promise<State> {
  const settled = await settleBoth(state, work);
  const mask = settled.mask?.image;
  const { image, found } = await kind.apply(settled.image.image, settings, { ...work, mask });
  const step = makeStep({ name: kind.name, settings, found }, settled.image, { image });
  return { ...settled, image: { image }, applied: [...settled.applied, step] };
}

async function settleBoth(state: State, work: StepWork): Promise<State> {
  const image = await settle(state.image, work);
  if (!state.mask) return { ...state, image };
  const mask = await settle(state.mask, { ...work, interpolation: work.maskInterpolation });
  return { ...state, image, mask };
}

function makeStep(
  { name, settings, found }: { name: string; settings: unknown; found: Json | undefined },
  before: MovedImage,
  after: MovedImage,
): AppliedStep {
  const step = { name, settings, before: gridOf(before), after: gridOf(after) };
  return found === undefined ? step : { ...step, found };
}

/**
 * Does to another image what was done: with the boxes, means and draws that were found then. The same
 * image gives the same result. With an `interpolation` the image is a mask: steps that leave voxels where
 * they are pass it over.
 * @throws RoentgenError "shape-mismatch" where the image is not on the grid that the steps were recorded on
 */
export async function replayTransforms(
  image: Image,
  applied: readonly AppliedStep[],
  options: { interpolation?: Interpolation } & WorkOptions = {},
): Promise<Image> {
  let state: MovedImage = { image };
  for (const { settings, ...step } of applied) {
    throwIfCancelled(options.signal, "Transforming the image");
    const kind = transformByName(step.name);
    if (options.interpolation && !kind.moves) continue;
    checkGrid(gridOf(state), step.before, `replay "${step.name}"`);
    const recorded = { ...step, settings: settings as Record<string, unknown> };
    state = kind.moves
      ? await addMove(state, { moves: kind.moves, ...recorded }, options)
      : {
          image: await replayInPlace((await settle(state, options)).image, kind, recorded, options),
        };
  }
  return (await settle(state, options)).image;
}

async function replayInPlace(
  image: Image,
  kind: TransformKind,
  step: AppliedStep<Record<string, unknown>>,
  work: WorkOptions,
): Promise<Image> {
  if (kind.replay) return kind.replay(image, step, work);
  return (await kind.apply(image, step.settings, work)).image;
}

/**
 * Takes an image on the grid after all steps (a prediction) back to the grid before them. Steps that leave
 * voxels where they are are passed over: what they did to intensities stays. Moves that interpolate, one
 * after another, are undone by one resampling.
 * @param options.interpolation "linear" by default; "nearest" or "label" for labels
 * @param options.outside what stands where the steps had cut the image off; 0 by default
 * @throws RoentgenError "shape-mismatch" where the image is not on the grid after the steps
 */
export async function invertTransforms(
  image: Image,
  applied: readonly AppliedStep[],
  options: { interpolation?: Interpolation; outside?: Outside } & WorkOptions = {},
): Promise<Image> {
  const { interpolation = "linear", outside = 0, ...work } = options;
  const last = applied.at(-1);
  if (last) checkGrid(image.geometry, last.after, "invert the steps");
  let back: GridMap | undefined;
  const sampling = { interpolation, outside };
  for (const step of applied.toReversed()) {
    throwIfCancelled(work.signal, "Inverting the transforms");
    const kind = transformByName(step.name);
    const recorded = step as AppliedStep<Record<string, unknown>>;
    if (kind.moves?.effect === "interpolates") {
      const map = kind.moves.map(step.before, recorded.settings, step.found);
      const inverse = invertMap(map, step.before);
      back = back ? composeMaps(back, inverse) : inverse;
    } else if (kind.invert) {
      if (back) image = await resampleImage(image, back, sampling, work);
      back = undefined;
      image = await kind.invert(image, recorded, { interpolation, outside, ...work });
    }
  }
  return back ? resampleImage(image, back, sampling, work) : image;
}
