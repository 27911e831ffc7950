// The checksum of a file on disk, read from front to back.

import { createHash } from "node:crypto";
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
  { signal, onProgress }: WorkOptions = {},
): Promise<string> {
  const hash = createHash(algorithm);
  const source = await openFile(path);
  const checkpoint = openCheckpoint(signal, `Checking ${path}`);
  try {
    const total = source.byteLength;
    for (let done = 0; done < total; ) {
      const piece = await source.read(done, Math.min(PIECE, total - done));
      hash.update(piece);
      done += piece.byteLength;
      onProgress?.({ stage: `Checking ${path}`, done, total, unit: "bytes" });
      await checkpoint();
    }
  } finally {
    await source.close();
  }
  return hash.digest("hex");
}
