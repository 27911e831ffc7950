// Files in Node (behind the package import #files): random access for readers, and writes that
// leave either the whole new file or what was there before.

import { closeSync, openSync, rmSync } from "node:fs";
import { mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { RoentgenError } from "./errors.ts";
import { openFile } from "./open-file-node.ts";

export { userCacheFolder } from "./cache-folder-node.ts";
export { type DigestAlgorithm, digestOf, fileDigest } from "./file-digest-node.ts";
export { listFolder, listSubfolders, openBeside } from "./folders-node.ts";
export { type HashedSource, hashWhileReading } from "./hashed-source-node.ts";
export { fileStamp, openFile } from "./open-file-node.ts";
export { openPartialFile, type PartialFile } from "./partial-file-node.ts";
export { freeBytes, openRecordFile, type RecordFile } from "./record-file-node.ts";

/** Temporary files not yet renamed; removed should the process end first. */
const unfinished = new Set<string>();
let cleansOnExit = false;

/** Reads a whole file. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  const source = await openFile(path);
  try {
    return await source.read(0, source.byteLength);
  } finally {
    await source.close();
  }
}

export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file under a temporary name beside it, syncs it and renames it into place.
 * If anything fails (a full disk, Ctrl-C) the temporary file is removed and an older file stays as it was.
 */
export async function writeFileWhole(path: string, content: FileContent): Promise<void> {
  await writeFilesWhole([{ path, content }]);
}

/** Writes several files as `writeFileWhole` does one: none takes its place before all are on the disk. */
export async function writeFilesWhole(
  files: readonly { path: string; content: FileContent }[],
): Promise<void> {
  const staged: { path: string; temporary: string }[] = [];
  let path = "";
  try {
    for (const file of files) {
      path = file.path;
      const temporary = `${path}.${process.pid}.part`;
      staged.push({ path, temporary });
      await writeTemporary(path, temporary, file.content);
    }
    for (const done of staged) {
      path = done.path;
      await rename(done.temporary, path);
    }
  } catch (cause) {
    // What can't be removed was never written; the error to report is the first one.
    for (const { temporary } of staged) await rm(temporary, { force: true }).catch(() => {});
    if (cause instanceof RoentgenError) throw cause;
    throw fileError(path, cause);
  } finally {
    for (const { temporary } of staged) unfinished.delete(temporary);
  }
}

async function writeTemporary(
  path: string,
  temporary: string,
  content: FileContent,
): Promise<void> {
  await refuseDevice(path);
  await makeFolder(dirname(path));
  cleanOnExit(temporary);
  const handle = await open(temporary, "w");
  try {
    const chunks =
      typeof content === "string" || content instanceof Uint8Array ? [content] : content;
    for await (const chunk of chunks) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A device or pipe would be replaced by the renamed file, not written to. */
async function refuseDevice(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (!status || status.isFile() || status.isDirectory()) return;
  throw new RoentgenError("write-failed", {
    problem: `Cannot write ${path}`,
    expected: "a file, or a name that is free",
    found: "a device or pipe",
    subject: path,
  });
}

/** Adds text or bytes to the end of a file, which is made if need be; if that fails, the file is as it was. */
export async function appendToFile(path: string, added: string | Uint8Array): Promise<void> {
  const handle = await open(path, "a").catch((cause) => {
    throw fileError(path, cause);
  });
  try {
    const { size } = await handle.stat();
    await handle.writeFile(added).catch(async (cause) => {
      await handle.truncate(size).catch(() => {});
      throw fileError(path, cause);
    });
  } finally {
    await handle.close();
  }
}

/** Removes a file; one that does not exist is no error. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((cause) => {
    throw fileError(path, cause);
  });
}

/** Makes a folder, and those that it lies in; one that exists stays as it is. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await pathKind(path)) === "folder") return;
    // Level by level: mkdir's own recursion never ends where a parent refuses, as /proc does.
    if (code !== "ENOENT" || dirname(path) === path || (await pathKind(dirname(path))) !== "none") {
      throw fileError(path, cause);
    }
    await makeFolder(dirname(path));
    await makeFolder(path);
  }
}

/** Whether something can be written at this path, found out before hours of work depend on it. */
export function checkWritable(folder: string): void {
  const probe = `${folder}/.roentgen-${process.pid}.part`;
  try {
    closeSync(openSync(probe, "w"));
    rmSync(probe, { force: true });
  } catch (cause) {
    throw fileError(folder, cause);
  }
}

/** The path without links and dots, so that two names of one file can be told; of no file, the path itself. */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

/** "file", "folder" or "none". */
export async function pathKind(path: string): Promise<"file" | "folder" | "none"> {
  const status = await stat(path).catch(() => undefined);
  if (!status) return "none";
  return status.isDirectory() ? "folder" : "file";
}

/** An operating system's error in words. */
export function fileError(path: string, cause: unknown): RoentgenError {
  const errno = (cause as NodeJS.ErrnoException)?.code;
  const name = basename(path) || path;
  switch (errno) {
    case "ENOENT":
      return new RoentgenError("file-not-found", {
        problem: `There is no file or folder at ${path}`,
        remedy: "Check the path.",
        subject: path,
        cause,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new RoentgenError("file-unreadable", {
        problem: `Access to ${path} is denied`,
        remedy: "Check the permissions.",
        subject: path,
        cause,
      });
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new RoentgenError("write-failed", {
        problem: `Cannot write ${name}: the disk is full`,
        remedy: "Nothing half-written was left behind. Free some space or choose another --out.",
        subject: path,
        cause,
      });
    default:
      return new RoentgenError(errno === "EIO" ? "file-unreadable" : "write-failed", {
        problem: `Cannot use ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
        subject: path,
        cause,
      });
  }
}

function cleanOnExit(temporary: string): void {
  unfinished.add(temporary);
  if (cleansOnExit) return;
  cleansOnExit = true;
  process.on("exit", () => {
    for (const path of unfinished) rmSync(path, { force: true });
  });
}
