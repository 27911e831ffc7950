// A file opened, used and closed, whatever comes of it.

import { openFile } from "#files";
import type { ByteSource } from "../base/index.ts";

/** Runs `read` on the opened file and closes it. */
export async function withFile<T>(
  path: string,
  read: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const source = await openFile(path);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}
