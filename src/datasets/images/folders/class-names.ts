// Names of classes from names of folders, which may be written differently on two sides of a split.

import { orderClasses } from "../../view/class-order.ts";

export interface ClassNames {
  /** In order; of two the clinical finding comes second where the names tell. */
  readonly classes: readonly string[];
  /** Number of the class that a folder means, if it is one. */
  readonly numberOf: (folder: string) => number | undefined;
  readonly notes: readonly string[];
}

/**
 * Folders whose names differ in case, spaces at the ends or the form of accents only (as archives made on macOS and Windows
 * do) are one class, by the name that comes first.
 */
export function nameClasses(folders: Iterable<string>): ClassNames {
  const spellings = new Map<string, string[]>();
  for (const folder of new Set(folders)) {
    const key = keyOfClass(folder);
    spellings.set(key, [...(spellings.get(key) ?? []), folder]);
  }
  const names = new Map(
    [...spellings].map(([key, [first]]) => [key, first.normalize("NFC").trim()]),
  );
  const { classes } = orderClasses(names.values());
  const numbers = new Map([...names].map(([key, name]) => [key, classes.indexOf(name)]));
  const notes = [...spellings.values()]
    .filter(({ length }) => length > 1)
    .map(
      (all) => `${all.map((one) => JSON.stringify(one)).join(" and ")} are taken for one class.`,
    );
  return { classes, numberOf: (folder) => numbers.get(keyOfClass(folder)), notes };
}

/** What spellings of a class have in common. */
export function keyOfClass(folder: string): string {
  return folder.normalize("NFC").trim().toLowerCase();
}
