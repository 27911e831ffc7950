// What is in a data file, for a person to look at: also what cannot be used as data.

import { type ByteSource, RoentgenError } from "../base/index.ts";
import type { DataFile } from "./data-file.ts";
import type { MatEntry } from "./mat/mat-entry.ts";
import { listMat } from "./mat/read-mat.ts";
import { formatOfFile, readData } from "./open.ts";

/** Contents of a file, and all variables of a MAT-file, whether or not they are arrays. */
export type InspectedData = DataFile & {
  /** In file order; none of other formats. */
  readonly variables: readonly MatEntry[];
};

/**
 * Reads as `readData` does. A MAT-file without anything that is an array (cells, struct arrays, objects,
 * function handles) is no error: its variables are listed, and a note says why they cannot be used.
 * @throws RoentgenError as `readData` does for files that cannot be read
 */
export async function inspectData(
  source: ByteSource,
  options: Parameters<typeof readData>[1] = {},
): Promise<InspectedData> {
  const format = options.format ?? (await formatOfFile(source));
  const variables = format === "mat" ? await listMat(source) : [];
  try {
    return { ...(await readData(source, options)), variables };
  } catch (error) {
    if (variables.length === 0 || !saysUnusable(error)) throw error;
    return { kind: "arrays", format, arrays: [], notes: [error.message], variables };
  }
}

function saysUnusable(error: unknown): error is RoentgenError {
  return (
    error instanceof RoentgenError &&
    (error.code === "type-mismatch" || error.code === "format-unsupported")
  );
}
