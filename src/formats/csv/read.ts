// Reading CSV, TSV and their kin (RFC 4180 and what spreadsheets make of it) into a table, in one pass
// over the bytes, a chunk at a time, so that a file needs little more memory than its values.

import {
  type ByteSource,
  checkParameters,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import { type ColumnRules, finishColumn } from "./column.ts";
import { columnsToRestore, growingTable, restoringSink } from "./growing-table.ts";
import { columnNames } from "./names.ts";
import { parseNumber } from "./number.ts";
import { type CsvOptions, type CsvSettings, type CsvTable, csvOptions } from "./options.ts";
import { csvScanner } from "./scanner.ts";
import { type CsvText, joinBytes, openText } from "./text-input.ts";

/**
 * Reads a CSV file. What isn't said in the options is found out, and stated in `dialect` and `notes`.
 *
 * A column is numbers if all its cells are, missing ones aside; else text as it is spelled. Integers
 * with leading zeros (identifiers) and beyond ±(2^53 − 1) make their column text, and a column of "true"
 * and "false" in any usual case gets those spellings. Thousands separators, percentages and dates are
 * not guessed: text. Names are trimmed; where repeated or empty they become what pandas makes of them
 * ("a.1", "Unnamed: 0"). Blank lines are skipped. A record of too few or too many cells is an error.
 *
 * The file is read once, except where a column turns out to be text after it held numbers ("<0.01"
 * after a thousand values): the rows before are read again, to keep their spelling.
 *
 * @throws RoentgenError "file-corrupt" (ragged records, quotes, encoding), "format-unknown" (binary),
 *   "value-missing" (no records), "type-mismatch" (text in a column that was asked to be numbers)
 */
export async function readCsv(
  source: ByteSource,
  options: CsvOptions = {},
  work: WorkOptions = {},
): Promise<CsvTable> {
  const settings = checkParameters(csvOptions, options, "CSV reader");
  const text = await openText(source, settings);
  const rules = columnRules(settings, text, source.name);
  const { names, notes } = columnNames(text.first, text.dialect);
  const { header } = text.dialect;
  const expectedRows = Math.ceil((1.05 * source.byteLength) / text.recordBytes);
  const table = growingTable(names, settings.types, rules, { header, expectedRows });
  await scanText(text, table.sink, source, work);
  if (columnsToRestore(table.columns).length > 0) {
    await scanText(text, restoringSink(table.columns, rules, { header }), source, work);
  }
  const wide = text.dialect.encoding.startsWith("utf-16");
  const encoding = wide ? text.dialect.encoding : rules.decoder.encoding;
  return {
    rowCount: table.rowCount,
    columns: table.columns.map((column) => finishColumn(column, table.rowCount)),
    dialect: { ...text.dialect, encoding },
    notes: [...notes, ...encodingNotes(settings, encoding)],
  };
}

function columnRules(
  settings: CsvSettings,
  { dialect, decoder }: CsvText,
  file: string,
): ColumnRules {
  const { missing } = settings;
  const decimal = dialect.decimal.charCodeAt(0);
  const numbers = missing.map((word) => {
    const bytes = new TextEncoder().encode(word);
    return parseNumber(bytes, 0, bytes.length, decimal);
  });
  return {
    decimal,
    missing: new Set(missing),
    missingNumbers: new Set(numbers.filter((value) => !Number.isNaN(value))),
    longestMissing: Math.max(0, ...missing.map((word) => word.length)),
    quotedIsText: settings.quoted === "text",
    decoder,
    file,
  };
}

async function scanText(
  text: CsvText,
  sink: Parameters<typeof csvScanner>[1],
  source: ByteSource,
  { signal, onProgress }: WorkOptions,
): Promise<void> {
  const scanner = csvScanner(text.scanner, sink);
  let rest: Uint8Array = new Uint8Array(0);
  let done = 0;
  for await (const chunk of text.chunks()) {
    throwIfCancelled(signal, `Reading ${source.name}`);
    const bytes = joinBytes(rest, chunk);
    rest = bytes.subarray(scanner.scan(bytes, false));
    if (scanner.stopped) return;
    done = Math.min(done + chunk.length, source.byteLength);
    onProgress?.({
      stage: `Reading ${source.name}`,
      done,
      total: source.byteLength,
      unit: "bytes",
    });
  }
  scanner.scan(rest, true);
}

function encodingNotes(settings: CsvSettings, encoding: string): string[] {
  if (settings.encoding !== "auto" || encoding !== "windows-1252") return [];
  return [
    "The file is not UTF-8; its text was read as Windows-1252 (Latin-1). If letters look wrong, save it as UTF-8.",
  ];
}
