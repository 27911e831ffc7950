// Cells and records of delimited text, found in bytes as they come (RFC 4180, and what is met in practice:
// any one-byte delimiter, LF, CRLF or CR, blank lines between records).

import { RoentgenError } from "../../base/index.ts";

const QUOTE = 34;
const LF = 10;
const CR = 13;

/** More than this in one cell is a quote that was never closed. */
const LONGEST_CELL = 16 * 2 ** 20;

export interface CsvSink {
  /** A cell's bytes, without its quotes. They are valid only during the call. */
  cell(
    column: number,
    line: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    quoted: boolean,
  ): void;
  /** After a record's last cell; `line` is where it began, from 1. False ends the scan. */
  endRecord(cells: number, line: number): boolean;
}

export interface CsvScanner {
  /**
   * Scans bytes and returns how many of them are done with; the rest is to be given again, with more
   * after it. `last` says that no more will come.
   */
  scan(bytes: Uint8Array, last: boolean): number;
  /** Whether the sink ended the scan. */
  readonly stopped: boolean;
  /** Line (from 1) of what is being scanned. */
  readonly line: number;
}

export interface ScannerSettings {
  /** Byte between cells. */
  readonly delimiter: number;
  /** Byte that makes a line a comment where it comes first, or -1. */
  readonly comment: number;
  /** Of the file, for messages. */
  readonly name: string;
  /** Number of the first line. */
  readonly firstLine?: number;
}

/**
 * A scanner for bytes in any encoding that extends ASCII.
 * @throws RoentgenError "file-corrupt" from `scan`: text after a closing quote, a quote never closed
 */
export function csvScanner(
  { delimiter, comment, name, firstLine = 1 }: ScannerSettings,
  sink: CsvSink,
): CsvScanner {
  let line = firstLine;
  let recordLine = firstLine;
  let column = 0;
  let stopped = false;
  let scratch = new Uint8Array(256);

  function scan(bytes: Uint8Array, last: boolean): number {
    const length = bytes.length;
    let at = 0;
    while (at < length && !stopped) {
      if (column === 0) {
        const next = skipEmpty(bytes, at, last);
        if (next !== at) {
          if (next < 0) return unfinished(at, length);
          at = next;
          continue;
        }
        recordLine = line;
      }
      const next = bytes[at] === QUOTE ? quotedCell(bytes, at, last) : plainCell(bytes, at, last);
      if (next < 0) return unfinished(at, length);
      at = next;
    }
    if (last && column > 0 && !stopped) {
      sink.cell(column++, recordLine, bytes, length, length, false); // the file ends after a delimiter
      finishRecord();
    }
    return at;
  }

  /** Position after blank and comment lines; `at` where there are none, -1 where more bytes are needed. */
  function skipEmpty(bytes: Uint8Array, at: number, last: boolean): number {
    if (bytes[at] === LF || bytes[at] === CR) return afterNewline(bytes, at, last);
    if (bytes[at] !== comment) return at;
    while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
    if (at === bytes.length) return last ? at : -1;
    return afterNewline(bytes, at, last);
  }

  function plainCell(bytes: Uint8Array, start: number, last: boolean): number {
    const length = bytes.length;
    let at = start;
    let byte = 0;
    while (at < length) {
      byte = bytes[at];
      if (byte === delimiter || byte === LF || byte === CR) break;
      at++;
    }
    return endCell(bytes, start, at, at, false, last);
  }

  function quotedCell(bytes: Uint8Array, start: number, last: boolean): number {
    const length = bytes.length;
    let doubled = 0;
    let lines = 0;
    let at = start + 1;
    for (; at < length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (at + 1 === length || bytes[at + 1] !== QUOTE) break;
        doubled++;
        at++;
      } else if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) lines++;
    }
    if (at === length && last) throw unclosed();
    if (at + 1 >= length && !last) return -1;
    const close = at;
    at++;
    while (at < length && bytes[at] === 32 && delimiter !== 32) at++;
    if (at < length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) {
      throw new RoentgenError("file-corrupt", {
        problem: `Cannot read ${name}: line ${line + lines} has text after a closing quote`,
        remedy:
          'A quote inside a quoted cell must be doubled (""). Correct the line or the export.',
        subject: name,
      });
    }
    return endCell(bytes, start + 1, close, at, true, last, lines, doubled);
  }

  /** Hands the cell over once it is certain where it ends; -1 where it isn't yet. */
  function endCell(
    bytes: Uint8Array,
    start: number,
    end: number,
    at: number,
    quoted: boolean,
    last: boolean,
    lines = 0,
    doubled = 0,
  ): number {
    const length = bytes.length;
    if (at === length && !last) return -1;
    let next = at + 1;
    const ends = at === length || bytes[at] !== delimiter;
    if (ends && at < length && bytes[at] === CR) {
      if (next === length && !last) return -1;
      if (bytes[next] === LF) next++;
    }
    if (doubled > 0) {
      const size = collapseQuotes(bytes, start, end);
      sink.cell(column++, recordLine, scratch, 0, size, true);
    } else sink.cell(column++, recordLine, bytes, start, end, quoted);
    line += lines;
    if (ends) {
      if (at < length) line++;
      finishRecord();
    }
    return Math.min(next, length);
  }

  function finishRecord(): void {
    const cells = column;
    column = 0;
    stopped = !sink.endRecord(cells, recordLine);
  }

  function afterNewline(bytes: Uint8Array, at: number, last: boolean): number {
    if (bytes[at] === CR) {
      if (at + 1 === bytes.length && !last) return -1;
      if (bytes[at + 1] === LF) at++;
    }
    line++;
    return at + 1;
  }

  /** Copies a cell with each "" as one quote; returns the size. */
  function collapseQuotes(bytes: Uint8Array, start: number, end: number): number {
    if (scratch.length < end - start) scratch = new Uint8Array(2 * (end - start));
    let size = 0;
    for (let at = start; at < end; at++) {
      scratch[size++] = bytes[at];
      if (bytes[at] === QUOTE) at++;
    }
    return size;
  }

  /** Where to go on with more bytes, unless there are too many already. */
  function unfinished(start: number, length: number): number {
    if (length - start <= LONGEST_CELL) return start;
    throw new RoentgenError("file-corrupt", {
      problem: `Cannot read ${name}: the cell that begins on line ${line} is over 16 MB long`,
      remedy: "A quote was opened there and never closed, or this is no table of text.",
      subject: name,
    });
  }

  function unclosed(): RoentgenError {
    return new RoentgenError("file-corrupt", {
      problem: `Cannot read ${name}: a quote opened on line ${line} is never closed`,
      remedy: "Close or remove the quote, or export the file again.",
      subject: name,
    });
  }

  return {
    scan,
    get stopped() {
      return stopped;
    },
    get line() {
      return line;
    },
  };
}
