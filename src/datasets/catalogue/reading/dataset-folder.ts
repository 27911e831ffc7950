// A downloaded data set's folder, listed once: files are found by their name or the end of their path, wherever people
// unpacked the archives to.

import { pathKind } from "#files";
import { counted, RoentgenError } from "../../../base/index.ts";
import { type ListedFile, listFiles } from "../../images/folders/list-images.ts";

export interface FolderFile extends ListedFile {
  /** Relative to the folder, with "/" between its parts. */
  readonly name: string;
}

export interface DatasetFolder {
  readonly path: string;
  readonly files: readonly FolderFile[];
  /** The first file with one of these names. @throws RoentgenError "file-not-found" that says what the folder should hold */
  need(...names: string[]): FolderFile;
  /** The first file with one of these names, if there is one. */
  find(...names: string[]): FolderFile | undefined;
  /** The file whose path ends in these parts: "patient00001/study1/view1_frontal.jpg". */
  findByEnd(end: string): FolderFile | undefined;
}

/**
 * Lists a folder.
 * @param layout what a folder of the data set looks like, for the message when it doesn't
 */
export async function openDatasetFolder(
  path: string,
  { title, layout }: { title: string; layout: readonly string[] },
): Promise<DatasetFolder> {
  if ((await pathKind(path)) !== "folder") {
    throw new RoentgenError("file-not-found", {
      problem: `There is no folder at ${path}`,
      remedy: `Give the folder that ${title} was unpacked to.`,
      subject: path,
    });
  }
  const files = (await listFiles(path)).map((file) => ({ ...file, name: file.parts.join("/") }));
  const findByEnd = endFinder(files);
  const find = (...names: string[]) => names.map(findByEnd).find((file) => file !== undefined);
  return {
    path,
    files,
    find,
    findByEnd,
    need: (...names) => {
      const found = find(...names);
      if (found) return found;
      throw new RoentgenError("file-not-found", {
        problem: `${path} does not look like ${title}`,
        expected: `${names.join(" or ")} in it`,
        found: counted(files.length, "other file"),
        remedy: `A folder of it looks like this:\n  ${layout.join("\n  ")}`,
        subject: path,
      });
    },
  };
}

/** Finds by the last parts of a path; a table for each number of parts is made when it is first needed. */
function endFinder(files: readonly FolderFile[]): (end: string) => FolderFile | undefined {
  const tables = new Map<number, Map<string, FolderFile>>();
  return (end) => {
    const count = end.split("/").length;
    if (!tables.has(count)) tables.set(count, byEnd(files, count));
    return tables.get(count)?.get(end);
  };
}

/** Where two paths end alike the first one counts. */
function byEnd(files: readonly FolderFile[], count: number): Map<string, FolderFile> {
  const found = new Map<string, FolderFile>();
  for (const file of files) {
    const end = file.parts.slice(-count).join("/");
    if (file.parts.length >= count && !found.has(end)) found.set(end, file);
  }
  return found;
}
