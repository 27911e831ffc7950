// What a judgement takes beside its subject: a signal to stop and a listener for progress.

import type { ProgressListener } from "../base/index.ts";

/** For long work: the listener hears of progress; the signal, fired from anywhere, ends the work. */
export interface JudgementWork {
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}
