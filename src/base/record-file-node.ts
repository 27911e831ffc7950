// A file of records at fixed places in Node: read and written anywhere in it, at once and without copies. Node has no memory
// maps; the system's page cache does what they would do, and a read of it costs one copy.

import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { checkRange } from "./bytes.ts";
import { fileError } from "./files-node.ts";

/** Reads and writes wait for the disk in the calling thread: records are small, and mostly in the page cache. */
export interface RecordFile {
  readonly path: string;
  /** Now, which grows as records are written past the end. */
  byteLength(): number;
  /** Fills `target` with the bytes from `offset` on; a "file-truncated" error where the file ends before. */
  readInto(offset: number, target: Uint8Array): void;
  /** Writes all of `bytes`; "write-failed" where the disk is full. */
  write(offset: number, bytes: Uint8Array): void;
  close(): void;
}

/** Opens a file of records; one to be written is made if need be, and keeps what it holds. */
export function openRecordFile(path: string, { writable = false } = {}): RecordFile {
  const descriptor = attempt(path, () => openForRecords(path, writable));
  const size = () => attempt(path, () => fstatSync(descriptor).size);
  return {
    path,
    byteLength: size,
    readInto(offset, target) {
      for (let filled = 0; filled < target.byteLength; ) {
        const at = offset + filled;
        const read = attempt(path, () =>
          readSync(descriptor, target, filled, target.byteLength - filled, at),
        );
        if (read === 0) checkRange(path, size(), offset, target.byteLength);
        filled += read;
      }
    },
    write(offset, bytes) {
      for (let written = 0; written < bytes.byteLength; ) {
        const at = offset + written;
        written += attempt(path, () =>
          writeSync(descriptor, bytes, written, bytes.byteLength - written, at),
        );
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** Bytes that this user may still write to the disk of a folder; infinite where the system does not say. */
export async function freeBytes(folder: string): Promise<number> {
  const facts = await statfs(folder).catch(() => undefined);
  return facts ? facts.bavail * facts.bsize : Number.POSITIVE_INFINITY;
}

function openForRecords(path: string, writable: boolean): number {
  if (!writable) return openSync(path, "r");
  // "r+" does not make a file, "w+" empties one; between the two nobody loses anything.
  closeSync(openSync(path, "a"));
  return openSync(path, "r+");
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fileError(path, cause);
  }
}
