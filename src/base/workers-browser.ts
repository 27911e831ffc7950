// The worker port in browsers: for now the work is done in the calling thread.

import type { WorkerPool } from "./work.ts";

export function coreCount(): number {
  return 1;
}

/** Same contract as in Node; tasks run one after another in the calling thread. */
export function openWorkerPool(module: string, caller: string): WorkerPool {
  const loaded = import(/* @vite-ignore */ new URL(`${module}.js`, caller).href);
  return {
    size: 1,
    run: async (input) => (await loaded).default(input),
    close: async () => {},
  };
}
