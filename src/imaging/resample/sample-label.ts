// The label whose Gaussian-weighted share is the largest along rows of points: the same as smoothing each
// label's own 0/1 image and taking the largest. ITK's LabelImageGaussianInterpolateImageFunction
// (Tustison, Avants, Insight Journal 2012).

import { portableExp, type Triple, type VoxelArray } from "../../base/index.ts";
import { foldCoordinate } from "./boundary.ts";
import type { RowCoordinates } from "./free-form.ts";
import { outsideValue, type RowSampler, type SourceGrid } from "./source-grid.ts";

/** Standard deviation in source voxels where the target is as fine or finer; ITK's default is 1, which rounds corners more. */
const SIGMA = 0.5;
/** Where the Gaussian is cut, in standard deviations. */
const CUT = 3;
/** Entries of the Gaussian's table a standard deviation. */
const FINENESS = 256;

const GAUSSIAN = Float64Array.from({ length: CUT * FINENESS + 2 }, (_, at) =>
  portableExp(-0.5 * (at / FINENESS) * (at / FINENESS)),
);

/**
 * A sampler of labels. Along an axis where a target voxel spans several source voxels the Gaussian is
 * as much wider, so that each label has its fair share of what is merged.
 * @param scale source voxels a target voxel, along the source's i, j, k
 */
export function labelSampler(scale: Triple): RowSampler<VoxelArray> {
  const axes = scale.map((step) => new LabelAxis(SIGMA * Math.max(1, step)));
  const votes = new Votes();
  return (source, row, out, at) => {
    for (let i = 0; i < row[0].length; i++) {
      out[at + i] = locateAll(axes, source, row, i)
        ? labelAt(source, axes, votes)
        : outsideValue(source);
    }
  };
}

/** Whether the point lies inside; its neighbours are then in the axes. */
function locateAll(
  axes: readonly LabelAxis[],
  { size, outside }: SourceGrid<VoxelArray>,
  row: RowCoordinates,
  i: number,
): boolean {
  for (let axis = 0; axis < 3; axis++) {
    const coordinate = foldCoordinate(row[axis][i], size[axis], outside);
    if (Number.isNaN(coordinate)) return false;
    axes[axis].locate(coordinate, size[axis]);
  }
  return true;
}

function labelAt(source: SourceGrid<VoxelArray>, axes: readonly LabelAxis[], votes: Votes): number {
  const { data, size, start } = source;
  const [x, y, z] = axes;
  if (isUniform(source, axes)) {
    return data[start + (z.first * size[1] + y.first) * size[0] + x.first];
  }
  votes.clear();
  for (let k = 0; k < z.count; k++) {
    for (let j = 0; j < y.count; j++) {
      const line = start + ((z.first + k) * size[1] + y.first + j) * size[0] + x.first;
      const weight = z.weights[k] * y.weights[j];
      for (let i = 0; i < x.count; i++) votes.add(data[line + i], weight * x.weights[i]);
    }
  }
  return votes.winner();
}

/** Whether one label holds all the neighbours: nearly everywhere in a label map. */
function isUniform(
  { data, size, start }: SourceGrid<VoxelArray>,
  [x, y, z]: readonly LabelAxis[],
): boolean {
  const label = data[start + (z.first * size[1] + y.first) * size[0] + x.first];
  for (let k = 0; k < z.count; k++) {
    for (let j = 0; j < y.count; j++) {
      const line = start + ((z.first + k) * size[1] + y.first + j) * size[0] + x.first;
      for (let i = 0; i < x.count; i++) if (data[line + i] !== label) return false;
    }
  }
  return true;
}

/** The voxels along one axis that have a say at a point. */
class LabelAxis {
  first = 0;
  count = 0;
  readonly weights: Float64Array;
  private readonly sigma: number;

  constructor(sigma: number) {
    this.sigma = sigma;
    this.weights = new Float64Array(2 * Math.ceil(CUT * sigma) + 2);
  }

  locate(coordinate: number, size: number): void {
    const reach = CUT * this.sigma;
    this.first = Math.max(0, Math.ceil(coordinate - reach));
    const last = Math.min(size - 1, Math.floor(coordinate + reach));
    this.count = last - this.first + 1;
    for (let tap = 0; tap < this.count; tap++) {
      const distance = Math.abs(this.first + tap - coordinate) / this.sigma;
      this.weights[tap] = GAUSSIAN[Math.floor(distance * FINENESS + 0.5)];
    }
  }
}

/** Sums of weights by label; few labels meet at a point. */
class Votes {
  private readonly labels: number[] = [];
  private readonly sums: number[] = [];
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  add(label: number, weight: number): void {
    for (let at = 0; at < this.count; at++) {
      if (this.labels[at] !== label) continue;
      this.sums[at] += weight;
      return;
    }
    this.labels[this.count] = label;
    this.sums[this.count] = weight;
    this.count += 1;
  }

  winner(): number {
    let best = 0;
    for (let at = 1; at < this.count; at++) if (this.sums[at] > this.sums[best]) best = at;
    return this.labels[best];
  }
}
