// The files port in browsers, which have no paths: bytes come from sources there, such as files dropped on a page.

import { RoentgenError } from "./errors.ts";
import type * as node from "./files-node.ts";
import { sha256 } from "./sha256.ts";

function refuse(path: unknown): never {
  throw new RoentgenError("file-unreadable", {
    problem: `Cannot use the path ${String(path)}`,
    expected: "a source of bytes",
    found: "a path in a browser",
    remedy: "Wrap the bytes with memorySource, or run this in Node.",
    subject: String(path),
  });
}

async function refuseLater(path: unknown): Promise<never> {
  return refuse(path);
}

export const openFile: typeof node.openFile = refuseLater;
export const fileStamp: typeof node.fileStamp = async () => undefined;
export const listFolder: typeof node.listFolder = refuseLater;
export const listSubfolders: typeof node.listSubfolders = refuseLater;
export const readFileBytes: typeof node.readFileBytes = refuseLater;
export const writeFileWhole: typeof node.writeFileWhole = refuseLater;
export const writeFilesWhole: typeof node.writeFilesWhole = refuseLater;
export const appendToFile: typeof node.appendToFile = refuseLater;
export const removeFile: typeof node.removeFile = refuseLater;
export const fileDigest: typeof node.fileDigest = refuseLater;
export const openPartialFile: typeof node.openPartialFile = refuseLater;
export const makeFolder: typeof node.makeFolder = refuseLater;
export const realPath: typeof node.realPath = refuseLater;
export const pathKind: typeof node.pathKind = async () => "none";
export const checkWritable: typeof node.checkWritable = refuse;
export const fileError: typeof node.fileError = refuse;
export const openBeside: typeof node.openBeside = refuse;
export const hashWhileReading: typeof node.hashWhileReading = refuse;
export const openRecordFile: typeof node.openRecordFile = refuse;
export const freeBytes: typeof node.freeBytes = async () => Number.POSITIVE_INFINITY;
export const userCacheFolder: typeof node.userCacheFolder = refuse;

/** Browsers have no MD5. */
export const digestOf: typeof node.digestOf = async (source, name) =>
  name === "sha256" ? sha256(await source.read(0, source.byteLength)) : undefined;
