// Writing a table as CSV (RFC 4180), a chunk at a time.

import {
  checkParameters,
  flag,
  type NumberValues,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  type SettingsOf,
  type Table,
  words,
} from "../../base/index.ts";
import { oneByte } from "./options.ts";

const csvWriteOptions = parameters({
  delimiter: oneByte.default(","),
  decimal: oneOf(".", ",").default("."),
  /** What stands for a missing value; a word that readers know, such as "NA", or nothing. */
  missing: words().default(""),
  /** "text": quote all text, so that readers can tell it from numbers and missing values. */
  quote: oneOf("needed", "text").default("needed"),
  newline: oneOf("\n", "\r\n").default("\n"),
  /** Begin with a byte order mark, which some spreadsheets need to see UTF-8. */
  byteOrderMark: flag().default(false),
  /**
   * What to do with text that a spreadsheet would run as a formula because it begins with =, +, -, @, a
   * tab or a return (CSV injection, CWE-1236). "keep" changes nothing; "disarm" puts an apostrophe before
   * it, which other programs will read as part of the text.
   */
  formulas: oneOf("keep", "disarm").default("keep"),
});

/** How to write a file of text. */
export type CsvWriteOptions = OptionsOf<typeof csvWriteOptions>;
type Settings = SettingsOf<typeof csvWriteOptions>;

/** Characters after which a chunk is handed out. */
const CHUNK_LENGTH = 2 ** 18;

/**
 * The file, UTF-8, in chunks. Numbers are spelled as briefly as reads back to the same value (a
 * float32 to the same float32); NaN is missing. Text is quoted where it must be. What may be meant
 * as a formula is written as it is, unless `formulas` says otherwise.
 * @throws RoentgenError "bad-option"; "value-missing" for a table without columns; "value-invalid" for text
 *   that no text file can hold (NUL, half a surrogate pair)
 */
export function writeCsv(table: Table, options: CsvWriteOptions = {}): Iterable<Uint8Array> {
  const settings = checkParameters(csvWriteOptions, options, "CSV writer");
  checkWritable(table, settings);
  return csvChunks(table, settings);
}

function* csvChunks({ rowCount, columns }: Table, settings: Settings): Generator<Uint8Array> {
  const { delimiter, newline } = settings;
  const encoder = new TextEncoder();
  const spellers = columns.map((column) =>
    column.kind === "number"
      ? numberSpeller(column.values, settings)
      : textSpeller(column.values, settings),
  );
  const names = columns.map(({ name }) => name);
  let chunk = settings.byteOrderMark ? "\uFEFF" : "";
  chunk += nameLine(names, settings) + newline;
  for (let row = 0; row < rowCount; row++) {
    let line = spellers[0](row);
    for (let index = 1; index < spellers.length; index++) line += delimiter + spellers[index](row);
    // An empty line would be no record.
    chunk += (line === "" ? "NA" : line) + newline;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield encoder.encode(chunk);
    chunk = "";
  }
  yield encoder.encode(chunk);
}

/** Names that could be taken for values are quoted, and so is Excel's "sep=". */
function nameLine(names: readonly string[], settings: Settings): string {
  const mayBeValues = names.every((name) => /^[\s\d.,eE+-]*$|^[+-]?inf/i.test(name));
  const quoteAll = settings.quote === "text" || mayBeValues || /^sep=/i.test(names[0]);
  return names.map((name) => spellText(name, settings, quoteAll)).join(settings.delimiter);
}

function numberSpeller(values: NumberValues, settings: Settings): (row: number) => string {
  const single = values instanceof Float32Array;
  const { missing } = settings;
  const comma = settings.decimal === ",";
  return (row) => {
    const value = values[row];
    if (Number.isNaN(value)) return missing;
    const spelled = spellNumber(single ? shortestSingle(value) : value);
    return comma ? spelled.replace(".", ",") : spelled;
  };
}

/** As briefly as possible; integers that a double may have rounded get an exponent to show it. */
function spellNumber(value: number): string {
  if (Number.isInteger(value)) {
    if (Number.isSafeInteger(value)) return Object.is(value, -0) ? "-0" : `${value}`;
    return value.toExponential();
  }
  if (Number.isFinite(value)) return `${value}`;
  return value > 0 ? "inf" : "-inf";
}

/** The double with the fewest digits among those that round to this float32 (9 always suffice). */
function shortestSingle(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

function textSpeller(values: readonly (string | null)[], settings: Settings) {
  const always = settings.quote === "text";
  return (row: number) => {
    const text = values[row];
    return text === null ? settings.missing : spellText(text, settings, always);
  };
}

/** Quoted where it must be: on the delimiter, quotes, line breaks, outer blanks, a byte order mark, nothing. */
function spellText(text: string, settings: Settings, always: boolean): string {
  if (text.includes("\0") || /\p{Surrogate}/u.test(text)) throw unwritable(text);
  if (settings.formulas === "disarm" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  const must = /["\n\r]|^$|^[\s\uFEFF]|\s$/.test(text) || text.includes(settings.delimiter);
  return must || always ? `"${text.replaceAll('"', '""')}"` : text;
}

function checkWritable(table: Table, { delimiter, decimal, missing }: Settings): void {
  if (delimiter === decimal) {
    throw new RoentgenError("bad-option", {
      problem: "A comma cannot be both the delimiter and the decimal mark",
      remedy: 'Give the delimiter ";" as spreadsheets do where the comma is the decimal mark.',
      subject: "decimal",
    });
  }
  if (/["\n\r]/.test(missing) || missing.includes(delimiter)) {
    throw new RoentgenError("bad-option", {
      problem: "The spelling of missing values cannot hold a quote, a line break or the delimiter",
      subject: "missing",
    });
  }
  if (table.columns.length > 0) return;
  throw new RoentgenError("value-missing", { problem: "Cannot write a table without columns" });
}

function unwritable(text: string): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: "Cannot write the table as text",
    expected: "text of whole Unicode characters without NUL",
    found: JSON.stringify(text.slice(0, 40)),
  });
}
