// Reading Parquet into a table: footer, then column by column, its pages in order.

import {
  type ByteSource,
  type Column,
  makeTable,
  RoentgenError,
  type Table,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { type Cell, type ColumnBuilder, columnBuilder } from "../tables/column-builder.ts";
import { distinctNames } from "../tables/column-names.ts";
import { type ColumnMeaning, columnMeaning } from "./column-type.ts";
import { type ParquetLayout, readLayout } from "./metadata.ts";
import { chunkPages, type DataPage } from "./pages.ts";
import { decodeValues, type StoredValue } from "./values.ts";

/**
 * Reads a Parquet file of flat columns, in any of its compressions but LZO. Integers beyond ±(2^53 − 1)
 * and decimals of over 15 digits make their column text; booleans become "true" and "false", dates and
 * times ISO 8601 text; float and float16 stay Float32Array. Nulls are missing values, and so is NaN.
 * @throws RoentgenError "file-truncated", "file-corrupt"; "format-unsupported" naming the column where it
 *   holds lists, structures or other than numbers and text
 */
export async function readParquet(source: ByteSource, work: WorkOptions = {}): Promise<Table> {
  const layout = await readLayout(source);
  const names = distinctNames(layout.leaves.map(({ name }) => name));
  const columns: Column[] = [];
  for (let index = 0; index < layout.leaves.length; index++) {
    throwIfCancelled(work.signal, `Reading ${source.name}`);
    columns.push(await readColumn(source, layout, index, names[index]));
    work.onProgress?.({
      stage: `Reading ${source.name}`,
      done: index + 1,
      total: layout.leaves.length,
      unit: "columns",
    });
  }
  return makeTable(columns);
}

async function readColumn(
  source: ByteSource,
  { leaves, groups, rowCount }: ParquetLayout,
  index: number,
  name: string,
): Promise<Column> {
  const element = leaves[index];
  const meaning = columnMeaning(element, source.name);
  const builder = columnBuilder(name, rowCount, meaning);
  for (const group of groups) {
    const { start, byteLength, codec } = group.chunks[index];
    const bytes = await source.read(start, byteLength);
    const optional = element.repetition_type !== "REQUIRED";
    const chunk = { codec, optional, rowCount: group.rowCount, column: name, file: source.name };
    try {
      let dictionary: ArrayLike<StoredValue> | undefined;
      for (const page of chunkPages(bytes, chunk)) {
        if (page.kind === "dictionary") {
          const plain = { encoding: "PLAIN", count: page.valueCount, element };
          dictionary = decodeValues(page.values, plain, undefined);
        } else addPage(page, decodePage(page, element, dictionary), meaning, builder);
      }
    } catch (cause) {
      if (cause instanceof RoentgenError) throw cause;
      throw damaged(source.name, {
        found: `values of column "${name}" that cannot be decoded`,
        cause,
      });
    }
  }
  return builder.finish();
}

function decodePage(
  { encoding, valueCount, values }: DataPage,
  element: ParquetLayout["leaves"][number],
  dictionary: ArrayLike<StoredValue> | undefined,
): ArrayLike<StoredValue> {
  return decodeValues(values, { encoding, count: valueCount, element }, dictionary);
}

function addPage(
  { rowCount, present, encoding }: DataPage,
  values: ArrayLike<StoredValue>,
  { cell }: ColumnMeaning,
  builder: ColumnBuilder,
): void {
  const cellOf = encoding.endsWith("DICTIONARY") ? remembered(cell) : cell;
  let next = 0;
  for (let row = 0; row < rowCount; row++) {
    builder.add(present && present[row] === 0 ? null : cellOf(values[next++]));
  }
}

/** A dictionary's text comes again as the same bytes: each is decoded once. */
function remembered(cell: ColumnMeaning["cell"]): ColumnMeaning["cell"] {
  const known = new Map<StoredValue, Cell>();
  return (value) => {
    if (typeof value === "number") return cell(value);
    let found = known.get(value);
    if (found === undefined) {
      found = cell(value);
      known.set(value, found);
    }
    return found;
  };
}
