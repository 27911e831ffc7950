// The folder in which files of published weights are looked for by name. Nothing is fetched unasked.

import { openFile, pathKind, userCacheFolder } from "#files";
import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { type KnownWeights, knownWeights } from "./known-weights.ts";

/** The folder, in the user's cache; it need not exist. */
export const weightsFolder = (): string => userCacheFolder("weights");

/**
 * Opens a file by its path, or one in the weights folder by its name alone.
 * @throws RoentgenError "file-not-found" with the command that fetches it, where its name is known
 */
export async function openWeights(pathOrName: string): Promise<ByteSource> {
  if ((await pathKind(pathOrName)) === "file") return openFile(pathOrName);
  const name = fileName(pathOrName);
  const kept = `${weightsFolder()}/${name}`;
  if (name === pathOrName && (await pathKind(kept)) === "file") return openFile(kept);
  const known = knownWeights.find(({ file }) => file === name);
  throw new RoentgenError("file-not-found", {
    problem: `There are no weights at ${pathOrName}`,
    expected: name === pathOrName ? `a file, here or in ${weightsFolder()}` : "a file",
    remedy: known
      ? `Fetch it with ${fetchCommand(known)}`
      : "Check the path; `knownWeights` lists the files whose origin is known.",
    subject: pathOrName,
  });
}

/** The command that puts a file into the weights folder. */
export function fetchCommand({ file, url }: KnownWeights): string {
  return `curl --create-dirs -L -o "${weightsFolder()}/${file}" "${url}"`;
}

/** The last part of a path of any system. */
export const fileName = (path: string): string => path.split(/[/\\]/).at(-1) as string;
