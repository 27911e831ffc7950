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
import type {
  AppliedStep,
  Interpolation,
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
  /** Index of the image in its data set, so that each is changed in its own way. */
  sample?: number;
  epoch?: number;
}

/** An image after steps, and what was done, as JSON. */
export interface Applied {
  readonly image: Image;
  readonly mask?: Image;
  readonly applied: readonly AppliedStep[];
}

/**
 * Applies steps in order. Random steps draw by seed, sample, epoch and their place in the list, and what
 * is recorded is what was drawn: `applied` replays without chance.
 * @throws RoentgenError "bad-option" for a step or option that there is none of
 */
export async function applyTransforms(
  image: Image,
  steps: readonly TransformStep[],
  options: ApplyOptions = {},
): Promise<Applied> {
  const { mask, maskInterpolation = "nearest", seed = 0, sample, epoch, ...work } = options;
  let state: Applied = mask ? { image, mask, applied: [] } : { image, applied: [] };
  for (const [position, { name, ...given }] of steps.entries()) {
    throwIfCancelled(work.signal, "Transforming the image");
    const kind = stepKindByName(name);
    const settings = checkParameters(kind.parameters, given, `transform "${name}"`);
    const drawn = isRandom(kind)
      ? kind.draw(streamOf({ seed, sample, epoch }, name, position), settings, {
          geometry: state.image.geometry,
          ...(kind.looks && state),
        })
      : [{ name, ...settings }];
    for (const step of drawn) state = await applyStep(state, step, maskInterpolation, work);
  }
  return state;
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

async function applyStep(
  { image, mask, applied }: Applied,
  { name, ...given }: TransformStep,
  maskInterpolation: Interpolation,
  work: WorkOptions,
): Promise<Applied> {
  const kind = transformByName(name);
  const settings = checkParameters(kind.parameters, given, `transform "${name}"`);
  const { image: after, found } = await kind.apply(image, settings, { ...work, mask });
  const step = makeStep(name, settings, image, after, found);
  const all = [...applied, step];
  if (!mask) return { image: after, applied: all };
  const options = { ...work, interpolation: maskInterpolation };
  return { image: after, mask: await replayTransforms(mask, [step], options), applied: all };
}

function makeStep(
  name: string,
  settings: unknown,
  before: Image,
  after: Image,
  found: AppliedStep["found"],
): AppliedStep {
  const step = { name, settings, before: before.geometry, after: after.geometry };
  return found === undefined ? step : { ...step, found };
}

/**
 * Does to another image what was done: with the boxes, means and draws that were found then.
 * With an `interpolation` the image is a mask: steps that change intensities leave it alone.
 */
export async function replayTransforms(
  image: Image,
  applied: readonly AppliedStep[],
  options: { interpolation?: Interpolation } & WorkOptions = {},
): Promise<Image> {
  const { interpolation, ...work } = options;
  for (const step of applied) {
    throwIfCancelled(work.signal, "Transforming the image");
    const kind = transformByName(step.name);
    if (interpolation && !kind.moves) continue;
    image = kind.replay
      ? await kind.replay(image, step as AppliedStep<Record<string, unknown>>, options)
      : (await kind.apply(image, step.settings as Record<string, unknown>, work)).image;
  }
  return image;
}

/**
 * Takes an image on the grid after all steps (a prediction) back to the grid before them. Steps that move
 * no voxels are passed over: what they did to intensities stays.
 */
export async function invertTransforms(
  image: Image,
  applied: readonly AppliedStep[],
  options: { interpolation?: Interpolation } & WorkOptions = {},
): Promise<Image> {
  const { interpolation = "linear", ...work } = options;
  for (const step of applied.toReversed()) {
    throwIfCancelled(work.signal, "Inverting the transforms");
    const kind = transformByName(step.name);
    if (!kind.invert) continue;
    image = await kind.invert(image, step as AppliedStep<Record<string, unknown>>, {
      interpolation,
      ...work,
    });
  }
  return image;
}
