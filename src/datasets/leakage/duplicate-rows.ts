// Rows whose measurements are equal to the bit: one image under two names, or a case entered twice.

import type { Column, Table } from "../../base/index.ts";
import { rowsInWords } from "../view/rows-in-words.ts";
import type { Finding } from "./finding.ts";

/** Sets of rows that are equal in every column, missing values being equal to each other; ascending. */
export function equalRows(table: Table): number[][] {
  const codes = table.columns.map(codesOf);
  const buckets = new Map<number, number[][]>();
  const equal = (a: number, b: number) =>
    codes.every((words) => words[2 * a] === words[2 * b] && words[2 * a + 1] === words[2 * b + 1]);
  for (let row = 0; row < table.rowCount; row++) {
    const hash = hashRow(codes, row);
    const sets = buckets.get(hash);
    const own = sets?.find(([first]) => equal(first, row));
    if (own) own.push(row);
    else if (sets) sets.push([row]);
    else buckets.set(hash, [[row]]);
  }
  const found = [...buckets.values()].flat().filter((rows) => rows.length > 1);
  return found.sort(([a], [b]) => a - b);
}

/**
 * Reports equal rows: across the sides of a split as a leak, within one as a warning. Where columns are so coarse
 * that chance alone would make about as many equal rows, they are only a note.
 * @param sides numbers that differ between rows on different sides
 * @param labels class of each row, to find equal rows of different classes
 */
export function findDuplicateRows(
  table: Table,
  { sides, labels }: { sides?: ArrayLike<number>; labels?: ArrayLike<number> } = {},
): Finding[] {
  const sets = equalRows(table);
  if (sets.length === 0) return [];
  const pairs = sets.reduce((sum, rows) => sum + (rows.length * (rows.length - 1)) / 2, 0);
  const byChance = 2 * pairsByChance(table) >= pairs;
  const differs = (values: ArrayLike<number> | undefined) => (rows: number[]) =>
    values !== undefined && rows.some((row) => values[row] !== values[rows[0]]);
  const across = sets.filter(differs(sides));
  const within = sets.filter((rows) => !across.includes(rows));
  const conflicting = sets.filter(differs(labels));
  const findings: Finding[] = [];
  if (across.length > 0) findings.push(equalFinding(across, "across", byChance));
  if (within.length > 0) findings.push(equalFinding(within, "within", byChance));
  if (conflicting.length > 0) findings.push(conflictFinding(conflicting, byChance));
  return findings;
}

function equalFinding(sets: number[][], place: "across" | "within", byChance: boolean): Finding {
  const figure = sets.reduce((sum, rows) => sum + rows.length, 0);
  const where = place === "across" ? " on the other side of a split" : "";
  const cause = byChance
    ? "The columns are so coarse that this may be chance."
    : "Remove the copies, or give them one group.";
  return {
    kind: "duplicate-rows",
    severity: byChance ? "note" : place === "across" ? "leak" : "warning",
    rows: sets,
    figure,
    message: `${figure} rows have an exact copy${where}: ${exampleOf(sets)}. ${cause}`,
  };
}

function conflictFinding(sets: number[][], byChance: boolean): Finding {
  const figure = sets.reduce((sum, rows) => sum + rows.length, 0);
  return {
    kind: "conflicting-labels",
    severity: byChance ? "note" : "warning",
    rows: sets,
    figure,
    message: `${figure} rows are equal but labelled differently: ${exampleOf(sets)}. Check the labels.`,
  };
}

function exampleOf(sets: readonly (readonly number[])[]): string {
  const more = sets.length > 1 ? `, and ${sets.length - 1} more such sets` : "";
  return `for instance ${rowsInWords(sets[0])}${more}`;
}

/**
 * How many pairs of equal rows independent columns of these values would have: n (n − 1) / 2 · Π Σ p², a lower
 * bound for columns that go together.
 */
function pairsByChance({ columns, rowCount }: Table): number {
  let pairs = (rowCount * (rowCount - 1)) / 2;
  for (const { values } of columns) {
    const counts = new Map<unknown, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    let collision = 0;
    for (const count of counts.values())
      collision += (count * (count - 1)) / (rowCount * (rowCount - 1));
    pairs *= collision;
  }
  return pairs;
}

/** Two words a value; every NaN the same, −0 as 0. */
function codesOf(column: Column): Int32Array {
  if (column.kind === "number") {
    const exact = Float64Array.from(column.values, (value) => (value === 0 ? 0 : value));
    for (let row = 0; row < exact.length; row++) {
      // A NaN read from a file may carry any payload.
      if (Number.isNaN(exact[row])) exact[row] = Number.NaN;
    }
    return new Int32Array(exact.buffer);
  }
  const codes = new Map<string | null, number>();
  const words = new Int32Array(2 * column.values.length);
  column.values.forEach((value, row) => {
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    words[2 * row] = code;
  });
  return words;
}

/** Two multiplicative hashes joined to 53 bits. */
function hashRow(codes: readonly Int32Array[], row: number): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (const words of codes) {
    for (let half = 0; half < 2; half++) {
      const word = words[2 * row + half];
      low = Math.imul(low ^ word, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high + word, 0x85ebca6b);
      high ^= high >>> 13;
    }
  }
  return (high >>> 11) * 4294967296 + (low >>> 0);
}
