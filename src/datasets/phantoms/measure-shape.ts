// Measurements of a region's shape, from its mask alone.

/** A square picture's mask: `[size, size]`, row-major, not 0 inside. */
export interface Region {
  readonly mask: Uint8Array;
  /** Pixels along each side. */
  readonly size: number;
  readonly spacingMm: number;
}

export interface ShapeMeasurements {
  /** Pixels times the area of one. */
  readonly area_mm2: number;
  /** Crofton's estimate over four directions. */
  readonly perimeter_mm: number;
  /** 4π · area / perimeter²: 1 for a disc, less for all else. */
  readonly circularity: number;
  /** Area over that of the convex hull: 1 where nothing is indented. */
  readonly solidity: number;
  /** Standard deviation over mean of the outline's distances from the centroid: 0 for a disc. */
  readonly radial_spread: number;
}

/** Measures a region that has at least one pixel. */
export function measureShape(region: Region): ShapeMeasurements {
  const { mask, spacingMm } = region;
  let pixels = 0;
  for (const value of mask) if (value) pixels += 1;
  const area = pixels * spacingMm ** 2;
  const perimeter = perimeterMm(region);
  return {
    area_mm2: area,
    perimeter_mm: perimeter,
    circularity: (4 * Math.PI * area) / perimeter ** 2,
    solidity: pixels / hullArea(region),
    radial_spread: radialSpread(region),
  };
}

/**
 * Cauchy–Crofton: half the integral of the number of crossings over all lines, from the lines through the
 * pixels in four directions. Legland, Kiêu, Devaux: "Computation of Minkowski measures on 2D and 3D binary
 * images", Image Analysis & Stereology 26 (2007) 83–92.
 */
function perimeterMm({ mask, size, spacingMm }: Region): number {
  let straight = 0;
  let diagonal = 0;
  const at = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < size && y < size && mask[y * size + x] ? 1 : 0;
  // The frame of one pixel around the picture closes regions that touch its border.
  for (let y = -1; y < size; y++) {
    for (let x = -1; x < size; x++) {
      const here = at(x, y);
      const right = at(x + 1, y);
      const below = at(x, y + 1);
      straight += (here ^ right) + (here ^ below);
      diagonal += (here ^ at(x + 1, y + 1)) + (right ^ below);
    }
  }
  return (Math.PI / 8) * spacingMm * (straight + diagonal / Math.SQRT2);
}

/** Area of the convex hull of all pixels' squares, in pixels. */
function hullArea({ mask, size }: Region): number {
  // Only the first and last pixel of a row can be on the hull.
  const left: [number, number][] = [];
  const right: [number, number][] = [];
  for (let y = 0; y < size; y++) {
    const row = mask.subarray(y * size, (y + 1) * size);
    const first = row.findIndex((value) => value !== 0);
    if (first < 0) continue;
    const end = row.findLastIndex((value) => value !== 0) + 1;
    left.push([first, y], [first, y + 1]);
    right.push([end, y], [end, y + 1]);
  }
  const hull = [...convexChain(right), ...convexChain(left.reverse())];
  let twice = 0;
  for (let i = 0; i < hull.length; i++) {
    const [x1, y1] = hull[i];
    const [x2, y2] = hull[(i + 1) % hull.length];
    twice += x1 * y2 - x2 * y1;
  }
  return Math.abs(twice) / 2;
}

/** One side of the hull by Andrew's monotone chain; the points come in the order of y. */
function convexChain(points: readonly [number, number][]): [number, number][] {
  const chain: [number, number][] = [];
  for (const point of points) {
    while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) {
      chain.pop();
    }
    chain.push(point);
  }
  return chain;
}

function turn([ax, ay]: number[], [bx, by]: number[], [cx, cy]: number[]): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** Over the middles of all pixel edges between inside and outside. */
function radialSpread({ mask, size }: Region): number {
  const [cx, cy] = centroid(mask, size);
  let count = 0;
  let sum = 0;
  let squares = 0;
  const add = (x: number, y: number) => {
    const squared = (x - cx) ** 2 + (y - cy) ** 2;
    count += 1;
    sum += Math.sqrt(squared);
    squares += squared;
  };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const index = y * size + x;
      if (!mask[index]) continue;
      if (x === 0 || !mask[index - 1]) add(x - 0.5, y);
      if (x === size - 1 || !mask[index + 1]) add(x + 0.5, y);
      if (y === 0 || !mask[index - size]) add(x, y - 0.5);
      if (y === size - 1 || !mask[index + size]) add(x, y + 0.5);
    }
  }
  const mean = sum / count;
  return Math.sqrt(Math.max(squares / count - mean * mean, 0)) / mean;
}

function centroid(mask: Uint8Array, size: number): [number, number] {
  let count = 0;
  let x = 0;
  let y = 0;
  for (let index = 0; index < mask.length; index++) {
    if (!mask[index]) continue;
    count += 1;
    x += index % size;
    y += Math.floor(index / size);
  }
  return [x / count, y / count];
}
