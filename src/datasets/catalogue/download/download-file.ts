// Fetches one file over HTTP: what came is kept as "<name>.part" and continued, the checksum is compared, and only a
// whole file takes its place.

import {
  type DigestAlgorithm,
  fileDigest,
  freeBytes,
  openFile,
  openPartialFile,
  type PartialFile,
  pathKind,
} from "#files";
import {
  checkParameters,
  integer,
  type OptionsOf,
  parameters,
  RoentgenError,
  type SettingsOf,
  type WorkOptions,
} from "../../../base/index.ts";
import { type Answer, request } from "./http-request.ts";
import { type OriginFile, openOrigin } from "./origin.ts";
import { PassingFailure, pause } from "./passing-failure.ts";

export const downloadParameters = parameters({
  /** Tries in a row that bring less than a mebibyte before the download is given up. */
  attempts: integer({ min: 1 }).default(5),
  /** Pause after the first failed try, in ms; it doubles with every further one. */
  pauseMs: integer({ min: 0 }).default(1000),
  /** How long a server may stay silent, in ms. */
  silenceMs: integer({ min: 1 }).default(60_000),
  /** Redirects that are followed. */
  redirects: integer({ min: 0 }).default(5),
});

export type DownloadOptions = OptionsOf<typeof downloadParameters>;

/** A file to fetch. */
export interface FileToFetch {
  readonly url: string;
  /** The checksum that its publisher states, or a library that downloads the same file. */
  readonly digest?: { readonly algorithm: DigestAlgorithm; readonly hex: string };
}

/** What became of a file. */
export interface FetchedFile {
  readonly path: string;
  readonly byteLength: number;
  /** Whether it was there already. */
  readonly alreadyThere: boolean;
  /** Whether a checksum was compared. */
  readonly checked: boolean;
}

/** One download under way. */
interface Download {
  readonly file: FileToFetch;
  readonly part: PartialFile;
  readonly origin: OriginFile;
  readonly settings: SettingsOf<typeof downloadParameters>;
  readonly work: WorkOptions;
}

/** Bytes that end a row of failures. */
const PROGRESS_BYTES = 2 ** 20;

/**
 * Fetches `file` to `path`. A file that is there already is kept, if its checksum fits. What an earlier call left is
 * continued, if the server can and still has the same file. Passing troubles (a dropped connection, a busy server)
 * are tried again.
 * @throws RoentgenError "file-unreadable" where the server refuses or stays in trouble, "file-corrupt" for a wrong
 *   checksum (what came is removed then), "write-failed" and "cancelled" (what came is kept then)
 */
export async function downloadFile(
  file: FileToFetch,
  path: string,
  options: DownloadOptions = {},
  work: WorkOptions = {},
): Promise<FetchedFile> {
  const settings = checkParameters(downloadParameters, options, "download");
  if ((await pathKind(path)) !== "none") return keepFile(file, path, work);
  const part = await openPartialFile(path);
  const origin = openOrigin(part.partPath);
  try {
    await fetchAll({ file, part, origin, settings, work });
    await checkDigest(file, part, work);
    const { byteLength } = part;
    await part.finish();
    return { path, byteLength, alreadyThere: false, checked: file.digest !== undefined };
  } catch (error) {
    throw work.signal?.aborted ? cancelled(file, part) : error;
  } finally {
    if (part.byteLength > 0) await part.close();
    else await part.discard();
    // What came belongs to no address any more, once it is in its place or removed.
    if ((await pathKind(part.partPath)) === "none") await origin.forget();
  }
}

async function keepFile(
  { digest }: FileToFetch,
  path: string,
  work: WorkOptions,
): Promise<FetchedFile> {
  const source = await openFile(path);
  await source.close();
  const found = digest && (await fileDigest(path, digest.algorithm, work));
  if (found === digest?.hex) {
    return {
      path,
      byteLength: source.byteLength,
      alreadyThere: true,
      checked: digest !== undefined,
    };
  }
  throw new RoentgenError("file-corrupt", {
    problem: `${path} is there already, but is another file`,
    expected: `${digest?.algorithm} ${digest?.hex}`,
    found,
    remedy: "Remove it, or download to another folder.",
    subject: path,
  });
}

/** Tries until the file is whole or too many tries in a row brought nothing. */
async function fetchAll(download: Download): Promise<void> {
  const { part, settings, work } = download;
  for (let failures = 0; ; ) {
    const before = part.byteLength;
    try {
      return await fetchRest(download);
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      failures = part.byteLength - before >= PROGRESS_BYTES ? 1 : failures + 1;
      if (failures >= settings.attempts) throw gaveUp(download, failures, error);
      await pause(error.pauseMs ?? settings.pauseMs * 2 ** (failures - 1), work.signal);
    }
  }
}

