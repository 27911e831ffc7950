// Writes numpy's .npz archives: each array a .npy member of a zip, stored or deflated.

import type { ZipInputFile } from "fflate";
import { deflateSync, Zip, ZipPassThrough } from "fflate";
import type { Tensor } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import type { NamedTensor } from "../data-file.ts";
import { crc32 } from "../elements/checksums.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import { npyChunks, writeNpy } from "../npy/write-npy.ts";
import { earliestZipTime } from "../zip/write-zip.ts";

/** How to write a .npz archive. */
export interface NpzWriteOptions {
  /** Deflate the arrays, as numpy.savez_compressed does; false by default. */
  compress?: boolean;
}

/** Bytes handed to the zip writer at a time. */
const pieceBytes = 2 ** 20;
/** Beyond it zip64 would be needed. */
const mostBytes = 2 ** 32 - 1;

/** The archive as one piece of memory. */
export function writeNpz(
  arrays: readonly NamedTensor[],
  options: NpzWriteOptions = {},
): Uint8Array {
  return joinBytes([...npzChunks(arrays, options)]);
}

/** The same archive in pieces, no more than one array in memory beside the caller's. Equal arrays give equal bytes. */
export function* npzChunks(
  arrays: readonly NamedTensor[],
  { compress = false }: NpzWriteOptions = {},
): Generator<Uint8Array> {
  refuseRepeatedNames(arrays);
  const ready: Uint8Array[] = [];
  let written = 0;
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
    written += bytes.byteLength;
    if (written > mostBytes) throw tooLarge();
  });
  for (const { name, tensor } of arrays) {
    const add = compress ? addDeflated : addStored;
    for (const _ of add(zip, `${name}.npy`, tensor)) yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}

function* addStored(zip: Zip, filename: string, tensor: Tensor): Generator<void> {
  const member = new ZipPassThrough(filename);
  member.mtime = earliestZipTime();
  zip.add(member);
  for (const chunk of npyChunks(tensor)) {
    for (let at = 0; at < chunk.byteLength; at += pieceBytes) {
      member.push(chunk.subarray(at, at + pieceBytes), false);
      yield;
    }
  }
  member.push(new Uint8Array(0), true);
}

/** All at once: what fflate 0.8.3 deflates piece by piece can't always be inflated (its issue 260). */
function* addDeflated(zip: Zip, filename: string, tensor: Tensor): Generator<void> {
  const bytes = writeNpy(tensor);
  const member: ZipInputFile = {
    filename,
    size: bytes.byteLength,
    crc: crc32(bytes),
    compression: 8,
    mtime: earliestZipTime(),
  };
  zip.add(member);
  member.ondata?.(null, deflateSync(bytes), true);
  yield;
}

function refuseRepeatedNames(arrays: readonly NamedTensor[]): void {
  const names = new Set<string>();
  for (const { name } of arrays) {
    if (name !== "" && !names.has(name)) names.add(name);
    else {
      throw new RoentgenError("value-invalid", {
        problem: "Cannot write a .npz archive",
        expected: "arrays with different names",
        found: name === "" ? "one without a name" : `"${name}" twice`,
        subject: name,
      });
    }
  }
}

function tooLarge(): RoentgenError {
  return new RoentgenError("too-large", {
    problem: "Cannot write a .npz archive",
    expected: "at most 4 GiB",
    found: "more",
    remedy: "Write each array as a .npy file of its own.",
  });
}
