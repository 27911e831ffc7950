// What could not be read among many images is said and in the exit code; the others are worked on all the same.

import { counted, RoentgenError } from "../base/index.ts";
import { warn } from "./terminal.ts";

const MOST_LISTED = 20;

/**
 * @param done what became of the others: "explained"
 * @throws RoentgenError "file-unreadable" where there is any
 */
export function reportUnreadable(
  unreadable: readonly { readonly path: string; readonly reason: string }[],
  { read, done }: { read: number; done: string },
): void {
  if (unreadable.length === 0) return;
  for (const { path, reason } of unreadable.slice(0, MOST_LISTED)) warn(`${path}: ${reason}`);
  const total = counted(read + unreadable.length, "image");
  throw new RoentgenError("file-unreadable", {
    problem: `${unreadable.length} of ${total} could not be read; the others are ${done}`,
    remedy: "Remove these files, or replace them by sound ones.",
    subject: unreadable[0].path,
  });
}
