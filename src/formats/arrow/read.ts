// Reading Arrow IPC files and streams, Feather version 2 among them, into a table.

import { type RecordBatch, RecordBatchReader, type Schema } from "apache-arrow";
import {
  type ByteSource,
  makeTable,
  RoentgenError,
  type Table,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { checkClaim } from "../tables/claims.ts";
import { type ColumnBuilder, columnBuilder } from "../tables/column-builder.ts";
import { distinctNames } from "../tables/column-names.ts";
import { type ColumnMeaning, columnMeaning, validity } from "./column-type.ts";
import { registerCompressions } from "./compression.ts";
import { checkArrow } from "./messages.ts";

interface Batches {
  readonly schema: Schema;
  readonly batches: readonly RecordBatch[];
}

/**
 * Reads an Arrow file or stream of flat columns, LZ4 and Zstandard included. Integers beyond ±(2^53 − 1)
 * and decimals of over 15 digits make their column text; booleans become "true" and "false", dates and
 * times ISO 8601 text; float32 and float16 stay Float32Array; dictionaries become what they stand for.
 * @throws RoentgenError "file-truncated", "file-corrupt"; "format-unsupported" naming the column where it
 *   holds lists, structures or other than numbers and text, and for Feather version 1
 */
export async function readArrow(source: ByteSource, work: WorkOptions = {}): Promise<Table> {
  registerCompressions();
  try {
    return tableOf(await readBatches(source, work), source);
  } catch (cause) {
    if (cause instanceof RoentgenError) throw cause;
    throw damaged(source.name, { found: "Arrow data that cannot be decoded", cause });
  }
}

/** The library decodes a batch as views of the bytes. */
async function readBatches(source: ByteSource, { signal }: WorkOptions): Promise<Batches> {
  const bytes = await source.read(0, source.byteLength);
  throwIfCancelled(signal, `Reading ${source.name}`);
  checkArrow(bytes, source.name);
  const reader = RecordBatchReader.from(bytes).open();
  const { schema } = reader; // gone once all batches are read
  if (!schema) throw damaged(source.name, { found: "no schema" });
  return { schema, batches: [...reader] };
}

function tableOf({ schema, batches }: Batches, source: ByteSource): Table {
  const rowCount = batches.reduce((sum, batch) => sum + batch.numRows, 0);
  checkClaim(8 * rowCount * schema.fields.length, source.byteLength, source.name);
  const names = distinctNames(schema.fields.map((field) => field.name));
  const columns = schema.fields.map((field, index) => {
    const meaning = columnMeaning(field, source.name);
    const builder = columnBuilder(names[index], rowCount, meaning);
    for (const batch of batches) addBatch(batch, index, meaning, builder);
    return builder.finish();
  });
  return makeTable(columns);
}

function addBatch(
  batch: RecordBatch,
  index: number,
  meaning: ColumnMeaning,
  builder: ColumnBuilder,
): void {
  if (batch.numRows === 0) return;
  const data = batch.data.children[index];
  if (data?.length !== batch.numRows) throw new RangeError("fewer values than rows");
  const cell = meaning.reader(data);
  const valid = validity(data);
  for (let row = 0; row < data.length; row++) builder.add(valid(row) ? cell(row) : null);
}
