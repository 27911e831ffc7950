// Heat maps: from the coarse grid of a layer to the pixels of the image, and on a scale from 0 to 1.

import { elementCount, rowMajorStrides } from "../base/index.ts";

/** What an explanation says of each image. */
export interface Explanation {
  /** Lengths of `maps`: [N, height, width] or [N, depth, height, width]. */
  readonly shape: readonly number[];
  /** Evidence for the class at each place, from 0 to 1: 1 is the largest of the image, where there is any. */
  readonly maps: Float32Array;
  /** The largest value of each map before it was scaled to 1; 0 where nothing speaks for the class. */
  readonly maxima: Float32Array;
  /** The class that is explained, of each image. */
  readonly classes: Int32Array;
  /** Its score. */
  readonly scores: Float32Array;
}

/** Explanations that are put together image by image. */
export interface ExplanationRows {
  readonly explanation: Explanation;
  /** The heat of an image at each place of its size, from 0 on; it is scaled in place. */
  put(row: number, found: { heat: Float32Array; label: number; score: number }): void;
}

/** Room for the explanations of images of a size. */
export function explanationRows(count: number, size: readonly number[]): ExplanationRows {
  const places = elementCount(size);
  const explanation = {
    shape: [count, ...size],
    maps: new Float32Array(count * places),
    maxima: new Float32Array(count),
    classes: new Int32Array(count),
    scores: new Float32Array(count),
  };
  return {
    explanation,
    put(row, { heat, label, score }) {
      explanation.maxima[row] = scaleToOneInPlace(heat);
      explanation.maps.set(heat, row * places);
      explanation.classes[row] = label;
      explanation.scores[row] = score;
    },
  };
}

/** Which sign of attributions is shown: what speaks for the class, or what speaks for or against it. */
export type ShownSign = "positive" | "absolute";

/** One value a place, from signed attributions [channels, …size] summed over the channels. */
export function heatOf(
  attributions: Float32Array,
  { channels, sign }: { channels: number; sign: ShownSign },
): Float32Array {
  const places = attributions.length / channels;
  const heat = new Float32Array(places);
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < places; at++) heat[at] += attributions[channel * places + at];
  }
  return heat.map((value) => (sign === "absolute" ? Math.abs(value) : Math.max(0, value)));
}

/** Divides by the largest value and returns it; a map without anything above 0 stays. */
function scaleToOneInPlace(map: Float32Array): number {
  let largest = 0;
  for (const value of map) largest = Math.max(largest, value);
  if (largest > 0) for (let at = 0; at < map.length; at++) map[at] /= largest;
  return largest;
}

/**
 * Enlarges a map linearly along each axis, between the middles of its cells; beyond the outermost ones it is constant
 * (bilinear interpolation as PyTorch's with `align_corners=False` has it).
 */
export function enlarge(
  map: Float32Array,
  { from, to }: { from: readonly number[]; to: readonly number[] },
): Float32Array {
  let [values, shape] = [map, from];
  for (const axis of to.keys()) {
    if (shape[axis] === to[axis]) continue;
    const next = shape.with(axis, to[axis]);
    values = enlargeAxis(values, { shape, next, axis });
    shape = next;
  }
  return values;
}

function enlargeAxis(
  values: Float32Array,
  { shape, next, axis }: { shape: readonly number[]; next: readonly number[]; axis: number },
): Float32Array {
  const step = rowMajorStrides(shape)[axis];
  const [few, many] = [shape[axis], next[axis]];
  const result = new Float32Array(elementCount(next));
  for (let to = 0; to < many; to++) {
    const at = Math.min(few - 1, Math.max(0, ((to + 0.5) * few) / many - 0.5));
    const low = Math.floor(at);
    const high = Math.min(few - 1, low + 1);
    const part = at - low;
    for (let block = 0; block < values.length / (few * step); block++) {
      const source = block * few * step;
      const target = (block * many + to) * step;
      for (let inner = 0; inner < step; inner++) {
        const [a, b] = [values[source + low * step + inner], values[source + high * step + inner]];
        result[target + inner] = a + part * (b - a);
      }
    }
  }
  return result;
}
