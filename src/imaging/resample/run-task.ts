// A task cut into parts: in this thread, or in several for large images. The parts' results are the same in any.

import { coreCount, openWorkerPool } from "#workers";
import { throwIfCancelled, type WorkerPool, type WorkOptions } from "../../base/index.ts";
import type { Interpolation } from "../transform.ts";
import { partsOf, runParts, type Task } from "./resample-task.ts";
import resampleParts from "./resample-worker.ts";

/** Work, in voxels interpolated linearly along axes, from which on other threads save more time than their start takes. */
const WORTH_THREADS = 2 ** 26;
/** Cuts a thread, so that threads that are ready early find more, and a signal is heeded. */
const CUTS_A_THREAD = 4;

/** What a voxel costs, in voxels interpolated linearly along axes. */
const COST = {
  alongAxes: { nearest: 0.5, linear: 1, cubic: 4, label: 20 },
  anyWay: { nearest: 1, linear: 2, cubic: 12, label: 20 },
} as const;

/** Threads for a task: 1 where starting others does not pay. */
export function threadsFor(
  voxels: number,
  interpolation: Interpolation,
  { alongAxes, threads = coreCount() }: { alongAxes: boolean; threads?: number },
): number {
  const canShare = typeof SharedArrayBuffer === "function";
  const cost = voxels * COST[alongAxes ? "alongAxes" : "anyWay"][interpolation];
  return canShare && cost >= WORTH_THREADS ? Math.max(1, threads) : 1;
}

/** Runs tasks in order; each is done before the next starts. */
export async function runTasks(
  tasks: readonly Task[],
  { threads, signal, onProgress }: WorkOptions & { threads: number },
): Promise<void> {
  const pool =
    threads > 1
      ? openWorkerPool("./resample-worker", import.meta.url, { here: resampleParts, threads })
      : undefined;
  try {
    for (const [at, task] of tasks.entries()) {
      await runTask(task, { pool, signal });
      onProgress?.({ stage: "Resampling", done: at + 1, total: tasks.length, unit: "passes" });
    }
  } finally {
    await pool?.close();
  }
}

async function runTask(
  task: Task,
  { pool, signal }: { pool: WorkerPool | undefined; signal?: AbortSignal },
): Promise<void> {
  const parts = partsOf(task);
  const cuts = Math.min(parts, (pool?.size ?? 1) * CUTS_A_THREAD);
  const bounds = Array.from({ length: cuts + 1 }, (_, cut) => Math.floor((cut * parts) / cuts));
  const stretches = bounds.slice(1).map((to, cut) => ({ task, from: bounds[cut], to }));
  if (pool) {
    await runInPool(pool, stretches, signal);
    return;
  }
  for (const { from, to } of stretches) {
    // A signal can only be given when others get their turn.
    if (signal) await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfCancelled(signal, "Resampling");
    runParts(task, from, to);
  }
}

async function runInPool(
  pool: WorkerPool,
  stretches: readonly unknown[],
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await Promise.all(stretches.map((stretch) => pool.run(stretch, { signal })));
  } catch (failure) {
    throwIfCancelled(signal, "Resampling");
    throw failure;
  }
}
