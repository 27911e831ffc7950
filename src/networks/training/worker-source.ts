// Samples that worker threads load ahead of the step, since a step keeps its own thread to itself.

import { coreCount, openWorkerPool } from "#workers";
import { RoentgenError } from "../../base/index.ts";
import type { LoadOutcome, LoadTask, SampleLoader } from "./sample-loader.ts";
import type { SampleSource } from "./samples.ts";

export interface WorkerSourceOptions<Settings> {
  /** Number of samples. */
  count: number;
  /** The loader's module, relative to the caller's and without its ending; the loader is its default export. */
  module: string;
  /** The caller's `import.meta.url`. */
  caller: string;
  /** What the loader needs to know: plain data, copied with each batch; put large arrays on a SharedArrayBuffer. */
  settings: Settings;
  /** Workers; 0 loads in the calling thread. By default a core is left to the step. */
  threads?: number;
  /** Batches that are loaded ahead of the one in work; memory holds no more. By default one more than workers. */
  ahead?: number;
}

/** A source with workers; close it when training is done. */
export interface WorkerSource extends SampleSource {
  close(): Promise<void>;
}

/**
 * Opens workers that load batches with a loader made by `sampleLoader`. Equal seeds give equal samples, however many workers
 * there are; each batch comes without a copy.
 * @param loader the module's default export, which loads where there are no workers
 */
export function workerSource<Settings>(
  loader: SampleLoader<Settings>,
  {
    count,
    module,
    caller,
    settings,
    threads = Math.max(1, coreCount() - 1),
    ahead = threads + 1,
  }: WorkerSourceOptions<Settings>,
): WorkerSource {
  const pool = openWorkerPool(module, caller, { here: loader, threads, youngGenerationMb: 4 });
  return {
    count,
    ahead,
    async load(indices, draw) {
      const task: LoadTask<Settings> = { indices, draw, settings };
      const outcome: LoadOutcome = await pool.run(task);
      if ("batch" in outcome) return outcome.batch;
      throw new RoentgenError(outcome.refusal.code, outcome.refusal.detail);
    },
    close: () => pool.close(),
  };
}
