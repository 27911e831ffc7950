// What can be said about a CSV file before it is read, and what the reader found out by itself.

import {
  anyOf,
  flag,
  integer,
  type OptionsOf,
  oneOf,
  parameters,
  rules,
  type SettingsOf,
  type Table,
  words,
} from "../../base/index.ts";

/**
 * Spellings that mean a missing value: those of pandas.read_csv (2.0), and the "?", "-" and "." of UCI, SPSS
 * and SAS files. An empty cell is always missing. Case counts, blanks around don't.
 */
export const MISSING_WORDS = [
  ...["#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "1.#IND", "1.#QNAN", "-NaN", "-nan"],
  ...["<NA>", "N/A", "n/a", "NA", "NaN", "nan", "NULL", "null", "None", "?", "-", "."],
] as const;

/** What may stand between cells or begin a comment: nothing that numbers, names or quotes are made of. */
export const oneByte = rules
  .string()
  .refine((text) => text.length === 1 && "\t ,;:|!#$%&*/<=>?@^_~".includes(text), {
    error: "one of tab, blank and ,;:|!#$%&*/<=>?@^_~",
  });

export const csvOptions = parameters({
  /** What stands between cells; found from the first records where "auto". */
  delimiter: anyOf(
    '"auto", or one of tab, blank and ,;:|!#$%&*/<=>?@^_~',
    rules.literal("auto"),
    oneByte,
  ).default("auto"),
  /** Decimal mark; a comma is considered only where it isn't the delimiter. */
  decimal: oneOf("auto", ".", ",").default("auto"),
  /** Whether the first record holds the names. "auto": unless every cell of it is a number. */
  header: anyOf('"auto", true or false', rules.literal("auto"), flag()).default("auto"),
  /** "auto": by byte order mark, else UTF-8, else Windows-1252 (of which Latin-1 is a part). */
  encoding: oneOf("auto", "utf-8", "utf-16le", "utf-16be", "windows-1252").default("auto"),
  /** Lines that begin with this character are skipped; none by default. */
  comment: anyOf("one of #%;!*/@ or the like, or null", oneByte, rules.null()).default(null),
  /** Spellings of a missing value, in place of `MISSING_WORDS`; an empty cell always is one. */
  missing: rules.array(words()).readonly().default(MISSING_WORDS),
  /** "text": a quoted cell is text even where it is empty or spells a number, NA or true. */
  quoted: oneOf("any", "text").default("any"),
  /** Kinds of columns by name, where inference is not wanted: patient ids as "text". */
  types: rules.record(words(), oneOf("number", "text")).default({}),
  /** Bytes read at a time. */
  chunkBytes: integer({ min: 1 }).default(2 ** 22),
});

/** How to read a file of text; what is left out is found out from the file. */
export type CsvOptions = OptionsOf<typeof csvOptions>;
export type CsvSettings = SettingsOf<typeof csvOptions>;

/** How a file was understood. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly decimal: "." | ",";
  /** Whether the first record held names; if not, the columns are called x1, x2, … */
  readonly header: boolean;
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
}

/** A table, how its file was understood, and what its reader should know about that, as sentences. */
export interface CsvTable extends Table {
  readonly dialect: CsvDialect;
  readonly notes: readonly string[];
}
