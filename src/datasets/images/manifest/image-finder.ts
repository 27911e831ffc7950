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
      pick(byName.get(name), parts, keyOf) ??
      pick(byStem.get(name), parts, (part) => stemOf(keyOf(part)))
    );
  }

  return { find, files };
}

/** The only file of several whose folders are those of the entry, as far as both go. */
function pick(
  candidates: readonly ListedFile[] | undefined,
  parts: readonly string[],
  ofName: (name: string) => string,
): string | undefined {
  if (!candidates) return undefined;
  if (candidates.length === 1 && parts.length === 1) return candidates[0].path;
  const shared = candidates.map((file) => sharedFolders(file.parts, parts));
  const most = Math.max(...shared);
  const best = candidates.filter((_, at) => shared[at] === most);
  // Folders that contradict each other are those of another file; one name in all is enough.
  const isSure = best.length === 1 && (candidates.length === 1 || most > 0);
  return isSure && ofName(best[0].parts.at(-1) as string) !== "" ? best[0].path : undefined;
}

/** How many folders directly above the files are alike. */
function sharedFolders(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared + 1 < Math.min(a.length, b.length)) {
    if (keyOf(a[a.length - 2 - shared]) !== keyOf(b[b.length - 2 - shared])) break;
    shared += 1;
  }
  return shared;
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
