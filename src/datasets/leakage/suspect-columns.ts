// Columns that know the answer: one that alone predicts the target almost perfectly, or whose being missing does.

import { type Table, type Target, takeColumnRows, takeTargetRows } from "../../base/index.ts";
import { countMembers } from "../splits/members.ts";
import type { Finding } from "./finding.ts";
import { FEWEST_OF_A_CLASS, SUSPICION, type SuspicionThresholds } from "./suspicion.ts";
import { findTellingColumn } from "./telling-column.ts";
import { findTellingMissingness } from "./telling-missingness.ts";

/** Of more rows than these, as many evenly spaced ones (an equal number of each class) tell as much. */
const MOST_ROWS = 4000;

/** Options of `findSuspectColumns`. */
export interface SuspicionOptions {
  thresholds?: Partial<SuspicionThresholds>;
  /**
   * Group of each row. Of each, only the first row (of each class) is looked at: a patient's age would else tell
   * the diagnosis.
   */
  groups?: ArrayLike<number>;
}

/**
 * Reports the columns that alone predict the target almost perfectly, by their values or by lacking them.
 * Where rows are so few that chance makes such columns, one "not-checked" says so.
 */
export function findSuspectColumns(
  features: Table,
  target: Target,
  { thresholds, groups }: SuspicionOptions = {},
): Finding[] {
  const limits = { ...SUSPICION, ...thresholds };
  const rows = sampleRows(firstOfEachGroup(target, features.rowCount, groups), target);
  const own = takeTargetRows(target, rows);
  if (!enoughRows(own)) return [notChecked(own, groups !== undefined)];
  return features.columns.flatMap((column) => {
    const taken = takeColumnRows(column, rows);
    return (
      findTellingColumn(taken, own, limits) ?? findTellingMissingness(taken, own, limits) ?? []
    );
  });
}

/** The first row of each group, and where there are classes, of each class in it: lesions come in pairs, too. */
function firstOfEachGroup(
  target: Target,
  rowCount: number,
  groups: ArrayLike<number> | undefined,
): number[] {
  const all = Array.from({ length: rowCount }, (_, row) => row);
  if (!groups) return all;
  const classCount = target.task === "classification" ? target.classes.length : 1;
  const seen = new Set<number>();
  return all.filter((row) => {
    const label = target.task === "classification" ? target.labels[row] : 0;
    const key = groups[row] * classCount + label;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function sampleRows(rows: number[], target: Target): number[] {
  if (rows.length <= MOST_ROWS) return rows;
  if (target.task === "regression") return evenlySpaced(rows, MOST_ROWS);
  const { classes, labels } = target;
  const most = Math.ceil(MOST_ROWS / classes.length);
  const ofClass = classes.map((_, label) => rows.filter((row) => labels[row] === label));
  return ofClass.flatMap((own) => evenlySpaced(own, most)).sort((a, b) => a - b);
}

function evenlySpaced(rows: number[], most: number): number[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
}

function enoughRows(target: Target): boolean {
  if (target.task === "regression") return target.values.length >= 2 * FEWEST_OF_A_CLASS;
  const counts = Array.from(countMembers(target.labels));
  return counts.filter((count) => count >= FEWEST_OF_A_CLASS).length >= 2;
}

function notChecked(target: Target, grouped: boolean): Finding {
  const [rows, needed, each] =
    target.task === "classification"
      ? [target.labels.length, `${FEWEST_OF_A_CLASS} in each of two classes`, "group and class"]
      : [target.values.length, `${2 * FEWEST_OF_A_CLASS}`, "group"];
  const counted = grouped ? ` (counting one of each ${each})` : "";
  return {
    kind: "not-checked",
    severity: "note",
    figure: rows,
    message:
      `Columns that alone tell the target were not looked for: of ${rows} rows${counted}, chance makes ` +
      `such columns. It takes at least ${needed}.`,
  };
}
