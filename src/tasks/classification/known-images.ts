// Which images of a data set the model already knows: figures on those say nothing about new ones.

import { counted } from "../../base/index.ts";
import type { ImageSample } from "../../datasets/index.ts";
import type { PreparedBatch } from "./prepared-batches.ts";
import { hashOfPixels, type TrainingImages } from "./training-images.ts";

/** How many of the images judged on the model knows. */
export interface KnownImages {
  readonly of: number;
  /** Learnt from, equal to the pixel. */
  readonly train: number;
  /** Calibrated on. */
  readonly validation: number;
  /** Other images whose patient has the name of one that was learnt from or calibrated on. */
  readonly patients: number;
}

export interface KnownImageCounter {
  /** Looks at prepared images; the samples are theirs, in their order. */
  count(batch: Pick<PreparedBatch, "pixels">, samples: readonly ImageSample[]): Promise<void>;
  result(): KnownImages;
}

/** Counts images as they pass. */
export function countKnownImages({ images }: TrainingImages): KnownImageCounter {
  const sideOf = new Map(images.map(({ pixels, side }) => [pixels, side]));
  const patients = new Set(images.map(({ patient }) => patient));
  patients.delete(undefined);
  const counts = { of: 0, train: 0, validation: 0, patients: 0 };
  return {
    async count({ pixels }, samples) {
      const length = pixels.length / samples.length;
      for (const [at, { patient }] of samples.entries()) {
        const hash = await hashOfPixels(pixels.subarray(at * length, (at + 1) * length));
        const side = sideOf.get(hash);
        counts.of += 1;
        if (side) counts[side] += 1;
        else if (patients.has(patient)) counts.patients += 1;
      }
    },
    result: () => ({ ...counts }),
  };
}

/** What a reader of the figures must know. */
export function knownInWords({ of, train, validation, patients }: KnownImages): string[] {
  const all = counted(of, "image");
  const known = [
    ...(train > 0 ? [`learnt from ${train}`] : []),
    ...(validation > 0 ? [`was calibrated on ${validation}`] : []),
  ].join(" and ");
  return [
    ...(known
      ? [
          `Of ${all} the model ${known}: the figures are too favourable. Judge it on images that it does not know.`,
        ]
      : []),
    ...(patients > 0
      ? [
          `${patients} of ${all} are of patients named like patients that the model knows. If they are the same people, the figures are too favourable.`,
        ]
      : []),
  ];
}
