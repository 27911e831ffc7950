// Runs a kernel over all its positions, in worker threads where there is enough to do.

import { coreCount, openWorkerPool } from "#workers";
import {
  makeVoxels,
  throwIfCancelled,
  type VoxelArray,
  type VoxelType,
  voxelType,
  type WorkerPool,
  type WorkOptions,
} from "../../base/index.ts";
import runStretch, { type KernelOrder } from "./kernel-worker.ts";
import { type KernelName, kernels, type Stretch, type TaskOf } from "./kernels.ts";

/** Below as many voxels, starting workers costs more than they save. */
const FEWEST_VOXELS = 2 ** 21;

/** How a piece of work is spread: decided once, as its arrays must be made for it. */
export interface Spread {
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Threads for an image of so many voxels: 1 for small ones and where memory can't be shared. */
export function spreadFor(
  voxels: number,
  { threads = coreCount(), signal }: Pick<WorkOptions, "threads" | "signal"> = {},
): Spread {
  const pays = voxels >= FEWEST_VOXELS && typeof SharedArrayBuffer !== "undefined";
  return { threads: pays ? Math.max(1, threads) : 1, signal };
}

/** Zeros that all threads of the work see. */
export function spreadVoxels<T extends VoxelType>(type: T, length: number, { threads }: Spread) {
  return makeVoxels(type, length, { shared: threads > 1 });
}

/** The array itself, or a copy that all threads of the work see. */
export function spreadCopy<D extends VoxelArray>(data: D, { threads }: Spread): D {
  if (threads === 1 || data.buffer instanceof SharedArrayBuffer) return data;
  const copy = makeVoxels(voxelType(data), data.length, { shared: true }) as D;
  copy.set(data);
  return copy;
}

/** Each thread takes several stretches, so that none waits long for the slowest. */
const STRETCHES_PER_THREAD = 4;

/**
 * Runs a kernel over the positions 0 … `positions` − 1. Results do not depend on the number of threads,
 * as every position is done by itself.
 * @throws RoentgenError "cancelled"
 */
export async function runKernel<K extends KernelName>(
  name: K,
  task: Omit<TaskOf<K>, keyof Stretch>,
  positions: number,
  { threads, signal }: Spread,
): Promise<void> {
  throwIfCancelled(signal, "Work on the image");
  if (threads === 1) {
    (kernels[name] as (task: Stretch) => void)({ ...task, from: 0, to: positions });
    return;
  }
  const pool = borrowPool(threads);
  try {
    const orders = stretches(positions, threads * STRETCHES_PER_THREAD).map((stretch) =>
      pool.run<KernelOrder, void>({ name, task: { ...task, ...stretch } }, { signal }),
    );
    await settle(orders);
  } catch (error) {
    throwIfCancelled(signal, "Work on the image");
    throw error;
  } finally {
    returnPool(threads);
  }
}

/** Waits for all, so that nobody writes into the arrays after a failure has been told. */
async function settle(orders: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(orders);
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure) throw failure.reason;
}

function stretches(positions: number, parts: number): Stretch[] {
  const length = Math.max(1, Math.ceil(positions / parts));
  const count = Math.ceil(positions / length);
  return Array.from({ length: count }, (_, part) => ({
    from: part * length,
    to: Math.min(positions, (part + 1) * length),
  }));
}

const IDLE_MS = 5_000;

interface Lease {
  readonly pool: WorkerPool;
  users: number;
  closing?: ReturnType<typeof setTimeout>;
}

const leases = new Map<number, Lease>();

/** The pool opened last is kept for the next call and closed after a few idle seconds. */
function borrowPool(threads: number): WorkerPool {
  const lease = leases.get(threads) ?? {
    pool: openWorkerPool("./kernel-worker", import.meta.url, {
      here: runStretch,
      threads,
      youngGenerationMb: 4,
    }),
    users: 0,
  };
  leases.set(threads, lease);
  clearTimeout(lease.closing);
  lease.users += 1;
  return lease.pool;
}

function returnPool(threads: number): void {
  const lease = leases.get(threads);
  if (!lease) return;
  lease.users -= 1;
  if (lease.users > 0) return;
  lease.closing = setTimeout(() => {
    leases.delete(threads);
    void lease.pool.close();
  }, IDLE_MS);
  // In Node a timer must not keep the process alive; in browsers it is a number.
  (lease.closing as { unref?: () => void }).unref?.();
}
