// Sorts parallel planes along their normal and proves, or disproves, that they form an even grid.

import { dot, type Triple } from "../../../base/index.ts";
import { type FramePlane, normalOf } from "./plane.ts";
import {
  type GapProblem,
  gapProblem,
  type TiltProblem,
  tiltProblem,
  type UnevenProblem,
  unevenProblem,
} from "./problems.ts";
import { norm, scale, subtract } from "./vectors.ts";

/** Planes in order of the normal (row × column), and how they lie to each other. */
export interface Stack {
  /** Indices of the given planes, ascending along the normal. */
  readonly order: readonly number[];
  readonly normal: Triple;
  /** mm along the normal of each plane in that order, from the first. */
  readonly depths: readonly number[];
  /** From one slice to the next, mean over the stack; undefined of a single slice. */
  readonly step: Triple | undefined;
  /** Distance of neighbouring slices along the normal where it is even, or would be but for gaps. */
  readonly spacingMm: number | undefined;
  readonly problems: readonly StackProblem[];
}

type StackProblem = GapProblem | UnevenProblem | TiltProblem;

/** Slices may be this part of a step off their even place. */
const EVENNESS = 0.01;
/** Scanners compute positions with noise of up to 0.01 mm, at either end; never is more than 5 % of a step excused. */
const NOISE_MM = 0.02;
const MOST_NOISE = 0.05;
/** However coarsely positions are written, no more than this is excused by rounding, mm. */
const MOST_ROUNDING_MM = 0.05;
/** A stack this many times as long as its slices would be is not one with gaps. */
const LONGEST_GAP = 10;

/**
 * Sorts planes that are parallel and lie at different places.
 *
 * Steps are even if every slice lies within 1 % of a step or the noise of positions (0.02 mm), plus what its
 * position or those of the stack's ends were rounded by (at most 0.05 mm), of where equal steps would put it. Steps that are whole multiples of the usual one are gaps.
 * The stack is sheared if its slices drift sideways by more than twice the rounding of their position or the first,
 * by more than that noise, and by more than 10⁻⁴ of their distance.
 * @param statedTiltDeg the gantry tilt that the file states, for the sentence
 */
export function stackPlanes(planes: readonly FramePlane[], statedTiltDeg?: number): Stack {
  const normal = normalOf(planes[0]);
  const heights = planes.map(({ position }) => dot(position, normal));
  const order = planes.map((_, at) => at).sort((a, b) => heights[a] - heights[b] || a - b);
  const depths = order.map((at) => heights[at] - heights[order[0]]);
  if (order.length < 2) {
    return { order, normal, depths, step: undefined, spacingMm: undefined, problems: [] };
  }
  const [first, last] = [planes[order[0]], planes[order[order.length - 1]]];
  const step = scale(subtract(last.position, first.position), 1 / (order.length - 1));
  const roundings = order.map((at) => Math.min(MOST_ROUNDING_MM, planes[at].roundingMm));
  const spacing = judgeSpacing(depths, roundings);
  const tilt = judgeTilt(planes, { order, normal, depths }, { roundings, statedTiltDeg });
  const problems = [spacing.problem, tilt].filter((found) => found !== undefined);
  return { order, normal, depths, step, spacingMm: spacing.spacingMm, problems };
}

interface SpacingJudgement {
  readonly spacingMm?: number;
  readonly problem?: GapProblem | UnevenProblem;
}

function judgeSpacing(depths: readonly number[], roundings: readonly number[]): SpacingJudgement {
  const steps = depths.slice(1).map((depth, at) => depth - depths[at]);
  const mean = depths[depths.length - 1] / steps.length;
  if (areEven(depths, { spacingMm: mean, placeOf: (k) => k, roundings })) {
    return { spacingMm: mean };
  }
  const sorted = steps.toSorted((a, b) => a - b);
  return (
    judgeGaps(depths, sorted[sorted.length >> 1], roundings) ??
    judgeGaps(depths, sorted[0], roundings) ?? {
      problem: unevenProblem(sorted[0], sorted[sorted.length - 1]),
    }
  );
}

interface EvenPlaces {
  readonly spacingMm: number;
  /** Of each slice, how many steps it lies from the first. */
  readonly placeOf: (slice: number) => number;
  readonly roundings: readonly number[];
}

/**
 * Whether each slice lies where equal steps put it. The ends say how long a step is: a slice is excused by its own
 * rounding or by theirs, which weighs the less the farther away the end is.
 */
function areEven(
  depths: readonly number[],
  { spacingMm, placeOf, roundings }: EvenPlaces,
): boolean {
  const last = depths.length - 1;
  const evenness = evennessMm(spacingMm);
  return depths.every((depth, k) => {
    const share = placeOf(k) / placeOf(last);
    const ofEnds = (1 - share) * roundings[0] + share * roundings[last];
    const allowed = Math.max(roundings[k], ofEnds) + evenness;
    return Math.abs(depth - placeOf(k) * spacingMm) <= allowed;
  });
}

/** How far off its even place a slice may be in steps of this length, mm. */
function evennessMm(stepMm: number): number {
  return Math.max(EVENNESS * stepMm, noiseMm(stepMm));
}

function noiseMm(sizeMm: number): number {
  return Math.min(NOISE_MM, MOST_NOISE * sizeMm);
}

/** Whether every slice lies at a whole multiple of the usual step. */
function judgeGaps(
  depths: readonly number[],
  usualMm: number,
  roundings: readonly number[],
): SpacingJudgement | undefined {
  if (!(usualMm > 0) || depths[depths.length - 1] / usualMm > depths.length * LONGEST_GAP) return;
  let place = 0;
  const places = depths.map((depth, at) => {
    if (at > 0) place += Math.max(1, Math.round((depth - depths[at - 1]) / usualMm));
    return place;
  });
  const spacingMm = depths[depths.length - 1] / place;
  if (!areEven(depths, { spacingMm, placeOf: (k) => places[k], roundings })) return;
  const after = places.flatMap((p, at) => (at > 0 && p - places[at - 1] > 1 ? [at - 1] : []));
  const missing = place + 1 - depths.length;
  return missing > 0 ? { spacingMm, problem: gapProblem(missing, after) } : { spacingMm };
}

/** Drift that is less than this part of the way along the normal is rounding of the direction cosines. */
const SHEAR = 1e-4;

function judgeTilt(
  planes: readonly FramePlane[],
  { order, normal, depths }: Pick<Stack, "order" | "normal" | "depths">,
  { roundings, statedTiltDeg }: { roundings: readonly number[]; statedTiltDeg?: number },
): TiltProblem | undefined {
  const first = planes[order[0]].position;
  const drifts = order.map((at, k) => {
    const way = subtract(planes[at].position, first);
    return norm(subtract(way, scale(normal, depths[k])));
  });
  const shared = Math.max(
    2 * noiseMm(Math.min(...planes[order[0]].spacing)),
    SHEAR * depths[order.length - 1],
  );
  // A way is as coarse as the coarser of the two positions that it joins.
  const isSheared = drifts.some((drift, k) => {
    return drift > Math.max(2 * Math.max(roundings[0], roundings[k]) + 1e-3, shared);
  });
  if (!isSheared) return undefined;
  const most = drifts.reduce((found, drift, k) => (drift > drifts[found] ? k : found), 0);
  const angleRad = Math.atan2(drifts[most], depths[most]);
  return tiltProblem((angleRad * 180) / Math.PI, statedTiltDeg);
}
