// A table or arrays from one file format to another.

import { writeFileWhole } from "#files";
import type { WorkOptions } from "../../base/index.ts";
import { type Data, writeData } from "../../formats/index.ts";
import { checkTarget } from "../check-target.ts";
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
  await checkTarget(to, { force, inputs: [from] });
  const data = await readPath(from, work);
  await writePath(to, data, { force, inputs: [from] });
  return { description: describeData(data), notes: data.notes };
}

/**
 * Writes data in the format that the path's ending says.
 * @param options.inputs files that were read for it, which are never written over
 * @throws RoentgenError "write-failed" where there is a file already and `force` is not given
 */
export async function writePath(
  path: string,
  data: Data,
  { force, inputs }: { force: boolean; inputs: readonly string[] },
): Promise<void> {
  await checkTarget(path, { force, inputs });
  await writeFileWhole(path, await writeData(data, path));
}
