// Runs N4's iterations for every channel: in this thread by turns, in workers where there is much to do.

import { coreCount, openWorkerPool } from "#workers";
import { throwIfCancelled, type WorkOptions } from "../../../base/index.ts";
import { estimateField } from "./estimate-field.ts";
import findLattice, { type FieldTask } from "./field-worker.ts";
import type { Lattice } from "./spline-lattice.ts";

/** Voxels from which a thread of its own pays for several channels, and for a single one. */
const FEWEST_OF_SEVERAL = 2 ** 16;
const FEWEST_OF_ONE = 2 ** 20;

const WHAT = "The bias-field correction";

/**
 * The lattice of each task's log field; the same whatever the threads.
 * @throws RoentgenError "cancelled"
 */
export async function findLattices(
  tasks: readonly FieldTask[],
  { threads = coreCount(), signal, onProgress }: WorkOptions,
): Promise<Lattice[]> {
  throwIfCancelled(signal, WHAT);
  const voxels = tasks.reduce((sum, { logs }) => sum + logs.length, 0);
  const pays = voxels >= (tasks.length > 1 ? FEWEST_OF_SEVERAL : FEWEST_OF_ONE);
  if (pays && threads > 1) return findInWorkers(tasks, { threads, signal, onProgress });
  const lattices: Lattice[] = [];
  for (const task of tasks) lattices.push(await findByTurns(task, { signal, onProgress }));
  return lattices;
}

/** Milliseconds of work after which others (a signal, a spinner) get their turn. */
const TURN_MS = 50;

async function findByTurns(
  { logs, size, options }: FieldTask,
  { signal, onProgress }: WorkOptions,
): Promise<Lattice> {
  const upTo = options.iterations.map((_, level) => sum(options.iterations.slice(0, level)));
  const total = sum(options.iterations);
  let lattice: Lattice | undefined;
  let turn = performance.now();
  for (const step of estimateField(logs, size, options)) {
    lattice = step.lattice;
    const done = upTo[step.level] + step.iteration;
    onProgress?.({ stage: "Finding the bias field", done, total, unit: "iterations" });
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    throwIfCancelled(signal, WHAT);
  }
  return lattice!;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

async function findInWorkers(
  tasks: readonly FieldTask[],
  { threads, signal, onProgress }: WorkOptions & { threads: number },
): Promise<Lattice[]> {
  const pool = openWorkerPool("./field-worker", import.meta.url, {
    here: findLattice,
    threads: Math.min(threads, tasks.length),
  });
  const total = tasks.length;
  let done = 0;
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const lattice = await pool.run<FieldTask, Lattice>(task, { signal });
        onProgress?.({ stage: "Finding bias fields", done: ++done, total, unit: "channels" });
        return lattice;
      }),
    );
  } catch (error) {
    throwIfCancelled(signal, WHAT);
    throw error;
  } finally {
    await pool.close();
  }
}
