// What a model says of an image, from the numbers that come out of it.

import { conformalSets, unusualShare } from "../../statistics/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import { decidedClass } from "./decided-class.ts";

/** What a model says of an image; `kind` is that of its target. */
export type ImagePrediction = Likeness &
  (
    | {
        readonly kind: "classes";
        /** The most probable class; of two, the second from the threshold on. */
        readonly predicted: string;
        /** In the order of the target's classes; they sum to 1. */
        readonly probabilities: readonly number[];
        /** Classes of which one is the true one as often as the model's `conformal.promise` says; the most probable first. */
        readonly set?: readonly string[];
      }
    | {
        readonly kind: "labels";
        /** Labels whose probability reaches their threshold. */
        readonly predicted: readonly string[];
        /** In the order of the target's labels. */
        readonly probabilities: readonly number[];
      }
    | { readonly kind: "number"; readonly predicted: number }
  );

/** How like the training images an image is, where the model can tell. */
export interface Likeness {
  /** Squared distance of its features from those of the nearest class of training images. */
  readonly distance?: number;
  /** It is more unusual than this share of the images held out, 0 … 1. */
  readonly unusualShare?: number;
  /** Whether what the model says of it means little; undefined where too few images were held out to tell. */
  readonly unusual?: boolean;
}

/** Scores [images, width] of a deployed model, and distances [images] where it has them. */
export interface RawScores {
  readonly scores: Float32Array;
  readonly distances?: Float32Array;
  /** A number of each image that hangs on nothing but its pixels, for sets that are drawn. */
  readonly samples: ArrayLike<number>;
}

type Stated = Pick<ImageDescription, "target" | "conformal" | "unusual">;

/** What the model says of each image. */
export function readScores(stated: Stated, raw: RawScores): ImagePrediction[] {
  const { target } = stated;
  const count = raw.samples.length;
  const width = raw.scores.length / count;
  const rowOf = (row: number) =>
    Float64Array.from(raw.scores.subarray(row * width, (row + 1) * width));
  const rows = Array.from({ length: count }, (_, row) => rowOf(row));
  const likeness = (row: number) => likenessOf(stated, raw.distances?.[row]);
  switch (target.kind) {
    case "classes":
      return classPredictions(target, rows.map(normalised), stated.conformal, raw.samples).map(
        (prediction, row) => ({ ...prediction, ...likeness(row) }),
      );
    case "labels":
      return rows.map((row, at) => ({
        kind: "labels",
        predicted: target.labels
          .filter(({ threshold }, label) => row[label] >= threshold.value)
          .map(({ name }) => name),
        probabilities: [...row],
        ...likeness(at),
      }));
    case "number":
      return rows.map(([value], at) => ({ kind: "number", predicted: value, ...likeness(at) }));
    default:
      return target satisfies never;
  }
}

/** Float32 outputs add up to 1 within 1e-7; what follows counts on 1. */
function normalised(row: Float64Array): Float64Array {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.map((value) => value / sum);
}

type ClassTarget = Extract<ImageDescription["target"], { kind: "classes" }>;

function classPredictions(
  { classes, threshold }: ClassTarget,
  rows: readonly Float64Array[],
  conformal: Stated["conformal"],
  samples: ArrayLike<number>,
) {
  const flat = Float64Array.from(rows.flatMap((row) => [...row]));
  const sets = conformal && conformalSets(conformal, flat, { samples });
  return rows.map((row, at) => ({
    kind: "classes" as const,
    predicted: classes[decidedClass(row, threshold?.value)].name,
    probabilities: [...row],
    ...(sets && { set: sets[at].map((index) => classes[index].name) }),
  }));
}

function likenessOf({ unusual }: Stated, distance: number | undefined): Likeness {
  if (distance === undefined) return {};
  if (!unusual) return { distance };
  return {
    distance,
    unusualShare: unusualShare(unusual, distance),
    ...(unusual.threshold !== null && { unusual: distance > unusual.threshold }),
  };
}
