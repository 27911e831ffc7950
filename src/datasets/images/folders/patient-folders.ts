// Patients told by the shape of a data set: within every class there is a folder for each of many.

import type { PlacedFile } from "./find-classes.ts";

/** Fewer folders may be kinds of a finding, or views. */
const FEWEST = 10;
const FEWEST_A_CLASS = 2;
/** Share of the images that lie in such a folder, and of the folders whose name has a digit. */
const MOST = 0.9;

/**
 * Each image's folder within its class, where these folders are many and numbered, as in "tumour/TCGA-02-0003/7.png"; else all
 * undefined. A bare small number counts anew in each class and side; all other names mean one patient everywhere.
 */
export function patientsOfFolders(files: readonly PlacedFile[]): (string | undefined)[] {
  const folders = files.map(({ inner }) => inner[0]);
  const names = new Set(folders.filter((folder) => folder !== undefined));
  const numbered = [...names].filter((name) => /\d/.test(name)).length;
  const within = folders.filter((folder) => folder !== undefined).length;
  const perClass = new Map<string | undefined, Set<string | undefined>>();
  for (const [at, { label }] of files.entries()) {
    perClass.set(label, (perClass.get(label) ?? new Set()).add(folders[at]));
  }
  const arePatients =
    names.size >= FEWEST &&
    numbered >= MOST * names.size &&
    within >= MOST * files.length &&
    [...perClass.values()].every(({ size }) => size >= FEWEST_A_CLASS);
  return files.map(({ side, label }, at) => {
    const folder = folders[at];
    if (!arePatients || folder === undefined) return undefined;
    const isBare = /^\d{1,3}$/.test(folder);
    return isBare ? [side, label, folder].filter(Boolean).join("/") : folder;
  });
}
