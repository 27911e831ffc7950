// Column names: from the first record, made distinct, or x1, x2, … where the file has none.

import { distinctNames, numberedNames } from "../tables/column-names.ts";
import type { CsvDialect } from "./options.ts";
import { type SampleRecord, spellsNumber } from "./sniff.ts";

export interface ColumnNames {
  readonly names: readonly string[];
  /** What the reader of the table should know about them. */
  readonly notes: readonly string[];
}

export function columnNames(first: SampleRecord, dialect: CsvDialect): ColumnNames {
  const count = first.cells.length;
  if (!dialect.header) {
    const span = count === 1 ? "the column is called x1" : `the columns are called x1 to x${count}`;
    return { names: numberedNames(count), notes: [`The file has no line of names; ${span}.`] };
  }
  const given = first.cells.map((cell) => cell.trim());
  const names = distinctNames(given);
  const notes = names.flatMap((name, index) => {
    if (name === given[index]) return [];
    const found = given[index] === "" ? "has no name" : `repeats the name "${given[index]}"`;
    return [`Column ${index + 1} ${found}; it is called "${name}".`];
  });
  return { names, notes: [...notes, ...numericNameNotes(given, dialect)] };
}

function numericNameNotes(names: readonly string[], { decimal }: CsvDialect): string[] {
  const numbers = names.filter((name) => spellsNumber(name, decimal)).length;
  if (numbers * 2 <= names.length) return [];
  return [
    `The first line was taken for column names although ${numbers} of its ${names.length} cells are numbers; if it holds values, say that there is no header.`,
  ];
}
