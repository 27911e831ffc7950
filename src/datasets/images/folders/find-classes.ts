// Which folders are classes, and which are wrappings, sides of a split, masks or second copies.

import type { ImageSide } from "../image-dataset.ts";
import { keyOfClass } from "./class-names.ts";
import type { ListedFile } from "./list-images.ts";
import { isMaskFolder } from "./masks.ts";
import { sideOfName } from "./side-names.ts";

/** An image, and what the folders around it say. */
export interface PlacedFile extends ListedFile {
  readonly side?: ImageSide;
  /** Name of the class's folder; undefined where it lies in none. */
  readonly label?: string;
  /** Folders between class and file, after a folder of masks that lies above the class. */
  readonly inner: readonly string[];
}

export interface FoundClasses {
  readonly files: readonly PlacedFile[];
  /** Files that lie beside the folders of the sides. */
  readonly besideSides: readonly ListedFile[];
  /** Files in a folder beside the classes that holds folders of the same names. */
  readonly copies: readonly ListedFile[];
  /** Folders (paths below the root) whose subfolders are the classes. */
  readonly parents: readonly (readonly string[])[];
}

/**
 * Level by level from the root: a folder that all files share is a wrapping, folders of masks beside it aside; a level on which
 * folders are named for sides is the split; the first other one is that of the classes. Sides may also lie within the classes.
 */
export function findClasses(images: readonly ListedFile[]): FoundClasses {
  const parents = new Map<string, readonly string[]>();
  const besideSides: ListedFile[] = [];
  const above = images.map((file): Unplaced => ({ file, level: 0, passed: [] }));
  const found = descend(above, besideSides);
  const [copied, rest] = parted(found, isInCopy(found));
  const sideWithin = sidesBelowClass(rest);
  const files = rest.map(({ file, level, side, passed }): PlacedFile => {
    const folders = file.parts.slice(0, -1);
    if (level >= folders.length) return { ...file, ...(side && { side }), inner: passed };
    parents.set(folders.slice(0, level).join("/"), folders.slice(0, level));
    const within = sideWithin ? sideOfName(folders[level + 1] ?? "") : undefined;
    return {
      ...file,
      ...((side ?? within) && { side: side ?? within }),
      label: folders[level],
      inner: [...passed, ...folders.slice(level + (within ? 2 : 1))],
    };
  });
  const copies = copied.map(({ file }) => file);
  return { files, besideSides, copies, parents: [...parents.values()] };
}

interface Unplaced {
  readonly file: ListedFile;
  /** Folders above the one that is looked at. */
  readonly level: number;
  readonly side?: ImageSide;
  /** Folders of masks among those above. */
  readonly passed: readonly string[];
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
      const [sided, beside] = parted(rest, isSided);
      besideSides.push(...beside.map(({ file }) => file));
      rest = sided.map((one) => ({ ...below(one), side: sideOfName(nameAt(one, 0) as string) }));
    } else if (isWrapping(rest, names)) rest = rest.map(below);
    else return rest;
  }
}

/** The same file a folder deeper, where there is one. */
function below(one: Unplaced): Unplaced {
  const name = nameAt(one, 0);
  if (name === undefined) return one;
  const passed = isMaskFolder(name) ? [...one.passed, name] : one.passed;
  return { ...one, level: one.level + 1, passed };
}

/** One folder for all, masks aside, and folders with images in it. */
function isWrapping(files: readonly Unplaced[], names: ReadonlySet<string>): boolean {
  const plain = [...names].filter((name) => !isMaskFolder(name));
  const [only] = names.size === 1 ? names : plain;
  if (names.size !== 1 && plain.length !== 1) return false;
  const deeper = namesAt(
    files.filter((one) => nameAt(one, 0) === only),
    1,
  );
  return [...deeper].some((name) => !isMaskFolder(name));
}

/**
 * Archives are often packed with a second copy of everything: beside "yes" and "no" a folder that holds "yes" and "no". Tells
 * whether a file lies in such a folder.
 */
function isInCopy(files: readonly Unplaced[]): (one: Unplaced) => boolean {
  const inner = new Map<string, Set<string>>();
  for (const one of files) {
    const [name, deeper = ""] = [nameAt(one, 0), nameAt(one, 1)];
    if (name === undefined) continue;
    const names = inner.get(name) ?? new Set();
    inner.set(name, names.add(keyOfClass(deeper)));
  }
  const siblings = new Set([...inner.keys()].map(keyOfClass));
  const isCopy = (name: string) => {
    const twins = inner.get(name) ?? new Set();
    const areTwins = [...twins].every((twin) => twin !== keyOfClass(name) && siblings.has(twin));
    return twins.size > 1 && areTwins;
  };
  const copies = new Set([...inner.keys()].filter(isCopy));
  return (one) => copies.has(nameAt(one, 0) ?? "");
}

/** Whether the folders in the classes are all named for sides, as in glioma/train. */
function sidesBelowClass(files: readonly Unplaced[]): boolean {
  if (files.some(({ side }) => side !== undefined)) return false;
  const deeper = namesAt(files, 1);
  return deeper.size > 1 && [...deeper].every((name) => sideOfName(name) !== undefined);
}

function namesAt(files: readonly Unplaced[], deeper: number): Set<string> {
  return new Set(files.map((one) => nameAt(one, deeper)).filter((name) => name !== undefined));
}

/** The folder `deeper` levels under the one that is looked at. */
function nameAt({ file, level }: Unplaced, deeper: number): string | undefined {
  return level + deeper < file.parts.length - 1 ? file.parts[level + deeper] : undefined;
}

/** Those that are, and the others. */
function parted<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}
