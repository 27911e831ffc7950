// The files below a folder, sorted into images and others; what systems leave behind is passed over.

import { listFolder, openFile } from "#files";
import { imageFormatOfFile, supportedImageFormats } from "../../../formats/images/index.ts";

/** A file, and the folders from the root to it. */
export interface ListedFile {
  readonly path: string;
  /** Folders below the root, then the file's name. */
  readonly parts: readonly string[];
}

export interface ListedImages {
  readonly images: readonly ListedFile[];
  /** Files that are no images. */
  readonly others: readonly ListedFile[];
}

/** Left behind by macOS, Windows, Synology and version control. */
const LEFT_BEHIND = /^(\..*|__MACOSX|Thumbs\.db|desktop\.ini|@eaDir|ehthumbs\.db|\$RECYCLE\.BIN)$/i;

const IMAGE_ENDINGS = supportedImageFormats
  .flatMap(({ extensions }) => extensions)
  .flatMap((ending) => [ending, `${ending}.gz`]);

/** Endings of documents and tables, which lie beside many data sets and are no images that failed. */
const OTHER_ENDINGS =
  /\.(txt|md|pdf|docx?|xlsx?|csv|tsv|jsonl?|parquet|arrow|feather|ya?ml|xml|html?|zip|gz|tar|py|ipynb|m|mat|npy|npz|h5|pth?|onnx|log)$/i;

/** Files that are looked into at a time. */
const AT_ONCE = 64;

/**
 * Lists the files below a folder (its real path), sorted by path, as images and others. Those whose names do not tell are told by
 * their first bytes.
 */
export async function listImages(folder: string): Promise<ListedImages> {
  const files = await listFiles(folder);
  const images: ListedFile[] = [];
  const others: ListedFile[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const are = await Promise.all(some.map(isImage));
    for (const [n, file] of some.entries()) (are[n] ? images : others).push(file);
  }
  return { images: images.filter(isNoCompanion(images)), others };
}

/** Lists the files below a folder, sorted by path, but for what systems leave behind. */
export async function listFiles(folder: string): Promise<ListedFile[]> {
  const files = (await listFolder(folder)).map((path) => ({
    path,
    parts: partsBelow(folder, path),
  }));
  return files.filter(({ parts }) => !parts.some((part) => LEFT_BEHIND.test(part)));
}

async function isImage({ path, parts }: ListedFile): Promise<boolean> {
  const name = (parts.at(-1) as string).toLowerCase();
  if (IMAGE_ENDINGS.some((ending) => name.endsWith(ending))) return true;
  if (OTHER_ENDINGS.test(name)) return false;
  const source = await openFile(path).catch(() => undefined);
  if (!source) return false;
  const format = await imageFormatOfFile(source).catch(() => undefined);
  await source.close();
  return format !== undefined;
}

/** The voxels of an Analyze or NIfTI pair (.img) are read with their header (.hdr). */
function isNoCompanion(images: readonly ListedFile[]): (file: ListedFile) => boolean {
  const paths = new Set(images.map(({ path }) => path));
  return ({ path }) => !(/\.img$/i.test(path) && paths.has(path.replace(/\.img$/i, ".hdr")));
}

/** Folder and file names between a folder and a path below it. */
function partsBelow(folder: string, path: string): string[] {
  return path
    .slice(folder.length)
    .split(/[\\/]/)
    .filter((part) => part !== "");
}
