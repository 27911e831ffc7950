// Worker threads in Node (behind the package import #workers).

import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import type { WorkerFunction, WorkerPool } from "./work.ts";

/** Cores that this process may use. */
export function coreCount(): number {
  return availableParallelism();
}

interface PoolOptions {
  /** The module's default export, which runs where there are no worker threads: in browsers, or where none are wanted. */
  here: WorkerFunction;
  threads?: number;
  youngGenerationMb?: number;
}

/** A worker's result whose buffers move to the caller instead of being copied; the worker must not use them again. */
export function handOver<Result extends object>(result: Result, buffers: ArrayBuffer[]): Result {
  const moved = { [Tinypool.transferableSymbol]: buffers, [Tinypool.valueSymbol]: result };
  return Tinypool.move(moved as never) as never;
}

/**
 * Opens `threads` workers that run the default export of a module.
 * Name the module beside the caller and without its ending, since sources end in .ts and what is
 * built in .js: `openWorkerPool("./grow-worker", import.meta.url, { here: grow, threads })`.
 * @param threads 0 runs `here` in the calling thread
 * @param youngGenerationMb heap for short-lived objects in each worker; a few MB do where tasks work
 * on typed arrays, and save tens of MB a worker
 */
export function openWorkerPool(
  module: string,
  caller: string,
  { here, threads = coreCount(), youngGenerationMb }: PoolOptions,
): WorkerPool {
  if (threads === 0) return poolOfNone(here);
  const ending = caller.endsWith(".ts") ? ".ts" : ".js";
  const pool = new Tinypool({
    filename: new URL(module + ending, caller).href,
    runtime: "worker_threads",
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    // A worker started from sources resolves #imports to sources as well.
    execArgv: ending === ".ts" ? ["--conditions=roentgen-source"] : [],
  });
  return {
    size: threads,
    run: (input, options = {}) => pool.run(input, { signal: options.signal as never }),
    close: () => pool.destroy(),
  };
}

function poolOfNone(here: WorkerFunction): WorkerPool {
  return {
    size: 0,
    async run(input) {
      const result = await here(input as never);
      const isMoved = typeof result === "object" && result && Tinypool.valueSymbol in result;
      return (isMoved ? result[Tinypool.valueSymbol as never] : result) as never;
    },
    close: async () => {},
  };
}
