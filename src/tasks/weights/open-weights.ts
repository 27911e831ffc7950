// Files of weights opened for as long as something is read from them.

import { openFile, pathKind } from "#files";
import type { ByteSource } from "../../base/index.ts";
import { type WeightsFormat, weightsFormatOfFile } from "../../formats/index.ts";

/** Format of a file that begins as one of weights does; undefined for anything else, folders too. */
export async function weightsFormatOf(path: string): Promise<WeightsFormat | undefined> {
  if ((await pathKind(path)) !== "file") return undefined;
  return withSource(path, weightsFormatOfFile);
}

/** Opens a file, and closes it when the work is done. */
export async function withSource<T>(
  path: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const source = await openFile(path);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
