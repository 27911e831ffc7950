// Puts slices that are uneven, missing or shifted onto an even, orthogonal grid: values by linear interpolation, labels
// by the nearest.

import {
  makeVoxels,
  matrixFromColumns,
  type PatientGeometry,
  patientGeometry,
  RoentgenError,
  type Triple,
  type VoxelArray,
  type VoxelType,
  voxelType,
} from "../../../base/index.ts";
import { add, scale } from "./vectors.ts";
import type { SliceLayout } from "./volume-entry.ts";

export interface EvenGrid {
  readonly geometry: PatientGeometry;
  /** Pixels by which the grid begins before the first slice's first pixel, along i and j. */
  readonly margin: readonly [number, number];
}

/**
 * The grid for slices that are not even: spacing as they have it but for gaps, else their median step, stretched
 * to end at the last slice; wide enough for slices that are shifted in their plane.
 */
export function evenGrid(
  layout: SliceLayout,
  [columns, rows]: readonly [number, number],
): EvenGrid {
  const { offsets, spacing, row, column, normal } = layout;
  const depths = offsets.map(([, , w]) => w);
  const steps = depths
    .slice(1)
    .map((depth, at) => depth - depths[at])
    .sort((a, b) => a - b);
  const usual = layout.spacingMm ?? steps[steps.length >> 1];
  const extent = depths[depths.length - 1];
  const slices = Math.max(2, Math.round(extent / usual) + 1);
  const [left, right] = rangeInPixels(offsets.map(([u]) => u / spacing[0]));
  const [top, bottom] = rangeInPixels(offsets.map(([, v]) => v / spacing[1]));
  checkGrowth(
    [columns + right - left, rows + bottom - top, slices],
    [columns, rows, depths.length],
  );
  const shift = add(scale(row, left * spacing[0]), scale(column, top * spacing[1]));
  const geometry = patientGeometry({
    size: [columns + right - left, rows + bottom - top, slices],
    spacing: [spacing[0], spacing[1], extent / (slices - 1)],
    origin: add(layout.origin, shift),
    direction: matrixFromColumns(row, column, normal),
  });
  return { geometry, margin: [-left, -top] };
}

/** A grid this many times as large as its slices is no interpolation of them. */
const MOST_GROWTH = 20;

function checkGrowth(grid: Triple, slices: Triple): void {
  const voxels = ([width, height, depth]: Triple) => width * height * depth;
  if (voxels(grid) <= MOST_GROWTH * voxels(slices)) return;
  throw new RoentgenError("too-large", {
    problem: "The slices lie too far apart to be interpolated",
    expected: `a grid of at most ${MOST_GROWTH} times their voxels`,
    found: `${grid.join(" × ")} voxels for ${slices.join(" × ")}`,
    remedy: "One of them probably belongs to another volume.",
  });
}

/** Whole pixels from the least to the greatest shift; rounding is no shift. */
function rangeInPixels(shifts: readonly number[]): [least: number, most: number] {
  return [Math.floor(Math.min(...shifts) + 1e-3), Math.ceil(Math.max(...shifts) - 1e-3)];
}

/** What lies between the voxels: values that pass into each other, or labels, of which none is between two others. */
export type Interpolation = "linear" | "nearest";

/**
 * Values of stacks on the even grid, linear between the two nearest slices, and bilinear within each where it is
 * shifted; or those of the nearest slice and pixel. Where a slice does not reach, the result is `fill`.
 * @param data [stack, slice, row, column] of slices as they are
 */
