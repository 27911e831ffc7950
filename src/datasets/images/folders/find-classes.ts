// Which folders are classes, and which are wrappings, sides of a split or masks.

import type { ImageSide } from "../image-dataset.ts";
import type { ListedFile } from "./list-images.ts";
import { isMaskFolder } from "./masks.ts";
import { sideOfName } from "./side-names.ts";

/** An image, and what the folders around it say. */
export interface PlacedFile extends ListedFile {
  readonly side?: ImageSide;
  /** Name of the class's folder; undefined where it lies in none. */
  readonly label?: string;
  /** Folders between class and file. */
  readonly inner: readonly string[];
}

export interface FoundClasses {
  readonly files: readonly PlacedFile[];
  /** Files that lie beside the folders of the sides. */
  readonly besideSides: readonly ListedFile[];
  /** Folders (paths below the root) whose subfolders are the classes. */
  readonly parents: readonly (readonly string[])[];
}

/**
 * Level by level from the root: a folder that all files share is a wrapping; a level on which folders are named for sides is
 * the split; the first other one is that of the classes. Sides may also lie within the classes.
 */
export function findClasses(images: readonly ListedFile[]): FoundClasses {
  const parents = new Map<string, readonly string[]>();
  const besideSides: ListedFile[] = [];
  let rest: Unplaced[] = images.map((file) => ({ file, level: 0 }));
  rest = descend(rest, besideSides);
  const sideWithin = sidesBelowClass(rest);
  const files = rest.map(({ file, level, side }): PlacedFile => {
    const folders = file.parts.slice(0, -1);
    if (level >= folders.length) return { ...file, ...(side && { side }), inner: [] };
    parents.set(folders.slice(0, level).join("/"), folders.slice(0, level));
    const within = sideWithin ? sideOfName(folders[level + 1] ?? "") : undefined;
    return {
      ...file,
      ...((side ?? within) && { side: side ?? within }),
      label: folders[level],
      inner: folders.slice(level + (within ? 2 : 1)),
    };
  });
  return { files, besideSides, parents: [...parents.values()] };
}

interface Unplaced {
  readonly file: ListedFile;
  /** Folders above the one that is looked at. */
  readonly level: number;
  readonly side?: ImageSide;
}

/** Past wrappings and sides, to where the classes are. */
function descend(start: Unplaced[], besideSides: ListedFile[]): Unplaced[] {
  let rest = start;
  for (;;) {
    const names = namesAt(rest, 0);
    const sides = new Set([...names].map(sideOfName).filter((side) => side !== undefined));
    const isSplit = sides.size > 1 || (sides.size === 1 && names.size === 1);
    if (isSplit && rest.every(({ side }) => side === undefined)) {
      const isSided = (one: Unplaced) => sideOfName(nameAt(one, 0) ?? "") !== undefined;
      besideSides.push(...rest.filter((one) => !isSided(one)).map(({ file }) => file));
      rest = rest.filter(isSided).map((one) => {
        return { ...one, level: one.level + 1, side: sideOfName(nameAt(one, 0) as string) };
      });
    } else if (isWrapping(rest, names)) {
      rest = rest.map((one) =>
        nameAt(one, 0) === undefined ? one : { ...one, level: one.level + 1 },
      );
    } else return rest;
  }
}

/** One folder for all, and folders with images in it. */
function isWrapping(files: readonly Unplaced[], names: ReadonlySet<string>): boolean {
  if (names.size !== 1) return false;
  const deeper = namesAt(files, 1);
  return [...deeper].some((name) => !isMaskFolder(name));
}

/** Whether the folders in the classes are all named for sides, as in glioma/train. */
function sidesBelowClass(files: readonly Unplaced[]): boolean {
  if (files.some(({ side }) => side !== undefined)) return false;
  const deeper = namesAt(files, 1);
  return deeper.size > 1 && [...deeper].every((name) => sideOfName(name) !== undefined);
}

function namesAt(files: readonly Unplaced[], below: number): Set<string> {
  return new Set(files.map((one) => nameAt(one, below)).filter((name) => name !== undefined));
}

/** The folder `below` levels under the one that is looked at. */
function nameAt({ file, level }: Unplaced, below: number): string | undefined {
  return level + below < file.parts.length - 1 ? file.parts[level + below] : undefined;
}
