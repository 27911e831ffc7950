// Writes a data set that was read as a file: a table in any format of tables, or all of it as JSON.

import { realPath, writeFileWhole } from "#files";
import { RoentgenError } from "../../base/index.ts";
import type { CaseDataset } from "../cases/case-dataset.ts";
import type { ImageDataset } from "../images/image-dataset.ts";
import { caseManifest, imageManifest } from "./manifest-table.ts";

/**
 * Writes a row an image or a case; paths are relative to the file where they lie below its folder.
 * @param path .csv, .tsv, .parquet or .arrow for a table, .json for everything that is known
 * @throws RoentgenError "format-unsupported" for another ending; "write-failed"
 */
export async function writeManifest(
  dataset: ImageDataset | CaseDataset,
  path: string,
): Promise<void> {
  if (/\.json$/i.test(path)) {
    // What is unknown is NaN, which JSON has no word for.
    return writeFileWhole(path, `${JSON.stringify(dataset, plainNumbers, 1)}\n`);
  }
  if (!/\.(csv|tsv|parquet|arrow|feather)$/i.test(path)) throw unsupported(path);
  const folder = await realPath(path.match(/^(.*)[\\/]/)?.[1] || ".");
  const from = { from: folder };
  const table = "cases" in dataset ? caseManifest(dataset, from) : imageManifest(dataset, from);
  const { writeData } = await import("../../formats/index.ts");
  await writeFileWhole(path, await writeData({ kind: "table", table }, path));
}

function plainNumbers(_key: string, value: unknown): unknown {
  return value instanceof Float64Array || value instanceof Float32Array ? Array.from(value) : value;
}

function unsupported(path: string): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: `Cannot write a manifest to ${path}`,
    expected: "a name that ends in .csv, .tsv, .parquet, .arrow or .json",
    subject: path,
  });
}
