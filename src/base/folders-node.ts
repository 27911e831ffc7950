// Folders in Node: the files below one, however deep, with links followed once.

import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { ByteSource } from "./bytes.ts";
import { RoentgenError } from "./errors.ts";
import { fileError } from "./files-node.ts";
import { openFile } from "./open-file-node.ts";

/**
 * Paths of all files below a folder, sorted within each folder. Links are followed, but no folder is entered
 * twice, so that a link to a parent does no harm; what can't be looked into is left out, but for the folder itself.
 */
export async function listFolder(path: string): Promise<string[]> {
  const entered = new Set<string>();
  const found: string[] = [];

  async function enter(folder: string): Promise<void> {
    const real = await realpath(folder);
    if (entered.has(real)) return;
    entered.add(real);
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = join(folder, entry.name);
      if (entry.isDirectory()) await enter(inside).catch(() => {});
      else if (entry.isFile()) found.push(inside);
      else if (entry.isSymbolicLink()) await follow(inside);
    }
  }

  async function follow(link: string): Promise<void> {
    const status = await stat(link).catch(() => undefined);
    if (status?.isDirectory()) await enter(link).catch(() => {});
    else if (status?.isFile()) found.push(link);
  }

  await enter(path).catch((cause) => {
    throw fileError(path, cause);
  });
  return found;
}

/** Names of the folders directly in a folder, links to folders included, sorted. */
export async function listSubfolders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause) => {
    throw fileError(path, cause);
  });
  const names: string[] = [];
  for (const entry of entries) {
    const isLink = entry.isSymbolicLink();
    const status = isLink ? await stat(join(path, entry.name)).catch(() => undefined) : entry;
    if (status?.isDirectory()) names.push(entry.name);
  }
  return names.sort();
}

/**
 * Opens files that lie beside a file, or in folders below it, by their relative names.
 * @throws RoentgenError "value-invalid" for a name that leads out of the folder
 */
export function openBeside(path: string): (name: string) => Promise<ByteSource> {
  const folder = resolve(dirname(path));
  return async (name) => {
    const inside = resolve(folder, name);
    if (inside.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return openFile(inside);
    throw new RoentgenError("value-invalid", {
      problem: `Cannot read ${path}`,
      expected: "names of files in its own folder",
      found: name,
      remedy: "A header from elsewhere must not open other files; put the data beside it.",
      subject: path,
    });
  };
}
