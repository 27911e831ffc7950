// Reads numpy's .npz archives: .npy arrays in a zip, found by name and decompressed only when asked for.

import type { ByteSource, Tensor } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { NamedTensor } from "../data-file.ts";
import type { NpyHeader } from "../npy/header.ts";
import { publicHeader, readHeader } from "../npy/header.ts";
import { readNpyFrom } from "../npy/read-npy.ts";
import { type NpyRows, openNpyRows } from "../npy/read-npy-rows.ts";
import { readZipDirectory, type ZipMember } from "../zip/directory.ts";
import { openMember } from "../zip/read-zip.ts";

/** An archive whose directory has been read. */
export interface NpzArchive {
  /** In file order, without ".npy". */
  readonly names: readonly string[];
  /** What the array is; a compressed one is decompressed no further than its header. */
  readHeader(name: string): Promise<NpyHeader>;
  read(name: string): Promise<Tensor>;
  /** Begins to read an array a few rows at a time. */
  openRows(name: string): Promise<NpyRows>;
}

/**
 * Reads arrays of an archive: all, or those asked for, in the order asked.
 * @throws RoentgenError "value-missing" for a name that is not there, and what `readNpy` throws
 */
export async function readNpz(
  source: ByteSource,
  { names }: { names?: readonly string[] } = {},
): Promise<NamedTensor[]> {
  const archive = await openNpz(source);
  const arrays: NamedTensor[] = [];
  for (const name of names ?? archive.names) {
    arrays.push({ name, tensor: await archive.read(name) });
  }
  return arrays;
}

/** Lists an archive's arrays, to read them one by one. Members that are not .npy are left out. */
export async function openNpz(source: ByteSource): Promise<NpzArchive> {
  const members = new Map<string, ZipMember>();
  for (const member of await readZipDirectory(source)) {
    refuseEscape(member.name, source.name);
    // As in Python, the last of equal names counts.
    if (member.name.endsWith(".npy")) members.set(member.name.slice(0, -4), member);
  }
  const open = (name: string) => openMember(source, findMember(members, name, source.name));
  return {
    names: [...members.keys()],
    readHeader: async (name) => publicHeader(await readHeader(await open(name))),
    read: async (name) => readNpyFrom(await open(name)),
    openRows: async (name) => openNpyRows(await open(name)),
  };
}

function findMember(members: Map<string, ZipMember>, name: string, file: string): ZipMember {
  const member = members.get(name);
  if (member) return member;
  throw new RoentgenError("value-missing", {
    problem: `There is no array "${name}" in ${file}`,
    remedy: `It has: ${[...members.keys()].slice(0, 12).join(", ") || "no arrays"}.`,
    subject: name,
  });
}

/** Names become file names when arrays are converted, so none may lead out of a folder. */
function refuseEscape(name: string, file: string): void {
  const parts = name.split(/[\\/]/);
  if (!parts.includes("..") && parts[0] !== "" && !/^[a-z]:|\0/i.test(name)) return;
  throw damaged(file, {
    expected: "members with relative names",
    found: `one named ${JSON.stringify(name)}`,
  });
}
