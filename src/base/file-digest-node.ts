// The checksum of a file on disk, read from front to back.

import { createHash } from "node:crypto";
import type { ByteSource } from "./bytes.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { openFile } from "./open-file-node.ts";
import type { WorkOptions } from "./work.ts";

/** Checksums that publishers of data give. */
export type DigestAlgorithm = "md5" | "sha256";

const PIECE = 4 * 2 ** 20;

/** The checksum in hexadecimal. */
export async function fileDigest(
  path: string,
  algorithm: DigestAlgorithm,
  work: WorkOptions = {},
): Promise<string> {
  const source = await openFile(path);
  try {
    return (await digestOf(source, algorithm, work)) as string;
  } finally {
    await source.close();
  }
}

/** That of any source; undefined where the platform can't work it out. */
export async function digestOf(
  source: ByteSource,
  algorithm: DigestAlgorithm,
  { signal, onProgress }: WorkOptions = {},
): Promise<string | undefined> {
  const { name, byteLength: total } = source;
  const hash = createHash(algorithm);
  const checkpoint = openCheckpoint(signal, `Checking ${name}`);
  for (let done = 0; done < total; ) {
    const piece = await source.read(done, Math.min(PIECE, total - done));
    hash.update(piece);
    done += piece.byteLength;
    onProgress?.({ stage: `Checking ${name}`, done, total, unit: "bytes" });
    await checkpoint();
  }
  return hash.digest("hex");
}
