// Words for files that can't be read: damaged, or of a kind that is not supported.

import { RoentgenError } from "../base/index.ts";

export interface Finding {
  expected?: string;
  found?: string;
  remedy?: string;
  cause?: unknown;
}

/** The file breaks its format's rules. */
export function damaged(file: string, finding: Finding): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot read ${file}`,
    remedy: "The file is damaged; fetch or export it again.",
    subject: file,
    ...finding,
  });
}

/** The file ends before what it announces. */
export function truncated(file: string, finding: Finding): RoentgenError {
  return new RoentgenError("file-truncated", {
    problem: `Cannot read ${file}`,
    remedy: "The file is truncated or damaged; fetch or export it again.",
    subject: file,
    ...finding,
  });
}

/** The file is sound but holds what can't be read here. */
export function unsupported(file: string, finding: Finding): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: `Cannot read ${file}`,
    subject: file,
    ...finding,
  });
}