/** One try: asks for what is missing and takes it as it comes. */
async function fetchRest(download: Download): Promise<void> {
  const { file, part, origin, settings, work } = download;
  work.signal?.throwIfAborted();
  const known = await origin.recall(file.url);
  if (!known) await part.beginAnew();
  const answer = await request(file.url, {
    ...settings,
    from: part.byteLength,
    validator: known?.validator,
    signal: work.signal,
  });
  try {
    if (await isWhole(answer, part)) return;
    await rememberOrigin(answer, download);
    await checkSpace(answer, part);
    await takeBody(answer, download);
  } finally {
    await answer.cancel();
  }
}

/** Makes what is kept and what comes fit together; true where nothing is missing. */
async function isWhole({ status, total, from }: Answer, part: PartialFile): Promise<boolean> {
  if (status === 416 && part.byteLength > 0 && total === part.byteLength) return true;
  if (from === part.byteLength) return false;
  // A server that knows no ranges, or has another file by now, sends all of it.
  await part.beginAnew();
  if (from === 0) return false;
  throw new PassingFailure("the server has no such part of the file");
}

/** Without a sign that the file is still the same, only a checksum can tell in the end whether the parts fit. */
async function rememberOrigin(
  { validator, verbatim }: Answer,
  { file, origin }: Download,
): Promise<void> {
  const continues = verbatim && (validator !== undefined || file.digest !== undefined);
  if (continues) await origin.remember(file.url, { validator });
  else await origin.forget();
}

/** Fails before hours of fetching rather than after them. */
async function checkSpace({ total }: Answer, { partPath, byteLength }: PartialFile): Promise<void> {
  const free = await freeBytes(partPath);
  if (total === undefined || free >= total - byteLength) return;
  throw new RoentgenError("write-failed", {
    problem: `Cannot download to ${partPath}: the disk is too small`,
    expected: `${megabytes(total - byteLength)} MB of free space`,
    found: `${megabytes(free)} MB`,
    remedy: "Free some space, or download to another disk.",
    subject: partPath,
  });
}

async function takeBody(answer: Answer, { file, part, work }: Download): Promise<void> {
  const stage = `Downloading ${new URL(file.url).pathname.split("/").at(-1)}`;
  const total = megabytes(answer.total ?? 0);
  for await (const piece of answer.pieces()) {
    await part.append(piece).catch((error) => {
      throw diskError(error, part);
    });
    work.onProgress?.({ stage, done: megabytes(part.byteLength), total, unit: "MB" });
  }
  if (answer.total === undefined || part.byteLength === answer.total) return;
  throw new PassingFailure(`${part.byteLength} of ${answer.total} bytes came`);
}

async function checkDigest(
  { url, digest }: FileToFetch,
  part: PartialFile,
  work: WorkOptions,
): Promise<void> {
  if (!digest) return;
  const found = await fileDigest(part.partPath, digest.algorithm, work);
  if (found === digest.hex) return;
  await part.discard();
  throw new RoentgenError("file-corrupt", {
    problem: `What came from ${url} is not the published file`,
    expected: `${digest.algorithm} ${digest.hex}`,
    found,
    remedy:
      "It was removed. Try again; should that not help, the file was changed by its publisher.",
    subject: url,
  });
}

function gaveUp({ file, part }: Download, failures: number, cause: PassingFailure): RoentgenError {
  return new RoentgenError("file-unreadable", {
    problem: `Cannot download ${file.url}, tried ${failures} times in a row`,
    found: cause.message,
    remedy: whatIsKept(part),
    subject: file.url,
    cause,
  });
}

function cancelled({ url }: FileToFetch, part: PartialFile): RoentgenError {
  return new RoentgenError("cancelled", {
    problem: `Downloading ${url} was cancelled`,
    remedy: whatIsKept(part),
    subject: url,
  });
}

/** A disk that fills up; what came so far need not come again. */
function diskError(error: RoentgenError, part: PartialFile): RoentgenError {
  if (error.code !== "write-failed") return error;
  return new RoentgenError("write-failed", {
    problem: error.detail.problem,
    remedy: `Free some space. ${whatIsKept(part)}`,
    subject: part.partPath,
    cause: error.detail.cause,
  });
}

function whatIsKept({ byteLength, partPath }: PartialFile): string {
  if (byteLength === 0) return "Try again later.";
  return `The ${megabytes(byteLength)} MB that came are kept in ${partPath}; the same call continues them.`;
}

/** Millions of bytes, to a tenth. */
function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}
