// The files below a folder, sorted into images and others; what systems leave behind is passed over.

import { listFolder, openFile } from "#files";
import { imageFormatOfFile, supportedImageFormats } from "../../../formats/index.ts";

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

/** Lists what lies below a folder (its real path), sorted by path. Files whose names do not tell are told by their first bytes. */
export async function listImages(folder: string): Promise<ListedImages> {
  const images: ListedFile[] = [];
  const others: ListedFile[] = [];
  for (const path of await listFolder(folder)) {
    const parts = partsBelow(folder, path);
    if (parts.some((part) => LEFT_BEHIND.test(part))) continue;
    const file = { path, parts };
    if (await isImage(file)) images.push(file);
    else others.push(file);
  }
  return { images: images.filter(isNoCompanion(images)), others };
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
