// The time that a frame may take in its decoder: damaged JPEG-LS may keep one busy for half a minute.

import { sharesMemory } from "../../../base/index.ts";
import { frameValues } from "./frame-size.ts";

export interface TimeLimit {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Shared; whoever decodes makes it 1 when all that decoding needs is loaded. */
  readonly begun: Int32Array | undefined;
  stop(): void;
}

/** Most that loading the decoders in a new thread may take. */
const MOST_LOADING_MS = 60_000;

/** Hundreds of times what a sound frame takes: on a machine that much else keeps busy, fifty times were seen. */
export function usualSeconds(form: Parameters<typeof frameValues>[0]): number {
  return 10 + frameValues(form) * 4e-5;
}

/**
 * Starts the clock. What a busy machine takes to load the decoders does not count: a frame that has not begun when
 * its time is over gets it once more.
 */
export function timeLimit(seconds: number): TimeLimit {
  const begun = sharesMemory ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
  const late = new AbortController();
  const loadedBy = performance.now() + MOST_LOADING_MS;
  const check = () => {
    const isLoading = begun !== undefined && Atomics.load(begun, 0) === 0;
    if (isLoading && performance.now() < loadedBy) timer = setTimeout(check, seconds * 1000);
    else late.abort();
  };
  let timer = setTimeout(check, seconds * 1000);
  return { signal: late.signal, begun, stop: () => clearTimeout(timer) };
}
