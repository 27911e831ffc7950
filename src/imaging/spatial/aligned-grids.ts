// Grids that are the same but for their ends and the order and sense of their axes.

import {
  type Affine,
  applyAffine,
  composeAffines,
  indexToWorld,
  type PatientGeometry,
  type Triple,
  worldToIndex,
} from "../../base/index.ts";

/** Index (i, j, k) of one grid to that of another, each axis along one of the other's. */
export interface WholeVoxelMap {
  /** Which axis of the target each axis of the source runs along. */
  readonly axis: Triple;
  /** 1, or -1 where it runs the other way. */
  readonly sense: Triple;
  /** The target's index of the source's voxel (0, 0, 0). */
  readonly shift: Triple;
}

/** Of a voxel, how far voxels of one grid may lie from those of the other: files round spacings and directions. */
const OFF = 0.05;

/** The map where every voxel of `from` lies on one of `to`, or would beyond its ends; undefined where some do not. */
export function wholeVoxelMap(
  from: PatientGeometry,
  to: PatientGeometry,
): WholeVoxelMap | undefined {
  const affine = composeAffines(worldToIndex(to), indexToWorld(from));
  const rows = [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => Math.round(affine[4 * row + column])),
  );
  const axis = [0, 1, 2].map((column) => rows.findIndex((row) => row[column] !== 0));
  if (new Set(axis).size !== 3 || axis.includes(-1)) return undefined;
  const sense = axis.map((row, column) => rows[row][column]);
  if (sense.some((step) => Math.abs(step) !== 1)) return undefined;
  const shift = [3, 7, 11].map((at) => Math.round(affine[at]));
  const map = { axis, sense, shift } as unknown as WholeVoxelMap;
  return cornersOf(from.size).every((corner) => isNear(affine, map, corner)) ? map : undefined;
}

/** Whether every voxel of one grid lies on one of the other, as far as both reach. */
export function areAligned(a: PatientGeometry, b: PatientGeometry): boolean {
  return wholeVoxelMap(a, b) !== undefined;
}

/** Where the map takes an index. */
export function mapIndex({ axis, sense, shift }: WholeVoxelMap, index: Triple): Triple {
  const to: [number, number, number] = [...shift];
  for (let at = 0; at < 3; at++) to[axis[at]] += sense[at] * index[at];
  return to;
}

/** Both maps are affine: what holds at the corners holds between them. */
function isNear(affine: Affine, map: WholeVoxelMap, corner: Triple): boolean {
  const exact = applyAffine(affine, corner);
  return mapIndex(map, corner).every((whole, at) => Math.abs(whole - exact[at]) <= OFF);
}

function cornersOf([width, height, depth]: Triple): Triple[] {
  return Array.from({ length: 8 }, (_, corner) => [
    corner & 1 ? width - 1 : 0,
    corner & 2 ? height - 1 : 0,
    corner & 4 ? depth - 1 : 0,
  ]);
}
