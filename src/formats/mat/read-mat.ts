// Reads MAT-files of MATLAB and Octave, whichever version they are.

import type { ByteSource } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { readHdf5Mat } from "./hdf5-file.ts";
import { readLevel4 } from "./level4-file.ts";
import { readLevel5 } from "./level5-file.ts";
import type { MatVariable } from "./mat-value.ts";

type MatVersion = "level 4" | "level 5" | "level 7.3";

/**
 * Reads the variables of a MAT-file, in file order.
 * @throws RoentgenError "file-truncated", "file-corrupt", "format-unsupported", "too-large"
 */
export async function readMat(source: ByteSource): Promise<MatVariable[]> {
  const version = await matVersion(source);
  switch (version) {
    case "level 5":
      return readLevel5(source);
    case "level 4":
      return readLevel4(source);
    case "level 7.3":
      return readHdf5Mat(source);
  }
  return version satisfies never;
}

/** Level 4 has a zero among its first four bytes, level 5 text; level 7.3 is HDF5. */
async function matVersion(source: ByteSource): Promise<MatVersion> {
  const head = await source.read(0, Math.min(source.byteLength, 520));
  if (isHdf5(head, 0) || isHdf5(head, 512)) return "level 7.3";
  if (head.byteLength >= 20 && head.subarray(0, 4).includes(0)) return "level 4";
  const text = String.fromCharCode(...head.subarray(0, 19));
  if (head.byteLength >= 128 && /^[\x20-\x7e]{19}/.test(text)) return "level 5";
  throw damaged(source.name, {
    expected: "a MAT-file",
    found: "a file that begins otherwise",
    remedy: "Check that the file is what its name says.",
  });
}

const hdf5Signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

function isHdf5(head: Uint8Array, at: number): boolean {
  return hdf5Signature.every((byte, index) => head[at + index] === byte);
}
