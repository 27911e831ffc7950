// Whether a file of weights is the one that was published under its name.

import { type DigestAlgorithm, digestOf } from "#files";
import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { type KnownWeights, knownWeights } from "./known-weights.ts";
import { fetchCommand, fileName } from "./weights-folder.ts";

export interface Verified {
  /** What is known of a file of this name. */
  readonly known?: KnownWeights;
  /** The published hash that it has; undefined where none is known, or where the platform can't work it out. */
  readonly by?: DigestAlgorithm;
  /** In a sentence. */
  readonly note: string;
}

/**
 * Holds a file against the hash that was published for its name.
 * @throws RoentgenError "file-corrupt" where it has another
 */
export async function verifyWeights(source: ByteSource): Promise<Verified> {
  const name = fileName(source.name);
  const known = knownWeights.find(({ file }) => file === name);
  if (!known) {
    return { note: `${name} is none of the files that are known; its origin was not checked.` };
  }
  const by = known.sha256 ? "sha256" : known.md5 ? "md5" : undefined;
  const found = by && (await digestOf(source, by));
  if (by === undefined || found === undefined) {
    const reason = by ? `this platform has no ${TITLES[by]}` : "no hash of it was published";
    return { known, note: `${name} was not checked: ${reason}.` };
  }
  const expected = known[by] as string;
  if (!found.startsWith(expected)) throw otherFile(known, `${TITLES[by]} ${expected}`, found);
  return { known, by, note: `${name} is the file that was published (${TITLES[by]} ${expected}).` };
}

const TITLES = { md5: "MD5", sha256: "SHA-256" } as const;

function otherFile(known: KnownWeights, expected: string, found: string): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `${known.file} is not the file that was published under this name`,
    expected,
    found,
    remedy: `It was cut off, damaged or replaced: fetch it again with ${fetchCommand(known)}, or give a file of your own another name.`,
    subject: known.file,
  });
}
