// Troubles of a download that may be gone at the next try, and the pause before it.

/** A dropped connection, a busy server, silence: worth another try. */
export class PassingFailure extends Error {
  /** How long the server asks to wait, in ms. */
  readonly pauseMs?: number;

  constructor(message: string, { pauseMs, cause }: { pauseMs?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.pauseMs = pauseMs;
  }
}

/** Waits, but no longer than until the signal fires. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
