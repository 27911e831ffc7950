// Where the bundle is that a path means: the file itself, or that of a run folder.

import { pathKind } from "#files";
import { runFiles } from "../study/bundle/index.ts";

/** The path itself, or the bundle in the run folder that it names. */
export async function bundlePath(path: string): Promise<string> {
  return (await pathKind(path)) === "folder" ? `${path}/${runFiles.bundle}` : path;
}
