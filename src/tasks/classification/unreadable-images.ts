// Images that can't be read: said and left out where others can, an error where none can.

import { RoentgenError } from "../../base/index.ts";

/** A file that could not be read. */
export interface UnreadableImage {
  readonly path: string;
  readonly reason: string;
}

/** The error where no image can be read. */
export function noneReadable([first, ...others]: readonly UnreadableImage[]): RoentgenError {
  const reason = first.reason.replace(/\.$/, "");
  return new RoentgenError("file-unreadable", {
    problem:
      others.length === 0
        ? reason
        : `None of ${others.length + 1} images can be read. The first: ${reason}`,
    subject: first.path,
  });
}
