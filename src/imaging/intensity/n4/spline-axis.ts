// Uniform cubic B-splines along one axis of a grid: weights, sums onto control points, and back.

/** Which four control points each sample of an axis lies under, and with what weight. */
export interface SplineAxis {
  readonly samples: number;
  readonly points: number;
  /** First of the control points of each sample. */
  readonly first: Int32Array;
  /** Weights of `taps` points for each sample. */
  readonly weights: Float64Array;
  /** 4; 1 along an axis of one sample, where the spline is a constant. */
  readonly taps: 1 | 4;
}

/**
 * Weights at places along the domain of `points` control points, which spans 0 … points − 3; places outside
 * take the nearest end. One control point is a constant.
 */
export function splineAxis(points: number, places: Float64Array): SplineAxis {
  const samples = places.length;
  if (points === 1) {
    const weights = new Float64Array(samples).fill(1);
    return { samples, points, first: new Int32Array(samples), weights, taps: 1 };
  }
  const first = new Int32Array(samples);
  const weights = new Float64Array(4 * samples);
  for (let at = 0; at < samples; at++) {
    const place = Math.max(0, Math.min(points - 3, places[at]));
    first[at] = Math.min(points - 4, Math.floor(place));
    weights.set(cubicWeights(place - first[at]), 4 * at);
  }
  return { samples, points, first, weights, taps: 4 };
}

/** Lee, Wolberg, Shin, IEEE TVCG 3(3), 1997, eq. 2: B0 … B3 at t in 0 … 1. */
function cubicWeights(t: number): number[] {
  const s = 1 - t;
  return [
    s ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
}

/** The same axis with other weights in place of w. */
export function withWeights(axis: SplineAxis, change: (w: number, squares: number) => number) {
  const { weights, taps } = axis;
  const changed = weights.map((w, at) => {
    const start = at - (at % taps);
    let squares = 0;
    for (let tap = 0; tap < taps; tap++) squares += weights[start + tap] ** 2;
    return change(w, squares);
  });
  return { ...axis, weights: changed };
}

/** Values [outer, samples, inner] summed onto control points: [outer, points, inner]. */
export function gather(values: Float64Array, axis: SplineAxis, inner: number): Float64Array {
  const { samples, points, first, weights, taps } = axis;
  const outer = values.length / (samples * inner);
  const sums = new Float64Array(outer * points * inner);
  for (let o = 0, from = 0; o < outer; o++) {
    for (let sample = 0; sample < samples; sample++, from += inner) {
      for (let tap = 0; tap < taps; tap++) {
        const weight = weights[sample * taps + tap];
        const to = (o * points + first[sample] + tap) * inner;
        for (let at = 0; at < inner; at++) sums[to + at] += weight * values[from + at];
      }
    }
  }
  return sums;
}

/** Control points [outer, points, inner] as samples: [outer, samples, inner]. */
export function scatter(values: Float64Array, axis: SplineAxis, inner: number): Float64Array {
  const { samples, points, first, weights, taps } = axis;
  const outer = values.length / (points * inner);
  const found = new Float64Array(outer * samples * inner);
  for (let o = 0, to = 0; o < outer; o++) {
    for (let sample = 0; sample < samples; sample++, to += inner) {
      for (let tap = 0; tap < taps; tap++) {
        const weight = weights[sample * taps + tap];
        const from = (o * points + first[sample] + tap) * inner;
        for (let at = 0; at < inner; at++) found[to + at] += weight * values[from + at];
      }
    }
  }
  return found;
}
