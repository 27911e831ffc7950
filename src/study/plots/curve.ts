// Thins a curve to what can be seen, so that a study of a million rows draws as small a figure as one of a hundred.

/** Coordinates of a curve's points, in drawing order. */
export interface CurvePoints {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/**
 * Points of a curve on the unit square (or another known span), leaving out those closer than
 * `resolution` of the span to the last one kept. The ends always stay; points that aren't finite never do.
 */
export function visiblePoints(
  { x, y }: CurvePoints,
  { xSpan = 1, ySpan = 1, resolution = 1 / 800 } = {},
): [number, number][] {
  const kept: [number, number][] = [];
  for (let index = 0; index < x.length; index++) {
    if (!Number.isFinite(x[index]) || !Number.isFinite(y[index])) continue;
    const last = kept.at(-1);
    const moved =
      last === undefined ||
      index === x.length - 1 ||
      Math.abs(x[index] - last[0]) >= resolution * xSpan ||
      Math.abs(y[index] - last[1]) >= resolution * ySpan;
    if (moved) kept.push([x[index], y[index]]);
  }
  return kept;
}
