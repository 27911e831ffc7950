// Images read and prepared by workers while the model runs, a few batches ahead of it and no more.

import { coreCount, openWorkerPool } from "#workers";
import { throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import prepareHere, {
  type ImagePlace,
  type PrepareOutcome,
  type PrepareTask,
} from "./prepare-worker.ts";

export interface PreparedBatch extends PrepareOutcome {
  /** Positions among all places of those that could be read. */
  readonly rows: readonly number[];
  /** Places that were tried. */
  readonly tried: number;
}

export interface PreparedBatchesOptions extends Pick<WorkOptions, "threads" | "signal"> {
  /** Images that the model takes at once. */
  batchSize: number;
}

/** So few that starting workers, each of which loads the readers of all formats, takes longer than they save. */
const FEW = 48;

/** More do not make a model faster, but the first result later. */
const MOST_AT_ONCE = 16;

/** Prepared batches in the order of the places. */
export async function* preparedBatches(
  places: readonly ImagePlace[],
  input: ImageDescription["input"],
  { batchSize, threads = coreCount(), signal }: PreparedBatchesOptions,
): AsyncGenerator<PreparedBatch> {
  const workers = places.length <= FEW ? 0 : threads;
  const share = Math.ceil(places.length / Math.max(1, workers));
  const size = Math.max(1, Math.min(batchSize, MOST_AT_ONCE, share));
  const pool = openWorkerPool("./prepare-worker", import.meta.url, {
    here: prepareHere,
    threads: workers,
    youngGenerationMb: 4,
  });
  const begin = async (start: number): Promise<PreparedBatch> => {
    const some = places.slice(start, start + size);
    const outcome = await pool.run<PrepareTask, PrepareOutcome>({ places: some, input });
    const failed = outcome.failed.map(({ position, reason }) => ({
      position: start + position,
      reason,
    }));
    const lost = new Set(failed.map(({ position }) => position));
    const rows = some.map((_, at) => start + at).filter((row) => !lost.has(row));
    return { ...outcome, failed, rows, tried: some.length };
  };
  const ahead: Promise<PreparedBatch>[] = [];
  try {
    for (let start = 0; start < places.length || ahead.length > 0; ) {
      throwIfCancelled(signal, "Predicting");
      while (start < places.length && ahead.length < Math.max(1, pool.size) + 1) {
        const batch = begin(start);
        // It is awaited in its turn; until then its failure is nobody's.
        batch.catch(() => {});
        ahead.push(batch);
        start += size;
      }
      yield await (ahead.shift() as Promise<PreparedBatch>);
    }
  } finally {
    await pool.close();
  }
}
