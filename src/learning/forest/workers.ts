// Runs tasks in worker threads, or in this one where threads would not pay. The pool opened last is
// kept for the next call and closed after a few idle seconds; idle workers keep no process alive.

import { openWorkerPool } from "#workers";
import { throwIfCancelled, type WorkerPool } from "../../base/index.ts";
import workHere, { type Kind, type Order, type ResultOf, type TaskOf } from "./worker.ts";

interface Work<K extends Kind> {
  readonly kind: K;
  readonly taskCount: number;
  /** Makes task `index`. Tasks of one lane run one after another, those of different lanes at once. */
  readonly taskAt: (index: number, lane: number) => TaskOf<K>;
  /** Takes a result before the lane's next task is made. Results come in any order. */
  readonly take: (index: number, result: ResultOf<K>, lane: number) => void;
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** Called with the number of tasks done so far, and of all. */
  readonly onDone?: (done: number, all: number) => void;
}

/** Does all tasks, in as many lanes as threads. */
export async function runTasks<K extends Kind>(work: Work<K>): Promise<void> {
  const threads = Math.min(work.threads, work.taskCount);
  await (threads > 1 ? runInPool(work, threads) : runHere(work));
}

/** Starts the workers that the next tasks for so many threads will use. */
export async function startWorkers(threads: number): Promise<void> {
  const taskAt = () => ({});
  await runInPool({ kind: "start", taskCount: threads, taskAt, take() {}, threads }, threads);
}

/** Milliseconds of work in this thread after which others (a signal, a spinner) get their turn. */
const TURN_MS = 50;

async function runHere<K extends Kind>(work: Work<K>): Promise<void> {
  let turn = performance.now();
  for (let index = 0; index < work.taskCount; index++) {
    work.take(index, workHere({ kind: work.kind, task: work.taskAt(index, 0) }), 0);
    work.onDone?.(index + 1, work.taskCount);
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    throwIfCancelled(work.signal);
  }
}

async function runInPool<K extends Kind>(work: Work<K>, threads: number): Promise<void> {
  const lease = borrowPool(threads);
  const abort = new AbortController();
  const signal = work.signal ? AbortSignal.any([work.signal, abort.signal]) : abort.signal;
  let started = 0;
  let done = 0;
  const lane = async (number: number) => {
    while (started < work.taskCount) {
      const index = started++;
      const order: Order<K> = { kind: work.kind, task: work.taskAt(index, number) };
      const result = await lease.pool.run<Order<K>, ResultOf<K>>(order, { signal });
      work.take(index, result, number);
      done += 1;
      work.onDone?.(done, work.taskCount);
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, (_, number) => lane(number)));
  } catch (error) {
    // One lane failed or was cancelled: the others must not go on without anyone to wait for them.
    abort.abort();
    throwIfCancelled(work.signal);
    throw error;
  } finally {
    returnPool(lease);
  }
}

const IDLE_MS = 5_000;

interface Lease {
  readonly threads: number;
  readonly pool: WorkerPool;
  users: number;
  closing?: ReturnType<typeof setTimeout>;
}

const leases = new Map<number, Lease>();

function borrowPool(threads: number): Lease {
  const lease = leases.get(threads) ?? {
    threads,
    pool: openWorkerPool("./worker", import.meta.url, {
      here: workHere,
      threads,
      youngGenerationMb: 4,
    }),
    users: 0,
  };
  leases.set(threads, lease);
  clearTimeout(lease.closing);
  lease.users += 1;
  return lease;
}

function returnPool(lease: Lease): void {
  lease.users -= 1;
  if (lease.users > 0) return;
  lease.closing = setTimeout(() => {
    leases.delete(lease.threads);
    void lease.pool.close();
  }, IDLE_MS);
  // In Node a timer must not keep the process alive; in browsers it is a number.
  (lease.closing as { unref?: () => void }).unref?.();
}