export function resampleSlices(
  data: VoxelArray,
  {
    layout,
    size,
    stacks,
    grid,
    fill,
    interpolation,
  }: {
    layout: SliceLayout;
    /** Columns, rows, slices of `data`. */
    size: Triple;
    stacks: number;
    grid: EvenGrid;
    fill: number;
    interpolation: Interpolation;
  },
): VoxelArray {
  const [columns, rows, depth] = size;
  const [width, height, slices] = grid.geometry.size;
  const isNearest = interpolation === "nearest";
  const type = isNearest ? voxelType(data) : typeBetween(data);
  const result = makeVoxels(type, stacks * slices * height * width) as VoxelArray;
  const plane = width * height;
  const lower = new Float64Array(plane);
  const upper = new Float64Array(plane);
  const depths = layout.offsets.map(([, , w]) => w);
  for (let stack = 0; stack < stacks; stack++) {
    const shifted = (slice: number, into: Float64Array) => {
      const from = (stack * depth + slice) * columns * rows;
      const stored = data.subarray(from, from + columns * rows);
      const [dx, dy] = shiftOf(layout, grid, slice);
      const shift = isNearest ? ([Math.round(dx), Math.round(dy)] as const) : ([dx, dy] as const);
      shiftPlane(stored, { columns, rows, shift, width, height }, into);
    };
    for (let k = 0; k < slices; k++) {
      const [below, share] = between(depths, k * grid.geometry.spacing[2]);
      const [slice, part] = isNearest ? [below + Math.round(share), 0] : [below, share];
      const offset = (stack * slices + k) * plane;
      shifted(slice, lower);
      if (part > 0) shifted(slice + 1, upper);
      for (let at = 0; at < plane; at++) {
        result[offset + at] =
          part > 0 ? mix(lower[at], upper[at], part, fill) : orFill(lower[at], fill);
      }
    }
  }
  return result;
}

/** What holds a value between two of these without loss that matters. */
function typeBetween(data: VoxelArray): VoxelType {
  const isWide = data instanceof Float64Array || data.BYTES_PER_ELEMENT === 4;
  return isWide && !(data instanceof Float32Array) ? "float64" : "float32";
}

/** NaN marks what a slice does not reach. */
function mix(low: number, high: number, part: number, fill: number): number {
  const value = low + (high - low) * part;
  return Number.isNaN(value) ? fill : value;
}

function orFill(value: number, fill: number): number {
  return Number.isNaN(value) ? fill : value;
}

/** The slice below a depth, and how far towards the next it is. */
function between(depths: readonly number[], depth: number): [slice: number, part: number] {
  let slice = 0;
  while (slice < depths.length - 2 && depths[slice + 1] <= depth) slice++;
  const step = depths[slice + 1] - depths[slice];
  const part = step > 0 ? (depth - depths[slice]) / step : 0;
  if (part < 1e-6) return [slice, 0];
  return part > 1 - 1e-6 ? [slice + 1, 0] : [slice, part];
}

/** Where the grid's first pixel lies in a slice, in its pixels. */
function shiftOf(
  { offsets, spacing }: SliceLayout,
  { margin }: EvenGrid,
  slice: number,
): [number, number] {
  const [u, v] = offsets[slice];
  return [snap(-margin[0] - u / spacing[0]), snap(-margin[1] - v / spacing[1])];
}

/** A thousandth of a pixel is rounding: such slices are copied, not blurred. */
function snap(shift: number): number {
  const whole = Math.round(shift);
  return Math.abs(shift - whole) < 1e-3 ? whole : shift;
}

interface Shifting {
  readonly columns: number;
  readonly rows: number;
  readonly shift: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

function shiftPlane(
  stored: VoxelArray,
  { columns, rows, shift: [dx, dy], width, height }: Shifting,
  into: Float64Array,
): void {
  const [left, top] = [Math.floor(dx), Math.floor(dy)];
  const [fx, fy] = [dx - left, dy - top];
  const pixel = (x: number, y: number) =>
    x >= 0 && x < columns && y >= 0 && y < rows ? stored[y * columns + x] : Number.NaN;
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const [x, y] = [i + left, j + top];
      let value = pixel(x, y);
      if (fx > 0) value += (pixel(x + 1, y) - value) * fx;
      if (fy > 0) {
        let below = pixel(x, y + 1);
        if (fx > 0) below += (pixel(x + 1, y + 1) - below) * fx;
        value += (below - value) * fy;
      }
      into[j * width + i] = value;
    }
  }
}
