// A file opened for reading anywhere in it, by the plain calls of the system: a FileHandle costs twice as much, which
// counts where a series has thousands of small files.

import { closeSync, fstatSync, open, read } from "node:fs";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { type ByteSource, checkRange } from "./bytes.ts";
import { RoentgenError } from "./errors.ts";
import { fileError } from "./files-node.ts";

// What may wait for a disk or a network goes to a thread. Of an open file the system knows the size, and closing one
// that was only read waits for nothing: a trip to a thread would cost more than the call.
const system = { open: promisify(open), read: promisify(read) };

/** Bytes asked of the system in one call; it refuses 2 GiB and more. */
const LARGEST_READ = 2 ** 30;

/** Opens a file for reading anywhere in it. */
export async function openFile(path: string): Promise<ByteSource> {
  const descriptor = await system.open(path, "r").catch((cause) => {
    throw fileError(path, cause);
  });
  const status = fstatSync(descriptor);
  if (status.isDirectory()) {
    closeSync(descriptor);
    throw new RoentgenError("file-unreadable", {
      problem: `Cannot read ${path}`,
      expected: "a file",
      found: "a folder",
      subject: path,
    });
  }
  return openedSource(path, descriptor, status);
}

/** What a file's `ByteSource.stamp` would be now; nothing where there is no file. */
export async function fileStamp(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(() => undefined);
  return status && stampOf(status);
}

function stampOf({ size, mtimeMs }: { size: number; mtimeMs: number }): string {
  return `${size} bytes of ${mtimeMs}`;
}

function openedSource(
  path: string,
  descriptor: number,
  status: { size: number; mtimeMs: number },
): ByteSource {
  const { size } = status;
  let isOpen = true;
  let underWay = 0;
  let lastReadEnded = () => {};

  async function fill(offset: number, target: Uint8Array): Promise<void> {
    // The system gives the number of a closed file to the next one that is opened.
    if (!isOpen) throw closedSource(path);
    underWay += 1;
    try {
      for (let filled = 0; filled < target.byteLength; ) {
        const wanted = Math.min(target.byteLength - filled, LARGEST_READ);
        const { bytesRead } = await system.read(
          descriptor,
          target,
          filled,
          wanted,
          offset + filled,
        );
        // The file shrank while it was read.
        if (bytesRead === 0) checkRange(path, offset + filled, offset, target.byteLength);
        filled += bytesRead;
      }
    } finally {
      underWay -= 1;
      if (underWay === 0) lastReadEnded();
    }
  }

  return {
    name: path,
    byteLength: size,
    stamp: stampOf(status),
    async read(offset, length) {
      checkRange(path, size, offset, length);
      const bytes = new Uint8Array(length);
      await fill(offset, bytes);
      return bytes;
    },
    async readInto(offset, target) {
      checkRange(path, size, offset, target.byteLength);
      await fill(offset, target);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      if (underWay > 0) await new Promise<void>((resolve) => (lastReadEnded = resolve));
      closeSync(descriptor);
    },
  };
}

function closedSource(path: string): RoentgenError {
  return new RoentgenError("file-unreadable", {
    problem: `Cannot read ${path}`,
    expected: "an open source",
    found: "one that was closed",
    subject: path,
  });
}
