// An image taken over to another grid by one map: the core of every transform that moves voxels.

import {
  type Affine,
  channelCount,
  type Geometry,
  type Image,
  makeImage,
  makeVoxels,
  type Triple,
  type VoxelType,
  voxelCount,
  voxelType,
  type WorkOptions,
} from "../../base/index.ts";
import type { GridMap, Sampling } from "../transform.ts";
import { axisMapOf, mergeStages } from "./grid-map.ts";
import { isShared, realType, voxelsAs } from "./real-voxels.ts";
import type { ResampleTask, Task } from "./resample-task.ts";
import { runTasks, threadsFor } from "./run-task.ts";
import type { RealArray } from "./source-grid.ts";

/**
 * Values of an image at the voxels of `map.geometry`. Every channel is taken alike.
 *
 * "nearest" and "label" keep the element type. "linear" and "cubic" (B-spline of order 3 that goes through
 * the voxels, with mirror boundaries) give float32, or float64 for float64 and 32-bit integers; one NaN
 * among the voxels spoils its whole neighbourhood in a cubic spline. Up to half a voxel beyond the
 * outermost centres the edge's values hold, farther out what `sampling.outside` says.
 * The result is the same for any number of threads.
 */
export function resampleImage(
  image: Image,
  map: GridMap,
  sampling: Sampling,
  work: WorkOptions = {},
): Promise<Image> {
  const voxels = channelCount(image) * voxelCount(map.geometry);
  const alongAxes = axisMapOf(map.stages, map.geometry.size) !== undefined;
  const { threads: most } = work;
  const threads = threadsFor(voxels, sampling.interpolation, { alongAxes, threads: most });
  return resampleOnThreads(image, map, sampling, { ...work, threads });
}

/** `resampleImage` on as many threads as are said, whether that pays or not. */
export async function resampleOnThreads(
  image: Image,
  map: GridMap,
  sampling: Sampling,
  work: WorkOptions & { threads: number },
): Promise<Image> {
  const { geometry, channels, unit } = image;
  const shared = work.threads > 1;
  const smooth = sampling.interpolation === "linear" || sampling.interpolation === "cubic";
  const type = smooth ? realType(image.data) : voxelType(image.data);
  const count = channelCount(image);
  const out = makeVoxels(type, count * voxelCount(map.geometry), { shared });
  const source = voxelsAs(type, image.data, { shared, fresh: sampling.interpolation === "cubic" });
  const sourceSize = geometry.size;
  const whole = { source, sourceSize, out, channels: count, map, sampling };
  await runTasks(planTasks({ kind: "resample", ...whole }, type), work);
  return makeImage({ geometry: map.geometry, channels, data: out, unit });
}

/** Prefilters first where the spline is cubic, and turns axes first where target and source axes differ by order. */
function planTasks(task: ResampleTask, type: VoxelType): Task[] {
  const merged = { ...task, map: { ...task.map, stages: mergeStages(task.map.stages) } };
  if (task.sampling.interpolation !== "cubic" && task.sampling.interpolation !== "linear") {
    return [merged];
  }
  const { source, sourceSize, channels } = task;
  const values = { source: source as RealArray, sourceSize, channels };
  const filters: Task[] =
    task.sampling.interpolation === "cubic"
      ? [
          { kind: "prefilter-planes", ...values },
          { kind: "prefilter-depth", ...values },
        ]
      : [];
  return [...filters, ...turnAxesFirst(merged, type)];
}

/** Along axes that only change their order the fast way needs the source in the target's order. */
function turnAxesFirst(task: ResampleTask, type: VoxelType): ResampleTask[] {
  const axes = axisMapOf(task.map.stages, task.map.geometry.size);
  if (!axes || axes.sourceAxis.every((axis, at) => axis === at)) return [task];
  const { source, sourceSize, channels } = task;
  const size = axes.sourceAxis.map((axis) => sourceSize[axis]) as unknown as Triple;
  const turned = makeVoxels(type, source.length, { shared: isShared(source) });
  const geometry: Geometry = { frame: "pixels", size, spacing: undefined };
  const turn: ResampleTask = {
    ...{ kind: "resample", source, sourceSize, out: turned, channels },
    map: { geometry, stages: [{ kind: "affine", affine: axisOrder(axes.sourceAxis) }] },
    sampling: { interpolation: "nearest", outside: "edge" },
  };
  const [a, b, c] = axes.scale;
  const [x, y, z] = axes.shift;
  const scale: Affine = [a, 0, 0, x, 0, b, 0, y, 0, 0, c, z];
  const along = {
    geometry: task.map.geometry,
    stages: [{ kind: "affine", affine: scale } as const],
  };
  return [turn, { ...task, source: turned, sourceSize: size, map: along }];
}

/** The affine that takes index (i, j, k) to the one whose axis `order[n]` has the n-th of them. */
function axisOrder(order: Triple): Affine {
  const entry = (row: number, column: number) => (order[column] === row ? 1 : 0);
  const rows = [0, 1, 2].map((row) => [entry(row, 0), entry(row, 1), entry(row, 2), 0]);
  return rows.flat() as unknown as Affine;
}
