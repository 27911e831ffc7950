// The dialect of a file from its first records: delimiter, decimal mark, and whether names come first.

import { RoentgenError } from "../../base/index.ts";
import type { CellDecoder } from "./encoding.ts";
import { parseNumber } from "./number.ts";
import { csvScanner } from "./scanner.ts";

/** In order of preference where several would do: a comma may be a decimal mark, so it comes last. */
const DELIMITERS = ["\t", ";", "|", ","] as const;

const utf8 = new TextDecoder();

/** The beginning of a file. */
export interface CsvSample {
  readonly bytes: Uint8Array;
  /** Whether these are all the bytes there are. */
  readonly whole: boolean;
  /** Byte that begins a comment line, or -1. */
  readonly comment: number;
  /** Of the file. */
  readonly name: string;
}

/** A record as text, and how many of its cells were quoted. */
export interface SampleRecord {
  readonly cells: readonly string[];
  readonly quoted: number;
}

/**
 * The delimiter that splits the sampled records into equally many cells, two or more; failing that, the
 * one that is most frequent in the first record; failing that, the comma.
 */
export function sniffDelimiter(sample: CsvSample): string {
  let best = ",";
  let most = 1;
  for (const delimiter of DELIMITERS) {
    const records = trySample(sample, delimiter);
    const count = records[0]?.cells.length ?? 0;
    if (count > 1 && records.every(({ cells }) => cells.length === count)) return delimiter;
    if (count > most) {
      best = delimiter;
      most = count;
    }
  }
  return best;
}

/** A comma where cells such as "1,5" occur and none such as "1.5". */
export function sniffDecimal(records: readonly SampleRecord[]): "." | "," {
  const cells = records.flatMap((record) => record.cells);
  const spelledWith = (mark: RegExp) => cells.some((cell) => mark.test(cell.trim()));
  return spelledWith(/^[+-]?\d*,\d+(e[+-]?\d+)?$/i) && !spelledWith(/^[+-]?\d*\.\d+(e[+-]?\d+)?$/i)
    ? ","
    : ".";
}

/**
 * Names, unless the first record holds numbers and else only empty cells. Numbers that are all quoted
 * where those of the next record aren't are names too.
 */
export function sniffHeader(records: readonly SampleRecord[], decimal: "." | ","): boolean {
  const [{ cells, quoted }, next] = records;
  const numbers = cells.filter((cell) => spellsNumber(cell, decimal)).length;
  const empty = cells.filter((cell) => cell.trim() === "").length;
  if (numbers === 0 || numbers + empty < cells.length) return true;
  return quoted === cells.length && (next === undefined || next.quoted < cells.length);
}

/** Whether the cell is a number, counting those that are kept as text for their digits. */
export function spellsNumber(cell: string, decimal: "." | ","): boolean {
  if (/^\s*[+-]?\d+\s*$/.test(cell)) return true;
  const bytes = new TextEncoder().encode(cell);
  return !Number.isNaN(parseNumber(bytes, 0, bytes.length, decimal.charCodeAt(0)));
}

/** The first records of a sample; the last, perhaps cut off, only where the sample is the whole file. */
export function sampleRecords(
  { bytes: sampled, whole, comment, name }: CsvSample,
  delimiter: string,
  { most = Number.POSITIVE_INFINITY, decode = decodeRoughly }: SampleTaking = {},
): SampleRecord[] {
  const records: SampleRecord[] = [];
  let cells: string[] = [];
  let quotedCells = 0;
  const scanner = csvScanner(
    { delimiter: delimiter.charCodeAt(0), comment, name },
    {
      cell(_column, line, bytes, start, end, quoted) {
        cells.push(decode(bytes, start, end, line));
        if (quoted) quotedCells++;
      },
      endRecord() {
        records.push({ cells, quoted: quotedCells });
        cells = [];
        quotedCells = 0;
        return records.length < most;
      },
    },
  );
  scanner.scan(sampled, whole);
  return records;
}

interface SampleTaking {
  readonly most?: number;
  readonly decode?: CellDecoder["decode"];
}

/** Good enough to tell numbers by. */
function decodeRoughly(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end));
}

/** No records where the delimiter makes nonsense of the quotes. */
function trySample(sample: CsvSample, delimiter: string): SampleRecord[] {
  try {
    return sampleRecords(sample, delimiter);
  } catch (error) {
    if (error instanceof RoentgenError) return [];
    throw error;
  }
}
