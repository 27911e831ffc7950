// Ways from the indices of one grid to those of another: composed, inverted, and told apart by what they need.

import {
  type Affine,
  composeAffines,
  type Geometry,
  invertAffine,
  type Triple,
} from "../../base/index.ts";
import type { GridMap, MapStage } from "../transform.ts";

const IDENTITY_AFFINE: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** A map by one affine. */
export function affineMap(geometry: Geometry, affine: Affine): GridMap {
  return { geometry, stages: [{ kind: "affine", affine }] };
}

/** First the step of `earlier` was done to the image, then that of `later`: one map for both. */
export function composeMaps(earlier: GridMap, later: GridMap): GridMap {
  return { geometry: later.geometry, stages: mergeStages([...later.stages, ...earlier.stages]) };
}

/** From indices of the grid before, `geometry`, to those of the map's grid. */
export function invertMap(map: GridMap, geometry: Geometry): GridMap {
  return { geometry, stages: map.stages.toReversed().map(invertStage) };
}

function invertStage(stage: MapStage): MapStage {
  if (stage.kind === "affine") return { kind: "affine", affine: invertAffine(stage.affine) };
  return { ...stage, kind: stage.kind === "spline" ? "inverse-spline" : "spline" };
}

/** The same map with neighbouring affines in one. */
export function mergeStages(stages: readonly MapStage[]): MapStage[] {
  const merged: MapStage[] = [];
  for (const stage of stages) {
    const last = merged.at(-1);
    if (stage.kind === "affine" && last?.kind === "affine") {
      merged[merged.length - 1] = {
        kind: "affine",
        affine: composeAffines(stage.affine, last.affine),
      };
    } else merged.push(stage);
  }
  return merged;
}

/** A map that takes each axis of the target to one axis of the source. */
export interface AxisMap {
  /** The source's axis, 0 … 2, that runs along the target's axis i, j, k. */
  readonly sourceAxis: Triple;
  /** Source voxels a target voxel. */
  readonly scale: Triple;
  /** Source coordinate, along `sourceAxis`, of the target's index 0. */
  readonly shift: Triple;
}

/** How far, in voxels, a coordinate may be off for the sake of speed. */
const NEGLIGIBLE = 1e-6;

/** The map as scales and shifts of single axes, where it is that; undefined where it turns, shears or bends. */
export function axisMapOf(stages: readonly MapStage[], targetSize: Triple): AxisMap | undefined {
  const merged = mergeStages(stages);
  if (merged.length > 1 || merged.some(({ kind }) => kind !== "affine")) return undefined;
  const affine = merged[0]?.kind === "affine" ? merged[0].affine : IDENTITY_AFFINE;
  const sourceAxis = [0, 1, 2].map((column) => dominantRow(affine, column, targetSize));
  if (new Set(sourceAxis).size < 3 || sourceAxis.includes(-1)) return undefined;
  return {
    sourceAxis: sourceAxis as unknown as Triple,
    scale: sourceAxis.map((row, column) => affine[4 * row + column]) as unknown as Triple,
    shift: sourceAxis.map((row) => affine[4 * row + 3]) as unknown as Triple,
  };
}

/** The only source axis along which a target axis moves, or −1 where there are several. */
function dominantRow(affine: Affine, column: number, size: Triple): number {
  const reach = [0, 1, 2].map((row) => Math.abs(affine[4 * row + column]));
  const row = reach.indexOf(Math.max(...reach));
  const others = reach.filter((_, at) => at !== row);
  return others.every((length) => length * size[column] < NEGLIGIBLE) ? row : -1;
}

/** A coordinate that is a whole number but for rounding, as that number. */
export function snapCoordinate(at: number): number {
  const whole = Math.round(at);
  return Math.abs(at - whole) < NEGLIGIBLE ? whole : at;
}
