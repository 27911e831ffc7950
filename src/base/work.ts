// What every long piece of work takes: threads, a signal to stop, a listener for progress.

/** How far a piece of work is: `done` of `total`. */
export interface ProgressStep {
  /** What is going on: "Growing trees". */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What is counted: "trees". */
  readonly unit?: string;
}

/** Called as the work goes on. */
export type ProgressListener = (step: ProgressStep) => void;

/**
 * What every long piece of work takes. A signal that aborts ends it with "cancelled"; results do not depend on `threads`.
 */
export interface WorkOptions {
  /** Threads to use; by default as many as the machine has cores. */
  threads?: number;
  signal?: AbortSignal;
  onProgress?: ProgressListener;
}

/** The default export of a module that workers run. */
export type WorkerFunction = (input: never) => unknown;

/** Workers that run one module's default function. Opened by `openWorkerPool` of `#workers`. */
export interface WorkerPool {
  readonly size: number;
  /** Runs the module's default export on `input` in a free worker. Input is cloned; SharedArrayBuffers are shared. */
  run<Input, Output>(input: Input, options?: { signal?: AbortSignal }): Promise<Output>;
  close(): Promise<void>;
}
