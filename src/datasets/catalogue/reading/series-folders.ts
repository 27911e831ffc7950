// Folders that hold the files of one DICOM series each.

import type { DatasetFolder, FolderFile } from "./dataset-folder.ts";

/** A folder that stands for an image. */
export interface SeriesFolder extends FolderFile {
  readonly files: readonly FolderFile[];
}

/** Folders in which files with such names lie, by their relative name. */
export function foldersOfFiles(
  { files }: DatasetFolder,
  pattern: RegExp,
): Map<string, SeriesFolder> {
  const folders = new Map<string, SeriesFolder & { files: FolderFile[] }>();
  for (const file of files) {
    if (!pattern.test(file.name)) continue;
    const parts = file.parts.slice(0, -1);
    const name = parts.join("/");
    const known = folders.get(name);
    const path = file.path.slice(0, -(file.parts.at(-1) as string).length - 1);
    if (known) known.files.push(file);
    else folders.set(name, { path, name, parts, files: [file] });
  }
  return folders;
}
