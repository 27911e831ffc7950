// Where the regions of a label map are and how large: counts, boxes, centres.

import {
  applyAffine,
  type Geometry,
  type Image,
  indexToWorld,
  type Triple,
} from "../../base/index.ts";
import { eachPiece, type Runs, valueRuns } from "./runs.ts";
import { refuseChannels } from "./single-channel.ts";

/** A stretch of voxels along all three axes. */
export interface IndexBox {
  /** First voxel along i, j, k … */
  readonly from: Triple;
  /** … and the one after the last. */
  readonly to: Triple;
}

/** All voxels of one value. */
export interface Region {
  readonly label: number;
  readonly voxels: number;
  readonly box: IndexBox;
  /** Mean index along i, j, k. */
  readonly centroid: Triple;
  /** The same in mm (LPS), where the place in the patient is known. */
  readonly centroidMm?: Triple;
  /** Where the size of the voxels is known. */
  readonly volumeMm3?: number;
}

/**
 * The regions of a label map or mask, one for each value other than 0, by rising value.
 * @throws RoentgenError "shape-mismatch" for several values a voxel
 */
export function measureLabels(image: Image): Region[] {
  refuseChannels(image, "Cannot measure the labels");
  const { geometry, data } = image;
  const sums = sumRuns(valueRuns(data, geometry.size));
  return [...sums.entries()]
    .sort(([a], [b]) => a - b)
    .map(([label, sum]) => regionOf(label, sum, geometry));
}

/** Voxels, sums of i, j, k, least and greatest of them. */
interface Sums {
  voxels: number;
  readonly sum: [number, number, number];
  readonly least: [number, number, number];
  readonly most: [number, number, number];
}

function sumRuns(runs: Runs): Map<number, Sums> {
  const [width, height] = runs.size;
  const found = new Map<number, Sums>();
  eachPiece(runs, (run, start, end) => {
    const label = runs.values![run];
    const sums = found.get(label) ?? noSums();
    found.set(label, sums);
    const row = Math.floor(start / width);
    const first = row * width;
    addStretch(sums, start - first, end - 1 - first, row % height, Math.floor(row / height));
  });
  return found;
}

function noSums(): Sums {
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return { voxels: 0, sum: [0, 0, 0], least: [high, high, high], most: [low, low, low] };
}

function addStretch(sums: Sums, first: number, last: number, j: number, k: number): void {
  const count = last - first + 1;
  const { sum, least, most } = sums;
  sums.voxels += count;
  sum[0] += (count * (first + last)) / 2;
  sum[1] += count * j;
  sum[2] += count * k;
  least[0] = Math.min(least[0], first);
  least[1] = Math.min(least[1], j);
  least[2] = Math.min(least[2], k);
  most[0] = Math.max(most[0], last);
  most[1] = Math.max(most[1], j);
  most[2] = Math.max(most[2], k);
}

function regionOf(label: number, { voxels, sum, least, most }: Sums, geometry: Geometry): Region {
  const centroid: Triple = [sum[0] / voxels, sum[1] / voxels, sum[2] / voxels];
  const { spacing } = geometry;
  return {
    label,
    voxels,
    box: { from: [...least], to: [most[0] + 1, most[1] + 1, most[2] + 1] },
    centroid,
    ...(geometry.frame === "LPS" && {
      centroidMm: applyAffine(indexToWorld(geometry), centroid),
    }),
    ...(spacing && { volumeMm3: voxels * spacing[0] * spacing[1] * spacing[2] }),
  };
}
