// A table as its records come in, and the second look at columns that turned out to be text.

import { RoentgenError } from "../../base/index.ts";
import {
  addCell,
  type ColumnRules,
  cellText,
  type GrowingColumn,
  growingColumn,
  reserveRows,
} from "./column.ts";
import type { CsvSink } from "./scanner.ts";

/** Records after which the number of rows is estimated from the bytes per record so far. */
const ESTIMATE_AFTER = 1000;

export interface GrowingTable {
  readonly columns: readonly GrowingColumn[];
  readonly sink: CsvSink;
  readonly rowCount: number;
}

/**
 * @param header whether the first record is names, to be passed over
 * @param expectedRows how many rows there probably are, asked once it matters
 */
export function growingTable(
  names: readonly string[],
  types: Readonly<Record<string, "number" | "text">>,
  rules: ColumnRules,
  { header, expectedRows }: { header: boolean; expectedRows: number },
): GrowingTable {
  checkTypes(names, types);
  const asked = new Map(Object.entries(types));
  const columns = names.map((name) => growingColumn(name, asked.get(name)));
  let row = header ? -1 : 0;
  const sink: CsvSink = {
    cell(index, line, bytes, start, end, quoted) {
      if (row < 0 || index >= columns.length) return;
      addCell(columns[index], rules, row, line, bytes, start, end, quoted);
    },
    endRecord(cells, line) {
      if (cells !== columns.length) throw raggedError(rules.file, line, cells, columns.length);
      row++;
      if (row === ESTIMATE_AFTER) for (const column of columns) reserveRows(column, expectedRows);
      return true;
    },
  };
  return {
    columns,
    sink,
    get rowCount() {
      return row;
    },
  };
}

/** Columns that held numbers before their first text, whose spelling is to be restored. */
export function columnsToRestore(columns: readonly GrowingColumn[]): GrowingColumn[] {
  return columns.filter((column) => column.kind === "text" && column.sawNumber);
}

/** Takes the cells of those columns again, as text, up to the rows where they became text. */
export function restoringSink(
  columns: readonly GrowingColumn[],
  rules: ColumnRules,
  { header }: { header: boolean },
): CsvSink {
  const wanted = columns.map((column) =>
    column.kind === "text" && column.sawNumber ? column.firstText : 0,
  );
  const rows = Math.max(...wanted);
  let row = header ? -1 : 0;
  return {
    cell(index, line, bytes, start, end, quoted) {
      if (row < 0 || row >= wanted[index]) return;
      columns[index].texts[row] = cellText(rules, line, bytes, start, end, quoted);
    },
    endRecord() {
      row++;
      return row < rows;
    },
  };
}

function checkTypes(names: readonly string[], types: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(types).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new RoentgenError("bad-option", {
    problem: `The option types names a column "${unknown}" that the file doesn't have`,
    remedy: `The columns are: ${names.slice(0, 12).join(", ")}.`,
    subject: unknown,
  });
}

function raggedError(file: string, line: number, found: number, expected: number): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot read ${file}: line ${line} does not fit the table`,
    expected: `${expected} cells as in the first line`,
    found: `${found}`,
    remedy:
      "Look for a missing or unquoted delimiter in that line; put text that holds one in quotes. In a program the option `delimiter` says which one the file has.",
    subject: file,
  });
}
