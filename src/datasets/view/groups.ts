// Which rows belong to one patient, or to another group that a split must not part.

import { type Column, getColumn, RoentgenError, type Table, textValues } from "../../base/index.ts";
import { namesPerson } from "./identifiers.ts";
import { rowsInWords } from "./rows-in-words.ts";

/** Patients or other groups of the rows. */
export interface Groups {
  /** In order of first appearance. */
  readonly names: readonly string[];
  /** Group of each row, as an index into `names`; −1 for a row of an unknown patient (see `findPersons`). */
  readonly index: Int32Array;
  /** The column they came from. */
  readonly column: string;
}

/**
 * The groups of a column, or of the one that is named for patients and has some of them repeat.
 * @param except columns that are not looked at unless named
 * @throws RoentgenError "value-missing" for rows without a group
 */
export function findGroups(
  table: Table,
  { group, except }: { group?: string | false; except: readonly string[] },
  notes: string[],
): Groups | undefined {
  if (group === false) return undefined;
  if (group !== undefined) return readGroups(getColumn(table, group));
  const column = table.columns.find(({ name }) => !except.includes(name) && namesPerson(name));
  if (!column) return undefined;
  const values = textValues(column);
  if (new Set(values).size === values.length) return undefined;
  if (values.includes(null)) {
    notes.push(`"${column.name}" lacks values and was not used to keep patients together.`);
    return undefined;
  }
  notes.push(`Rows of one "${column.name}" are kept together.`);
  return readGroups(column);
}

/**
 * The patients of each column that is named for them and has some of them repeat.
 * @param except columns that are not looked at
 */
export function findPersons(table: Table, except: readonly (string | undefined)[]): Groups[] {
  return table.columns
    .filter(({ name }) => !except.includes(name) && namesPerson(name))
    .map(indexGroups)
    .filter(({ names, index }) => names.length < index.filter((person) => person >= 0).length);
}

function readGroups(column: Column): Groups {
  const values = textValues(column);
  const missing = [...values.keys()].filter((row) => values[row] === null);
  if (missing.length > 0) {
    throw new RoentgenError("value-missing", {
      problem: `Cannot keep the rows of each "${column.name}" together`,
      expected: "a value in every row",
      found: `none in ${rowsInWords(missing)}`,
      remedy: "Fill these in; rows of an unknown patient could be on both sides of a split.",
      subject: column.name,
    });
  }
  return indexGroups(column);
}

function indexGroups(column: Column): Groups {
  const position = new Map<string, number>();
  const index = Int32Array.from(textValues(column), (value) => {
    if (value === null) return -1;
    const known = position.get(value) ?? position.size;
    position.set(value, known);
    return known;
  });
  return { names: [...position.keys()], index, column: column.name };
}
