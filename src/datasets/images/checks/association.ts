// How strongly one naming of samples goes with another.

import { chiSquareSurvival } from "../../../statistics/index.ts";

export interface Association {
  /** Cramér's V, 0 … 1: Cramér, "Mathematical Methods of Statistics" (1946), section 21.9. */
  readonly cramersV: number;
  /** Of Pearson's χ² test. */
  readonly pValue: number;
}

/** Of pairs of categories, such as site and class; V is 0 where either is the same in all. */
export function associationOf(pairs: readonly (readonly [string, string])[]): Association {
  const rows = countsOf(pairs.map(([row]) => row));
  const columns = countsOf(pairs.map(([, column]) => column));
  const cells = countsOf(pairs.map((pair) => JSON.stringify(pair)));
  const smaller = Math.min(rows.size, columns.size) - 1;
  if (smaller < 1) return { cramersV: 0, pValue: 1 };
  let chiSquare = 0;
  for (const [row, ofRow] of rows) {
    for (const [column, ofColumn] of columns) {
      const expected = (ofRow * ofColumn) / pairs.length;
      const found = cells.get(JSON.stringify([row, column])) ?? 0;
      chiSquare += (found - expected) ** 2 / expected;
    }
  }
  const freedom = (rows.size - 1) * (columns.size - 1);
  return {
    cramersV: Math.sqrt(chiSquare / (pairs.length * smaller)),
    pValue: chiSquareSurvival(chiSquare, freedom),
  };
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
