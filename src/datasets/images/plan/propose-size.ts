// A size for all images: the common one, or a square or cube near the median.

import type { ImagePreparation } from "../image-dataset.ts";
import type { SeenImage } from "./look-at-images.ts";

export interface ProposedSize {
  readonly size: readonly number[];
  readonly fit: ImagePreparation["fit"];
  readonly typicalSize: readonly number[];
}

/** Sizes are multiples of it: five halvings of a network leave whole pixels; of volumes three. */
const STEP = { plane: 32, solid: 8 };

/** Proportions that differ by no more are stretched: nothing is seen of it, and padding would waste pixels. */
const MOST_STRETCH = 1.1;

export function proposeSize(
  seen: readonly SeenImage[],
  { solid, mostSide }: { solid: boolean; mostSide: number },
): ProposedSize {
  const sizes = seen.map(({ size }) => (solid ? [size[2], size[1], size[0]] : [size[1], size[0]]));
  const extents = seen.map(({ spacing }, at) =>
    sizes[at].map((n, axis) => n * (spacing?.[sizes[at].length - 1 - axis] ?? 1)),
  );
  const typicalSize = medians(sizes);
  const isCommon = sizes.every((size) => size.every((n, axis) => n === typicalSize[axis]));
  if (isCommon && Math.max(...typicalSize) <= mostSide) {
    return { size: typicalSize, fit: "stretch", typicalSize };
  }
  const step = solid ? STEP.solid : STEP.plane;
  const side = geometricMean(typicalSize);
  const rounded = Math.max(step, Math.round(side / step) * step);
  const size = typicalSize.map(() =>
    Math.min(rounded, Math.floor(mostSide / step) * step || mostSide),
  );
  return { size, fit: proportionsDiffer(extents) ? "pad" : "stretch", typicalSize };
}

/** From each other, or from the square that they become. */
function proportionsDiffer(extents: readonly (readonly number[])[]): boolean {
  return extents.some((extent) => Math.max(...extent) > MOST_STRETCH * Math.min(...extent));
}

function medians(sizes: readonly (readonly number[])[]): number[] {
  return sizes[0].map((_, axis) => {
    const sorted = sizes.map((size) => size[axis]).sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
  });
}

function geometricMean(values: readonly number[]): number {
  return values.reduce((product, value) => product * value, 1) ** (1 / values.length);
}
