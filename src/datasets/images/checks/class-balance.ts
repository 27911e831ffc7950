// How many images each class or finding has, on each side.

import { counted } from "../../../base/index.ts";
import type { ImageDataset, ImageSide } from "../image-dataset.ts";
import type { ImageFinding } from "./image-finding.ts";

export interface ClassCount {
  /** A class or a finding. */
  readonly name: string;
  readonly count: number;
  /** Those of known patients, each counted once, and images without one. */
  readonly patients: number;
  /** Where the sides are known. */
  readonly sides: Readonly<Partial<Record<ImageSide, number>>>;
}

/** @param sideOf the side of a sample, where it is known */
export function countClasses(
  { target, samples }: ImageDataset,
  chosen: readonly number[],
  sideOf: (sample: number) => ImageSide | undefined,
): ClassCount[] {
  if (target.kind === "number") return [];
  const names = target.kind === "classes" ? target.classes : target.labels;
  return names.map((name, number) => {
    const own = chosen.filter((sample) => {
      const value = samples[sample].target;
      return target.kind === "classes"
        ? value === number
        : (value as readonly number[])[number] === 1;
    });
    const sides: Partial<Record<ImageSide, number>> = {};
    for (const sample of own) {
      const side = sideOf(sample);
      if (side) sides[side] = (sides[side] ?? 0) + 1;
    }
    const patients = new Set(own.map((sample) => samples[sample].patient ?? `#${sample}`)).size;
    return { name, count: own.length, patients, sides };
  });
}

/** With fewer images of a class, figures on it are hardly more than chance. */
const FEW = 20;

/** From this ratio on, plain accuracy says little and classes are best weighted. */
const IMBALANCE = 5;

export function balanceFindings(
  counts: readonly ClassCount[],
  target: ImageDataset["target"],
): ImageFinding[] {
  if (counts.length === 0) return [];
  const few = counts.filter(({ count }) => count < FEW);
  const sorted = [...counts].sort((a, b) => a.count - b.count);
  const [least, most] = [sorted[0], sorted.at(-1) as ClassCount];
  const ratio = most.count / Math.max(1, least.count);
  return [
    ...few.map(
      ({ name, count }): ImageFinding => ({
        kind: "few-images",
        severity: "warning",
        figure: count,
        message: `${JSON.stringify(name)} has only ${counted(count, "image")}; its figures will be uncertain.`,
      }),
    ),
    ...(target.kind === "classes" && ratio >= IMBALANCE
      ? [
          {
            kind: "class-imbalance" as const,
            severity: "note" as const,
            figure: ratio,
            message: `${JSON.stringify(most.name)} has ${ratio.toFixed(1)} times the images of ${JSON.stringify(least.name)}: read balanced accuracy and the figures of each class, not accuracy alone.`,
          },
        ]
      : []),
  ];
}
