// Nothing is written over unless that was asked for, and never what is read.

import { pathKind, realPath } from "#files";
import { RoentgenError } from "../base/index.ts";

/** Refuses a target that would destroy something. */
export async function checkTarget(
  path: string,
  { force, inputs }: { force: boolean; inputs: readonly string[] },
): Promise<void> {
  const sources = await Promise.all(inputs.map(realPath));
  const isInput = sources.includes(await realPath(path));
  if (!isInput && (force || (await pathKind(path)) === "none")) return;
  throw new RoentgenError("write-failed", {
    problem: isInput
      ? `${path} is what is read; it is not written over`
      : `There is a file at ${path} already`,
    remedy: isInput
      ? "Choose another name."
      : "Choose another name, or give --force to replace it.",
    subject: path,
  });
}
