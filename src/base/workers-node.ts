// Worker threads in Node, and what the machine has for them (behind the package import #workers).

import { availableParallelism, freemem, platform, totalmem } from "node:os";
import { Tinypool } from "tinypool";
import type { WorkerFunction, WorkerPool } from "./work.ts";

/** Cores that this process may use. */
export function coreCount(): number {
  return availableParallelism();
}

/**
 * Bytes of memory that this process may still take: what the system has free, or what a container leaves of its limit.
 * The latter counts this process alone: a container's own count of its use holds files that it would drop when asked.
 */
export function freeMemory(): number {
  const limit = process.constrainedMemory();
  const isLimited = limit > 0 && limit <= totalmem();
  const inContainer = isLimited ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  // macOS counts as free only what never was used, and gives back more when asked: half of all is a guess that holds.
  const inSystem = platform() === "darwin" ? Math.max(freemem(), totalmem() / 2) : freemem();
  return Math.max(0, Math.min(inSystem, inContainer));
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
