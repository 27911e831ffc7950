// The threads that decode. The pool opened last is kept for the next decoder and closed after a few idle seconds;
// idle threads keep no process alive.

import { openWorkerPool } from "#workers";
import type { WorkerPool } from "../../../base/index.ts";

interface Lease {
  readonly pool: WorkerPool;
  users: number;
  closing?: ReturnType<typeof setTimeout>;
}

const IDLE_MS = 5_000;

/** Pools by their number of threads. */
const leases = new Map<number, Lease>();

/** A pool of so many threads, opened if there is none. Give it back with `returnThreads`. */
export function borrowThreads(threads: number): WorkerPool {
  const lease = leases.get(threads) ?? {
    pool: openWorkerPool("./decode-worker", import.meta.url, { threads }),
    users: 0,
  };
  leases.set(threads, lease);
  clearTimeout(lease.closing);
  lease.users += 1;
  return lease.pool;
}

/** Ends one use; the last one starts the clock. */
export function returnThreads(threads: number): void {
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
