// The images that paths on a command line mean: files, folders of files, folders of DICOM series.

import { pathKind, realPath } from "#files";
import { RoentgenError } from "../../base/index.ts";
import { type ListedFile, listImages, withoutMasks } from "../../datasets/images/samples.ts";
import { imageFormatOfFile } from "../../formats/images/index.ts";
import { withFile } from "../with-file.ts";

export interface FoundImages {
  readonly paths: readonly string[];
  /** Files in folders that are no images, or masks of some. */
  readonly others: readonly string[];
}

/**
 * A file is an image, readable or not; a folder stands for all images below it but their masks. For a model of volumes DICOM
 * files that lie in one folder are one image.
 * @throws RoentgenError "file-not-found" for a path that is not there, "value-missing" where there is no image
 */
export async function findImages(
  given: readonly string[],
  { axes }: { axes: number },
): Promise<FoundImages> {
  const paths: string[] = [];
  const others: string[] = [];
  for (const path of given) {
    const kind = await pathKind(path);
    if (kind === "none") throw notThere(path);
    if (kind === "file") {
      paths.push(path);
      continue;
    }
    const listed = withoutMasks(await listImages(await realPath(path)));
    const named = (files: readonly ListedFile[]) => files.map((file) => pathBelow(path, file));
    paths.push(...(axes === 3 ? await seriesTogether(named(listed.images)) : named(listed.images)));
    others.push(...named(listed.others));
  }
  const distinct = [...new Set(paths)];
  if (distinct.length > 0) return { paths: distinct, others };
  throw new RoentgenError("value-missing", {
    problem: "There is nothing to look at",
    expected: "images",
    found: `none in ${given.join(", ")}`,
    remedy: "`roentgen inspect` shows what can be read of a folder.",
  });
}

/** As whoever named the folder would write it. */
function pathBelow(folder: string, { parts }: ListedFile): string {
  return `${folder.replace(/[\\/]+$/, "")}/${parts.join("/")}`;
}

/** The folders of DICOM files, each once, and other files. */
async function seriesTogether(files: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const file of files) {
    const format = await withFile(file, imageFormatOfFile).catch(() => undefined);
    paths.push(format === "dicom" ? file.slice(0, file.lastIndexOf("/")) : file);
  }
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1);
  // A DICOM file that lies alone may be a volume of many frames.
  return paths.map((path, at) => (counts.get(path) === 1 ? files[at] : path));
}

function notThere(path: string): RoentgenError {
  return new RoentgenError("file-not-found", {
    problem: `There is no file or folder at ${path}`,
    remedy: "Check the path.",
    subject: path,
  });
}
