// Looks into a data file without learning from it.

import { counted, type DType, type Table, type WorkOptions } from "../../base/index.ts";
import {
  type DataFile,
  type FormatName,
  inspectData,
  type MatEntry,
  readData,
  tableFromTensor,
} from "../../formats/index.ts";
import { withFile } from "../with-file.ts";
import { describeTable, type TableSummary } from "./describe.ts";

export interface InspectedFile {
  readonly format: FormatName;
  /** "569 rows, 30 columns". */
  readonly description: string;
  readonly arrays: readonly {
    readonly name: string;
    readonly dtype: DType;
    readonly shape: readonly number[];
  }[];
  /** Every variable of a MAT-file, those among them that are no arrays; none of other formats. */
  readonly variables: readonly MatEntry[];
  /** The table, or each array that can be seen as one. */
  readonly tables: readonly { readonly name?: string; readonly summary: TableSummary }[];
  readonly notes: readonly string[];
}

/** Arrays with more columns than this are listed, but not described column by column. */
const MOST_COLUMNS = 200;

/**
 * Reads a file and says what is in it.
 * @throws RoentgenError where it can't be read
 */
export async function inspectFile(path: string, work: WorkOptions = {}): Promise<InspectedFile> {
  const file = await withFile(path, (source) => inspectData(source, work));
  const arrays = file.kind === "table" ? [] : file.arrays;
  const tables =
    file.kind === "table"
      ? [{ summary: describeTable(file.table) }]
      : arrays.flatMap(({ name, tensor }) => {
          const plain =
            tensor.shape.length >= 1 &&
            tensor.shape.length <= 2 &&
            !tensor.dtype.startsWith("complex");
          if (!plain || (tensor.shape[1] ?? 1) > MOST_COLUMNS) return [];
          return [{ name, summary: describeTable(tableFromTensor(tensor)) }];
        });
  return {
    format: file.format,
    description: describeData(file),
    arrays: arrays.map(({ name, tensor }) => ({ name, dtype: tensor.dtype, shape: tensor.shape })),
    variables: file.variables,
    tables,
    notes: file.notes,
  };
}

/** Reads a data file of any format from a path. */
export async function readPath(path: string, work: WorkOptions = {}): Promise<DataFile> {
  return withFile(path, (source) => readData(source, work));
}

/** "569 rows, 30 columns" or "2 arrays". */
export function describeData(data: DataFile | { kind: "table"; table: Table }): string {
  if (data.kind === "table") {
    return `${counted(data.table.rowCount, "row")}, ${counted(data.table.columns.length, "column")}`;
  }
  return counted(data.arrays.length, "array");
}
