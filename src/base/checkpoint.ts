// A place in a long loop where Ctrl-C, timers and the screen get their turn, and where the loop ends
// if it was cancelled. Loops that never wait for anything would keep all of them waiting.

import { throwIfCancelled } from "./errors.ts";

/** Longest time without a turn, in ms. */
const PATIENCE = 50;

/** Opens a checkpoint; await it once a round. It throws "cancelled" once the signal has fired. */
export function openCheckpoint(signal: AbortSignal | undefined, work: string): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > PATIENCE) {
      await giveTurn();
      last = performance.now();
    }
    throwIfCancelled(signal, work);
  };
}

/**
 * Goes on after whatever waits in the event loop. By a message, since browsers hold timers back: by
 * 4 ms each in a row, by seconds in a hidden tab. By a channel of its own each time, since Node
 * serves all messages of one channel, those of later rounds too, before it looks at anything else.
 */
function giveTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
