// What one thread does of a resampling: plain data, its arrays shared between threads.

import { type Triple, type VoxelArray, voxelCount } from "../../base/index.ts";
import type { GridMap, Sampling } from "../transform.ts";
import { type AxisLine, axisTaps } from "./axis-taps.ts";
import { type AxisMap, axisMapOf } from "./grid-map.ts";
import { pickPlanes } from "./pick-voxels.ts";
import { rowLocator } from "./row-coordinates.ts";
import { sampleCubicRow } from "./sample-cubic.ts";
import { labelSampler } from "./sample-label.ts";
import { sampleLinearRow } from "./sample-linear.ts";
import { sampleNearestRow } from "./sample-nearest.ts";
import { resamplePlanes } from "./separable.ts";
import type { RealArray, RowSampler, SourceGrid } from "./source-grid.ts";
import { prefilterDepthInPlace, prefilterPlanesInPlace } from "./spline-prefilter.ts";

/** Voxels of all channels on both grids, and the way between them. */
export interface ResampleTask {
  readonly kind: "resample";
  readonly source: VoxelArray;
  readonly sourceSize: Triple;
  readonly out: VoxelArray;
  readonly channels: number;
  readonly map: GridMap;
  readonly sampling: Sampling;
}

/** Makes values B-spline coefficients: first along i and j plane by plane, then along k column by column. */
interface PrefilterTask {
  readonly kind: "prefilter-planes" | "prefilter-depth";
  readonly source: RealArray;
  readonly sourceSize: Triple;
  readonly channels: number;
}

export type Task = ResampleTask | PrefilterTask;

/** Parts that a task can be cut into: they neither share results nor depend on one another. */
export function partsOf(task: Task): number {
  switch (task.kind) {
    case "prefilter-planes":
      return task.channels * task.sourceSize[2];
    case "prefilter-depth":
      return task.sourceSize[0] * task.sourceSize[1];
    case "resample":
      return isAlongAxes(task)
        ? task.map.geometry.size[2]
        : task.map.geometry.size[1] * task.map.geometry.size[2];
    default:
      return task satisfies never;
  }
}

/** Does parts `from` … `to` of a task. */
export function runParts(task: Task, from: number, to: number): void {
  if (task.kind === "resample") {
    if (isAlongAxes(task)) resampleAlongAxes(task, from, to);
    else resampleRows(task, from, to);
  } else if (task.kind === "prefilter-planes") {
    prefilterPlanesInPlace(task.source, task.sourceSize, from, to);
  } else prefilterColumns(task, from, to);
}

function prefilterColumns(
  { source, sourceSize, channels }: PrefilterTask,
  from: number,
  to: number,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * voxelCount({ size: sourceSize });
    prefilterDepthInPlace(source, sourceSize, { start, from, to });
  }
}

function isAlongAxes({ map, sampling }: ResampleTask): boolean {
  const axes = axisMapOf(map.stages, map.geometry.size);
  if (axes === undefined || sampling.interpolation === "label") return false;
  return sampling.interpolation === "nearest" || axes.sourceAxis.every((axis, at) => axis === at);
}

function resampleAlongAxes(task: ResampleTask, from: number, to: number): void {
  const { source, sourceSize, out, sampling, map, channels } = task;
  const axes = axisMapOf(map.stages, map.geometry.size)!;
  const taps = tapsAlong(axes, task) as unknown as Parameters<typeof resamplePlanes>[0]["taps"];
  const outsideValue = typeof sampling.outside === "number" ? sampling.outside : 0;
  const offsets = taps.map((axis, at) =>
    axis.index.map((index, n) =>
      axis.inside[n] === 0 ? -1 : index * strideOf(axes.sourceAxis[at], sourceSize),
    ),
  ) as unknown as Triple<Int32Array>;
  for (let channel = 0; channel < channels; channel++) {
    const sourceStart = channel * voxelCount({ size: sourceSize });
    const outStart = channel * voxelCount(map.geometry);
    const places = { sourceStart, outStart, outsideValue };
    if (sampling.interpolation === "nearest") {
      pickPlanes({ source, out, offsets, ...places }, from, to);
    } else {
      const arrays = { source: source as RealArray, out: out as RealArray };
      resamplePlanes({ ...arrays, sourceSize, taps, ...places }, from, to);
    }
  }
}

function tapsAlong({ sourceAxis, scale, shift }: AxisMap, task: ResampleTask) {
  const { interpolation, outside } = task.sampling;
  return sourceAxis.map((axis, at) => {
    const line: AxisLine = {
      count: task.map.geometry.size[at],
      scale: scale[at],
      shift: shift[at],
      size: task.sourceSize[axis],
    };
    return axisTaps(line, interpolation as "nearest" | "linear" | "cubic", outside);
  });
}

function strideOf(axis: number, [width, height]: Triple): number {
  return [1, width, width * height][axis];
}

/** Any map: rows of coordinates, and a sampler that takes values at them. */
function resampleRows(task: ResampleTask, from: number, to: number): void {
  const { source, sourceSize, out, sampling, map, channels } = task;
  const [width, height] = map.geometry.size;
  const locate = rowLocator(map.stages, width);
  const sample = samplerOf(task);
  for (let part = from; part < to; part++) {
    const row = locate(part % height, Math.floor(part / height));
    for (let channel = 0; channel < channels; channel++) {
      const start = channel * voxelCount({ size: sourceSize });
      const grid = { data: source, size: sourceSize, start, outside: sampling.outside };
      sample(grid, row, out, channel * voxelCount(map.geometry) + part * width);
    }
  }
}

/** Linear and cubic sampling is given real numbers by whoever plans the task. */
function samplerOf({ sampling, map }: ResampleTask): RowSampler<VoxelArray> {
  switch (sampling.interpolation) {
    case "nearest":
      return sampleNearestRow;
    case "label":
      return labelSampler(axisSteps(map));
    case "linear":
      return asAny(sampleLinearRow);
    case "cubic":
      return asAny(sampleCubicRow);
    default:
      return sampling.interpolation satisfies never;
  }
}

function asAny(sample: RowSampler): RowSampler<VoxelArray> {
  return (grid, row, out, at) => sample(grid as SourceGrid, row, out as RealArray, at);
}

/** Source voxels that a target voxel spans along the source's axes. */
function axisSteps({ stages }: GridMap): Triple {
  const steps: [number, number, number] = [1, 1, 1];
  for (const stage of stages) {
    if (stage.kind !== "affine") continue;
    const { affine } = stage;
    const reach = (row: number) =>
      Math.max(...[0, 1, 2].map((column) => Math.abs(affine[4 * row + column])));
    for (const axis of [0, 1, 2]) steps[axis] *= reach(axis);
  }
  return steps;
}
