// Reads MAT-files of MATLAB and Octave, whichever version they are.

import type { ByteSource } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { listHdf5Mat, readHdf5Mat } from "./hdf5-file.ts";
import { listLevel4, readLevel4 } from "./level4-file.ts";
import { listLevel5, readLevel5 } from "./level5-file.ts";
import type { MatEntry } from "./mat-entry.ts";
import type { MatVariable } from "./mat-value.ts";

type MatVersion = "level 4" | "level 5" | "version 7.3";

/**
 * Reads variables of a MAT-file: all in file order, or those asked for, in the order asked.
 * @throws RoentgenError "value-missing" for a name that is not there, "file-truncated",
 *   "file-corrupt", "format-unsupported", "too-large"
 */
export async function readMat(
  source: ByteSource,
  { names }: { names?: readonly string[] } = {},
): Promise<MatVariable[]> {
  const wanted = names && new Set(names);
  const variables = await readVersion(source, wanted);
  if (!names) return variables;
  const found = new Map(variables.map((variable) => [variable.name, variable]));
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) throw nameMissing(missing, await listMat(source), source.name);
  return names.flatMap((name) => found.get(name) ?? []);
}

/** What is in a MAT-file, without reading it whole (version 7.3 apart). */
export async function listMat(source: ByteSource): Promise<MatEntry[]> {
  const version = await matVersion(source);
  switch (version) {
    case "level 5":
      return listLevel5(source);
    case "level 4":
      return listLevel4(source);
    case "version 7.3":
      return listHdf5Mat(source);
  }
  return version satisfies never;
}

async function readVersion(
  source: ByteSource,
  wanted: ReadonlySet<string> | undefined,
): Promise<MatVariable[]> {
  const version = await matVersion(source);
  switch (version) {
    case "level 5":
      return readLevel5(source, wanted);
    case "level 4":
      return readLevel4(source, wanted);
    case "version 7.3":
      return readHdf5Mat(source, wanted);
  }
  return version satisfies never;
}

function nameMissing(name: string, entries: readonly MatEntry[], file: string): RoentgenError {
  const names = entries.map((entry) => entry.name);
  return new RoentgenError("value-missing", {
    problem: `There is no variable "${name}" in ${file}`,
    remedy: `It has: ${names.slice(0, 12).join(", ") || "no variables"}.`,
    subject: name,
  });
}

/** Level 4 has a zero among its first four bytes, level 5 text; version 7.3 is HDF5. */
async function matVersion(source: ByteSource): Promise<MatVersion> {
  const head = await source.read(0, Math.min(source.byteLength, 520));
  const text = String.fromCharCode(...head.subarray(0, 128));
  if (isHdf5(head, 0) || isHdf5(head, 512)) return "version 7.3";
  if (text.startsWith("MATLAB 5") || /(IM|MI)$/.test(text.slice(126))) return "level 5";
  if (head.byteLength >= 20 && head.subarray(0, 4).includes(0)) return "level 4";
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
