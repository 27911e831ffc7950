// The one error class of Roentgen: a stable code for programs, and for people what was found,
// what was expected and what to do.

/** Stable codes; a program may switch on them. New codes may come, old ones keep their meaning. */
export type ErrorCode =
  | "usage"
  | "bad-option"
  | "file-not-found"
  | "file-unreadable"
  | "file-truncated"
  | "file-corrupt"
  | "format-unknown"
  | "format-unsupported"
  | "shape-mismatch"
  | "type-mismatch"
  | "value-missing"
  | "value-invalid"
  | "too-few-samples"
  | "too-large"
  | "write-failed"
  | "cancelled"
  | "internal";

/** What a `RoentgenError` says. Every part is a clause; `problem` starts the message. */
export interface ErrorDetail {
  /** What failed, as a clause: "Cannot read labels.npy". */
  problem: string;
  /** What the code required: "569 labels, one for each row". */
  expected?: string;
  /** What came instead: "568 labels". */
  found?: string;
  /** What the reader can do about it, a sentence or two. */
  remedy?: string;
  /** The file, column or option concerned, for programs. */
  subject?: string;
  cause?: unknown;
}

/** An error a person can act on. `message` reads: problem: expected …, found …. Remedy. */
export class RoentgenError extends Error {
  override readonly name = "RoentgenError";
  readonly code: ErrorCode;
  readonly detail: Readonly<ErrorDetail>;

  constructor(code: ErrorCode, detail: ErrorDetail) {
    super(sentence(detail), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.detail = detail;
  }
}

function sentence({ problem, expected, found, remedy }: ErrorDetail): string {
  const clauses = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean);
  const statement = clauses.length > 0 ? `${problem}: ${clauses.join(", ")}` : problem;
  const closed = /[.!?]$/.test(statement) ? statement : `${statement}.`;
  return remedy ? `${closed} ${remedy}` : closed;
}

/** Throws a "cancelled" error if the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined, work = "The work"): void {
  if (signal?.aborted) throw new RoentgenError("cancelled", { problem: `${work} was cancelled` });
}
