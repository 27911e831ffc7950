// The pointing game: whether the brightest point of a map lies on what a reader marked. Zhang et al., "Top-down neural
// attention by excitation backprop", IJCV 2018 (ECCV 2016), https://arxiv.org/abs/1608.00507, section 4.1; by energy: Wang et
// al., Score-CAM, CVPR workshops 2020, https://arxiv.org/abs/1910.01279, section 4.3.

import { checkParameters, elementCount, number, parameters, RoentgenError } from "../base/index.ts";
import { distanceTransform } from "../imaging/index.ts";
import { type Figure, proportionFigure } from "../statistics/index.ts";
import type { Explanation } from "./heat-map.ts";
import { rowOf } from "./image-batch.ts";
import { meanFigure } from "./mean-figure.ts";

/**
 * What was marked in an image, on the grid of its map: boxes [left, top, right, bottom] in pixels, the latter two outside, or
 * a mask that is not 0 where it is. Without anything marked the image does not count.
 */
export type Marked =
  | { readonly boxes: readonly (readonly [number, number, number, number])[] }
  | { readonly mask: ArrayLike<number> };

export interface PointingGameOptions {
  /** Pixels that the point may be away from what was marked; by default 0, in the paper 15. */
  tolerance?: number;
  /** Confidence level of the share of hits; by default 0.95. */
  level?: number;
}

/** How one image fared. */
export interface Pointing {
  readonly hit: boolean;
  /** Part of the evidence that lies on what was marked; 0 for an empty map. */
  readonly energy: number;
  /** Part of the pixels that would be a hit: what a random point scores. */
  readonly chance: number;
  /** Part of the pixels that was marked: what even evidence scores. */
  readonly area: number;
}

export interface PointingGame {
  /** Share of images whose brightest point hits; an empty map is a miss. */
  readonly hits: Figure;
  /** Mean part of the evidence on what was marked. */
  readonly energy: Figure;
  /** What random points would hit on average, and what even evidence would have on it. */
  readonly chance: number;
  readonly area: number;
  /** By image; undefined where nothing was marked. */
  readonly images: readonly (Pointing | undefined)[];
  /** Images without anything marked. */
  readonly unmarked: number;
}

const settings = parameters({
  tolerance: number({ min: 0 }).default(0),
  level: number({ above: 0, below: 1 }).default(0.95),
});

/**
 * Plays the pointing game with maps and what was marked in their images.
 * @throws RoentgenError "shape-mismatch" where marks do not fit the maps
 */
export async function pointingGame(
  explanation: Pick<Explanation, "shape" | "maps">,
  marks: readonly (Marked | undefined)[],
  options: PointingGameOptions = {},
): Promise<PointingGame> {
  const { tolerance, level } = checkParameters(settings, options, "pointing game");
  const [count, ...size] = explanation.shape;
  if (marks.length !== count) throw unfit(`marks of ${count} images`, `${marks.length}`);
  const images: (Pointing | undefined)[] = [];
  for (const [at, marked] of marks.entries()) {
    const mask = marked && maskOf(marked, size);
    const map = rowOf(explanation.maps, at, elementCount(size));
    images.push(mask?.includes(1) ? await pointingOf(map, { mask, size, tolerance }) : undefined);
  }
  const played = images.filter((one) => one !== undefined);
  const hits = played.filter(({ hit }) => hit).length;
  return {
    hits: proportionFigure(hits, played.length, {
      level,
      undefinedBecause: "nothing is marked in any image",
    }),
    energy: meanFigure(played.map(({ energy }) => energy)),
    chance: mean(played.map(({ chance }) => chance)),
    area: mean(played.map(({ area }) => area)),
    images,
    unmarked: count - played.length,
  };
}

async function pointingOf(
  map: Float32Array,
  { mask, size, tolerance }: { mask: Uint8Array; size: readonly number[]; tolerance: number },
): Promise<Pointing> {
  const isNear = await nearMask(mask, { size, tolerance });
  let [best, inside, all] = [0, 0, 0];
  for (let at = 0; at < map.length; at++) {
    if (map[at] > map[best]) best = at;
    all += map[at];
    if (mask[at] === 1) inside += map[at];
  }
  return {
    hit: map[best] > 0 && isNear[best] === 1,
    energy: all > 0 ? inside / all : 0,
    chance: mean(isNear),
    area: mean(mask),
  };
}

/** 1 at most `tolerance` pixels from the mask. */
async function nearMask(
  mask: Uint8Array,
  { size, tolerance }: { size: readonly number[]; tolerance: number },
): Promise<Uint8Array> {
  if (tolerance === 0) return mask;
  const [width, height, depth = 1] = size.toReversed();
  const geometry = { frame: "pixels", size: [width, height, depth], spacing: undefined } as const;
  const outside = { geometry, channels: [], data: mask.map((one) => 1 - one) };
  const distances = await distanceTransform(outside, { unit: "voxels", threads: 1 });
  return Uint8Array.from(distances.data, (distance) => Number(distance <= tolerance));
}

function maskOf(marked: Marked, size: readonly number[]): Uint8Array {
  if ("mask" in marked) {
    if (marked.mask.length === elementCount(size)) {
      return Uint8Array.from(marked.mask, (value) => Number(value !== 0));
    }
    throw unfit(`a mask of ${elementCount(size)} pixels`, `${marked.mask.length}`);
  }
  if (size.length !== 2) throw unfit("masks, since the maps are volumes", "boxes");
  const [height, width] = size;
  const mask = new Uint8Array(width * height);
  for (const [left, top, right, bottom] of marked.boxes) {
    const [from, to] = [Math.max(0, Math.floor(left)), Math.min(width, Math.ceil(right))];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, Math.ceil(bottom)); y++) {
      if (to > from) mask.fill(1, y * width + from, y * width + to);
    }
  }
  return mask;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at];
  return sum / values.length;
}

function unfit(expected: string, found: string): RoentgenError {
  return new RoentgenError("shape-mismatch", {
    problem: "Cannot play the pointing game",
    expected,
    found,
    subject: "marks",
  });
}
