// What networks say of images that they did not learn from: of each image the network that left out its fold.

import type { ImageFold } from "../../datasets/index.ts";
import { type MahalanobisFit, mahalanobisScores } from "../../statistics/index.ts";
import type { SampleOutputs } from "./predict-samples.ts";

/** What one network gives for samples of the data set. */
export interface MemberOutputs {
  /** [rows, scores]. */
  scores(rows: Uint32Array): Float64Array;
  /** [rows, features]; undefined where the model gives none. */
  features(rows: Uint32Array): Float32Array | undefined;
}

/** Samples with what a network that did not learn from them says. */
export interface OutOfFold {
  /** Samples of the data set, ascending within each fold. */
  readonly rows: Uint32Array;
  /** [rows, scores]. */
  readonly scores: Float64Array;
  /** From the images that the network learnt from. */
  readonly distances?: Float64Array;
}

/** Parts the outputs of networks that were deployed apart. */
export function outputsOfMembers(
  { scores, features }: SampleOutputs,
  { rows, members }: { rows: Uint32Array; members: number },
): MemberOutputs[] {
  const places = new Map(Array.from(rows, (row, place) => [row, place]));
  const layout = { places, members };
  return Array.from({ length: members }, (_, member) => ({
    scores: (some) => ofMember(scores, some, { ...layout, member }),
    features: (some) => features && ofMember(features, some, { ...layout, member }),
  }));
}

/** A member's share of each of some rows, of values [rows, members, width]. */
function ofMember<Values extends Float32Array | Float64Array>(
  values: Values,
  rows: Uint32Array,
  { places, members, member }: { places: Map<number, number>; members: number; member: number },
): Values {
  const width = values.length / places.size / members;
  const taken = new (values.constructor as new (length: number) => Values)(rows.length * width);
  for (const [at, row] of rows.entries()) {
    const start = ((places.get(row) as number) * members + member) * width;
    taken.set(values.subarray(start, start + width), at * width);
  }
  return taken;
}

/** The images left out by each network in turn. */
export function outOfFold(
  folds: readonly ImageFold[],
  each: readonly MemberOutputs[],
  distances: readonly MahalanobisFit[] | undefined,
): OutOfFold {
  const far = (at: number, { validation }: ImageFold) =>
    mahalanobisScores(distances![at], each[at].features(validation)!).scores;
  return {
    rows: Uint32Array.from(folds.flatMap(({ validation }) => [...validation])),
    scores: joined(folds.map(({ validation }, at) => each[at].scores(validation))),
    ...(distances && { distances: joined(folds.map((fold, at) => far(at, fold))) }),
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
