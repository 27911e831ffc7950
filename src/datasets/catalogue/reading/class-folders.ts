// Data sets that lie in a folder for each class, with folders for the sides of the split above them.

import { sideOfName } from "../../images/folders/side-names.ts";
import type { ListedImage } from "./collect-images.ts";
import type { DatasetFolder, FolderFile } from "./dataset-folder.ts";

/** A class and the names that its folder has in the editions of the data set, in lower case. */
interface ClassFolder {
  readonly name: string;
  readonly folders: readonly string[];
}

export interface ClassFolderOptions {
  readonly classes: readonly ClassFolder[];
  /** Which files are images. */
  readonly isImage?: (file: FolderFile) => boolean;
  /** Looks no further than a folder of this name, if there is one: archives may hold two data sets. */
  readonly within?: string;
}

/** Images of the classes, in the order of the folder; archives that hold everything twice give each image once. */
export function listClassFolders(
  folder: DatasetFolder,
  { classes, isImage = isPicture, within }: ClassFolderOptions,
): ListedImage[] {
  const numbers = new Map(
    classes.flatMap(({ folders }, number) => folders.map((name) => [name, number] as const)),
  );
  const bounded = within !== undefined && folder.files.some(({ parts }) => parts.includes(within));
  const seen = new Set<string>();
  return folder.files.flatMap((file): ListedImage[] => {
    if (!isImage(file) || (bounded && !file.parts.includes(within as string))) return [];
    const folders = file.parts.slice(0, -1).map((part) => part.toLowerCase());
    const level = folders.findLastIndex((name) => numbers.has(name));
    if (level < 0) return [];
    const target = numbers.get(folders[level]);
    const side = folders.map(sideOfName).findLast((one) => one !== undefined);
    const key = JSON.stringify([side, target, file.parts.slice(level + 1)]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ listedAs: file.name, file, target, ...(side && { side }) }];
  });
}

/** Whether a file is a picture, by its name. */
export function isPicture({ name }: FolderFile): boolean {
  return /\.(png|jpe?g|bmp|tiff?|gif|webp)$/i.test(name);
}
