// A column as it grows: numbers for as long as every cell is one, text from the first cell that isn't.

import { type Column, RoentgenError } from "../../base/index.ts";
import type { CellDecoder } from "./encoding.ts";
import { parseNumber } from "./number.ts";

export interface ColumnRules {
  /** Byte of the decimal mark. */
  readonly decimal: number;
  readonly missing: ReadonlySet<string>;
  /** Those of `missing` that are numbers, such as -999: in columns of numbers they count by value. */
  readonly missingNumbers: ReadonlySet<number>;
  /** Length of the longest of `missing`. */
  readonly longestMissing: number;
  readonly quotedIsText: boolean;
  readonly decoder: CellDecoder;
  readonly file: string;
}

export interface GrowingColumn {
  readonly name: string;
  readonly asked: "number" | "text" | undefined;
  kind: "number" | "text";
  numbers: Float64Array;
  texts: (string | null)[];
  /** Whether a number was seen before the first text. */
  sawNumber: boolean;
  /** Row of the first text; the numbers before it must be read again as text if there were any. */
  firstText: number;
}

export function growingColumn(name: string, asked: "number" | "text" | undefined): GrowingColumn {
  return {
    name,
    asked,
    kind: asked ?? "number",
    numbers: new Float64Array(asked === "text" ? 0 : 64),
    texts: [],
    sawNumber: false,
    firstText: 0,
  };
}

/** Makes room for this many rows. */
export function reserveRows(column: GrowingColumn, rows: number): void {
  if (column.kind !== "number" || column.numbers.length >= rows) return;
  const grown = new Float64Array(rows);
  grown.set(column.numbers);
  column.numbers = grown;
}

/** Adds the cell of a row; rows come in order. */
export function addCell(
  column: GrowingColumn,
  rules: ColumnRules,
  row: number,
  line: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  quoted: boolean,
): void {
  if (column.kind === "number") {
    if (start === end && !(quoted && rules.quotedIsText)) {
      setNumber(column, row, Number.NaN);
      return;
    }
    const value =
      quoted && rules.quotedIsText ? Number.NaN : parseNumber(bytes, start, end, rules.decimal);
    if (!Number.isNaN(value)) {
      if (rules.missingNumbers.size > 0 && rules.missingNumbers.has(value)) {
        setNumber(column, row, Number.NaN);
        return;
      }
      setNumber(column, row, value);
      column.sawNumber = true;
      return;
    }
    const text = cellText(rules, line, bytes, start, end, quoted);
    if (text === null) setNumber(column, row, Number.NaN);
    else becomeText(column, rules, row, line, text);
    return;
  }
  column.texts.push(cellText(rules, line, bytes, start, end, quoted));
}

/** A cell as text, null where it is missing. */
export function cellText(
  rules: ColumnRules,
  line: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  quoted: boolean,
): string | null {
  if (quoted && rules.quotedIsText) return rules.decoder.decode(bytes, start, end, line);
  if (start === end) return null;
  const text = rules.decoder.decode(bytes, start, end, line);
  // The blanks around a word are few; a long cell can't be one of the words.
  if (end - start > rules.longestMissing + 16) return text;
  const word = text.trim();
  return word === "" || rules.missing.has(word) ? null : text;
}

/** The finished column. A column of nothing but true and false (in any usual case) gets one spelling. */
export function finishColumn(column: GrowingColumn, rowCount: number): Column {
  const { name, numbers, texts } = column;
  if (column.kind === "number") {
    const values = numbers.length === rowCount ? numbers : numbers.slice(0, rowCount);
    return { kind: "number", name, values };
  }
  const values = column.asked === undefined && texts.every(isTruthWord) ? lowerCase(texts) : texts;
  return { kind: "text", name, values };
}

function setNumber(column: GrowingColumn, row: number, value: number): void {
  if (row >= column.numbers.length) reserveRows(column, 2 * row);
  column.numbers[row] = value;
}

function becomeText(
  column: GrowingColumn,
  rules: ColumnRules,
  row: number,
  line: number,
  text: string,
): void {
  if (column.asked === "number") {
    const whole = wholeNumber(text);
    if (whole !== undefined) {
      setNumber(column, row, whole);
      return;
    }
    throw new RoentgenError("type-mismatch", {
      problem: `Cannot read column "${column.name}" of ${rules.file} as numbers`,
      found: `${JSON.stringify(text.slice(0, 40))} on line ${line}`,
      remedy: "Correct the cell, or list its spelling among those of missing values.",
      subject: column.name,
    });
  }
  column.kind = "text";
  column.firstText = row;
  column.numbers = new Float64Array(0);
  column.texts = new Array<string | null>(row).fill(null);
  column.texts.push(text);
}

/** What would be an identifier in a column that nobody asked to be numbers: "007". */
function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^\s*[+-]?\d+\s*$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

function isTruthWord(text: string | null): boolean {
  return text === null || /^(true|True|TRUE|false|False|FALSE)$/.test(text);
}

function lowerCase(texts: readonly (string | null)[]): (string | null)[] {
  return texts.map((text) => text?.toLowerCase() ?? null);
}
