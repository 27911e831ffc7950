// The worker port in browsers: for now the work is done in the calling thread.

import type { WorkerFunction, WorkerPool } from "./work.ts";

export function coreCount(): number {
  return 1;
}

/** A page is not told. */
export function freeMemory(): number {
  return Number.POSITIVE_INFINITY;
}

/** The result stays in its thread, so it is what it is. */
export function handOver<Result extends object>(result: Result, _buffers: ArrayBuffer[]): Result {
  return result;
}

/**
 * Same contract as in Node; tasks run one after another in the calling thread, by `here`: in a bundled page the
 * module has no address of its own.
 */
export function openWorkerPool(
  _module: string,
  _caller: string,
  { here }: { here: WorkerFunction },
): WorkerPool {
  return {
    size: 1,
    run: async (input) => here(input as never) as never,
    close: async () => {},
  };
}
