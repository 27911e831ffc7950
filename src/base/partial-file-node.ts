// A file that is written over several sittings: what came so far stays beside its place as "<name>.part", and takes the
// place once it is whole.

import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileError, makeFolder } from "./files-node.ts";

export interface PartialFile {
  /** Where the bytes lie until they are whole. */
  readonly partPath: string;
  /** How many there are. */
  readonly byteLength: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Throws away what came so far. */
  beginAnew(): Promise<void>;
  /** Brings the bytes to the disk and the file to its place. */
  finish(): Promise<void>;
  /** Throws away what came so far, and the file with it. */
  discard(): Promise<void>;
  /** Leaves what came so far for another time. */
  close(): Promise<void>;
}

/** Opens what came of a file before, or begins it. */
export async function openPartialFile(path: string): Promise<PartialFile> {
  const partPath = `${path}.part`;
  const inWords = (cause: unknown) => {
    throw fileError(partPath, cause);
  };
  await makeFolder(dirname(path));
  // Appending keeps what is there; a failed write may have left a part of a piece, which counts too.
  const handle = await open(partPath, "a").catch(inWords);
  let byteLength = (await handle.stat()).size;
  let isOpen = true;

  async function close(): Promise<void> {
    if (isOpen) await handle.close();
    isOpen = false;
  }

  return {
    partPath,
    get byteLength() {
      return byteLength;
    },
    async append(bytes) {
      await handle.writeFile(bytes).catch(async (cause) => {
        byteLength = (await handle.stat()).size;
        inWords(cause);
      });
      byteLength += bytes.byteLength;
    },
    async beginAnew() {
      await handle.truncate(0).catch(inWords);
      byteLength = 0;
    },
    async finish() {
      await handle.sync().catch(inWords);
      await close();
      await rename(partPath, path).catch(inWords);
    },
    async discard() {
      await close();
      await rm(partPath, { force: true }).catch(inWords);
    },
    close,
  };
}
