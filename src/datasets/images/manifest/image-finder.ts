// Which file a table's entry means: by its path, by its end, or by its name without the ending.

import type { ListedFile } from "../folders/list-images.ts";

/** Finds files by what tables write of them. */
export interface ImageFinder {
  /** Undefined where nothing fits, or several files do. */
  find(entry: string): string | undefined;
  readonly files: readonly ListedFile[];
}

/**
 * An entry may be an absolute path, a path from the folder or from any folder below or above it ("CheXpert-v1.0/train/a.jpg"
 * where the folder holds train/a.jpg), a file's name with or without its ending, or a folder of one DICOM series.
 */
export function imageFinder(files: readonly ListedFile[]): ImageFinder {
  const byPath = new Map(files.map(({ path }) => [withSlashes(path), path]));
  const byName = new Map<string, ListedFile[]>();
  const byStem = new Map<string, ListedFile[]>();
  const byFolder = new Map<string, ListedFile[]>();
  for (const folder of foldersOf(files))
    add(byFolder, keyOf(folder.parts.at(-1) as string), folder);
  for (const file of files) {
    const name = keyOf(file.parts.at(-1) as string);
    add(byName, name, file);
    add(byStem, stemOf(name), file);
  }

  function find(entry: string): string | undefined {
    const wanted = withSlashes(entry.trim());
    const exact = byPath.get(wanted);
    if (exact) return exact;
    const parts = wanted.split("/").filter((part) => part !== "" && part !== ".");
    const name = keyOf(parts.at(-1) ?? "");
    return (
      pick(byName.get(name), parts) ??
      pick(byStem.get(name), parts) ??
      pick(byFolder.get(name), parts)
    );
  }

  return { find, files };
}

/** The one candidate of which all folders agree with the entry's, as far as the shorter path goes. */
function pick(
  candidates: readonly ListedFile[] | undefined,
  parts: readonly string[],
): string | undefined {
  const fitting = candidates?.filter((file) => agree(file.parts, parts)) ?? [];
  return fitting.length === 1 ? fitting[0].path : undefined;
}

/** Whether the folders above two names are alike from the last to the first of the shorter path. */
function agree(a: readonly string[], b: readonly string[]): boolean {
  for (let above = 2; above <= Math.min(a.length, b.length); above++) {
    if (keyOf(a[a.length - above]) !== keyOf(b[b.length - above])) return false;
  }
  return true;
}

/** Folders that hold files directly; a DICOM series is one. */
function foldersOf(files: readonly ListedFile[]): ListedFile[] {
  const folders = new Map<string, ListedFile>();
  for (const { path, parts } of files) {
    if (parts.length < 2) continue;
    const folder = path.slice(0, path.length - (parts.at(-1) as string).length - 1);
    folders.set(folder, { path: folder, parts: parts.slice(0, -1) });
  }
  return [...folders.values()];
}

function add(index: Map<string, ListedFile[]>, key: string, file: ListedFile): void {
  const there = index.get(key);
  if (there) there.push(file);
  else index.set(key, [file]);
}

function keyOf(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function stemOf(name: string): string {
  return name.replace(/(?<=.)(\.nii\.gz|\.[^.]*)$/, "");
}

function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
