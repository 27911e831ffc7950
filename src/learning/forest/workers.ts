// Runs tasks in worker threads, or in this one where threads would not pay. The pool opened last is
// kept for the next call and closed after a few idle seconds; idle workers keep no process alive.

import { openWorkerPool } from "#workers";
import { throwIfCancelled, type WorkerPool } from "../../base/index.ts";

interface Work<Task, Result> {
  /** Module beside this one whose default export does a task. */
  readonly module: string;
  /** That default export, for work in this thread. */
  readonly run: (task: Task) => Result;
  readonly tasks: readonly Task[];
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** Called with the number of tasks done so far, and of all. */
  readonly onDone?: (done: number, all: number) => void;
}

/** Results in the order of the tasks. */
export async function runTasks<Task, Result>(work: Work<Task, Result>): Promise<Result[]> {
  const threads = Math.min(work.threads, work.tasks.length);
  return threads > 1 ? runInPool(work, threads) : runHere(work);
}

/** Milliseconds of work in this thread after which others (a signal, a spinner) get their turn. */
const TURN_MS = 50;

async function runHere<Task, Result>({
  run,
  tasks,
  signal,
  onDone,
}: Work<Task, Result>): Promise<Result[]> {
  const results: Result[] = [];
  let turn = performance.now();
  for (const task of tasks) {
    results.push(run(task));
    onDone?.(results.length, tasks.length);
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    throwIfCancelled(signal);
  }
  return results;
}

async function runInPool<Task, Result>(
  { module, tasks, signal, onDone }: Work<Task, Result>,
  threads: number,
): Promise<Result[]> {
  const lease = borrowPool(module, threads);
  let done = 0;
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const result = await lease.pool.run<Task, Result>(task, { signal });
        done += 1;
        onDone?.(done, tasks.length);
        return result;
      }),
    );
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  } finally {
    returnPool(lease);
  }
}

const IDLE_MS = 5_000;

interface Lease {
  readonly key: string;
  readonly pool: WorkerPool;
  users: number;
  closing?: ReturnType<typeof setTimeout>;
}

const leases = new Map<string, Lease>();

function borrowPool(module: string, threads: number): Lease {
  const key = `${module} ${threads}`;
  const lease = leases.get(key) ?? {
    key,
    pool: openWorkerPool(module, import.meta.url, { threads }),
    users: 0,
  };
  leases.set(key, lease);
  clearTimeout(lease.closing);
  lease.users += 1;
  return lease;
}

function returnPool(lease: Lease): void {
  lease.users -= 1;
  if (lease.users > 0) return;
  lease.closing = setTimeout(() => {
    leases.delete(lease.key);
    void lease.pool.close();
  }, IDLE_MS);
  // In Node a timer must not keep the process alive; in browsers it is a number.
  (lease.closing as { unref?: () => void }).unref?.();
}
