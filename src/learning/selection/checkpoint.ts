// A place in a long loop where Ctrl-C, timers and the screen get their turn, and where the loop ends
// if it was cancelled. Fits that never wait for anything would keep all of them waiting.

import { throwIfCancelled } from "../../base/index.ts";

/** Longest time without a turn, in ms. */
const PATIENCE = 50;

/** Opens a checkpoint; await it once a round. It throws "cancelled" once the signal has fired. */
export function openCheckpoint(signal: AbortSignal | undefined, work: string): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > PATIENCE) {
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    }
    throwIfCancelled(signal, work);
  };
}
