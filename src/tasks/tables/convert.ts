// A table or arrays from one file format to another.

import { pathKind, writeFileWhole } from "#files";
import { RoentgenError, type WorkOptions } from "../../base/index.ts";
import { type Data, writeData } from "../../formats/index.ts";
import { describeData, readPath } from "./inspect.ts";

export interface ConvertedFile {
  /** "569 rows, 30 columns". */
  readonly description: string;
  readonly notes: readonly string[];
}

/**
 * Converts a data file; the formats are told by the bytes of one and the ending of the other.
 * @throws RoentgenError where the file can't be read, the formats can't hold the same, or `to` exists
 */
export async function convertFile(
  from: string,
  to: string,
  { force = false, ...work }: WorkOptions & { force?: boolean } = {},
): Promise<ConvertedFile> {
  const data = await readPath(from, work);
  await writePath(to, data, { force });
  return { description: describeData(data), notes: data.notes };
}

/** Writes data in the format that the path's ending says. */
export async function writePath(
  path: string,
  data: Data,
  { force }: { force: boolean },
): Promise<void> {
  if (!force && (await pathKind(path)) !== "none") {
    throw new RoentgenError("write-failed", {
      problem: `There is a file at ${path} already`,
      remedy: "Choose another name, or give --force to replace it.",
      subject: path,
    });
  }
  await writeFileWhole(path, await writeData(data, path));
}
