// Thins curves and clouds to what can be seen, so that a study of a million rows draws as small a figure as one of a hundred.

export type Point = [x: number, y: number];

/**
 * Points of a curve without those closer than `resolution` of the span to the last one kept.
 * The ends stay; points that aren't finite go.
 */
export function visiblePoints(
  points: readonly (readonly [number, number])[],
  { xSpan = 1, ySpan = 1, resolution = 1 / 800 } = {},
): Point[] {
  const kept: Point[] = [];
  for (const [index, [x, y]] of points.entries()) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const last = kept.at(-1);
    const moved =
      last === undefined ||
      index === points.length - 1 ||
      Math.abs(x - last[0]) >= resolution * xSpan ||
      Math.abs(y - last[1]) >= resolution * ySpan;
    if (moved) kept.push([x, y]);
  }
  return kept;
}

/** One point for each cell of a fine grid over the domains that holds any; points that aren't finite go. */
export function visibleDots(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { xDomain, yDomain, cells = 160 }: { xDomain: Point; yDomain: Point; cells?: number },
): Point[] {
  const taken = new Set<number>();
  const kept: Point[] = [];
  const cell = (value: number, [low, high]: Point) =>
    Math.round(((value - low) / (high - low)) * cells);
  for (let index = 0; index < x.length; index++) {
    if (!Number.isFinite(x[index]) || !Number.isFinite(y[index])) continue;
    const key = cell(x[index], xDomain) * (cells + 2) + cell(y[index], yDomain);
    if (taken.has(key)) continue;
    taken.add(key);
    kept.push([x[index], y[index]]);
  }
  return kept;
}
