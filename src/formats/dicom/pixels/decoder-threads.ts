// The threads that decode. The pool opened last is kept for the next decoder and closed after a few idle seconds;
// idle threads keep no process alive.

import { openWorkerPool } from "#workers";
import type { WorkerPool } from "../../../base/index.ts";
import decodeHere from "./decode-worker.ts";
import { type Turnstile, turnstile } from "./turnstile.ts";

export interface Threads {
  readonly pool: WorkerPool;
  /** Lets in as many tasks as there are threads, so that a task's time starts when a thread takes it. */
  readonly enter: Turnstile;
}

interface Lease {
  readonly threads: Threads;
  users: number;
  closing?: ReturnType<typeof setTimeout>;
}

const IDLE_MS = 5_000;

/** Pools by their number of threads. */
const leases = new Map<number, Lease>();

/** A pool of so many threads, opened if there is none. Give it back with `returnThreads`. */
export function borrowThreads(count: number): Threads {
  const lease = leases.get(count) ?? openLease(count);
  clearTimeout(lease.closing);
  lease.users += 1;
  return lease.threads;
}

function openLease(count: number): Lease {
  const pool = openWorkerPool("./decode-worker", import.meta.url, {
    here: decodeHere,
    threads: count,
  });
  const lease = { threads: { pool, enter: turnstile(count) }, users: 0 };
  leases.set(count, lease);
  return lease;
}

/** Ends one use; the last one starts the clock. */
export function returnThreads(count: number): void {
  const lease = leases.get(count);
  if (!lease) return;
  lease.users -= 1;
  if (lease.users > 0) return;
  lease.closing = setTimeout(() => {
    leases.delete(count);
    void lease.threads.pool.close();
  }, IDLE_MS);
  // In Node a timer must not keep the process alive; in browsers it is a number.
  (lease.closing as { unref?: () => void }).unref?.();
}
