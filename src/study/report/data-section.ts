// The part of a report on where its rows came from and who saw which.

import { counted } from "../../base/index.ts";
import { percent } from "./figure-terms.ts";
import type { Block, Fact, Section } from "./report.ts";
import { noteDetails, rangeFact, type SplitRow, splitTable } from "./split-table.ts";
import type { DataSummary, SideSummary, SplitSummary, TableStudy } from "./table-study.ts";

/** Columns with missing values that are listed before the rest is only counted. */
const MOST_MISSING = 12;

export function dataSection({ data, split, target, unit, judgement }: TableStudy): Section {
  const classes = judgement.task === "classification" ? judgement.classes : [];
  const blocks: Block[] = [{ kind: "facts", facts: dataFacts(data, target, unit) }];
  blocks.push({ kind: "prose", text: split.description }, splitTable(sidesOf(split), { classes }));
  if (data.missing.length > 0) blocks.push(missingTable(data));
  blocks.push(...noteDetails(data.notes));
  return { title: "The data and the split", blocks };
}

function sidesOf({ train, test }: SplitSummary): SplitRow[] {
  const row = (label: string, { rows, ...side }: SideSummary) => ({ label, count: rows, ...side });
  return [row("Learnt from", train), row("Judged on", test)];
}

function dataFacts(
  { name, rows, features, patients, classes, range }: DataSummary,
  target: string,
  unit = "",
): Fact[] {
  const facts = [
    { label: "Data", value: name },
    { label: "Rows", value: rows.toLocaleString("en-US") },
    { label: "Features", value: features.toLocaleString("en-US") },
    { label: "Predicted column", value: target },
  ];
  if (patients !== undefined) {
    facts.push({ label: "Patients", value: patients.toLocaleString("en-US") });
  }
  if (classes) {
    const shares = classes.map(
      (each) => `${each.name}: ${counted(each.rows, "row")} (${percent(each.rows / rows)})`,
    );
    facts.push({ label: "Classes", value: shares.join("; ") });
  }
  if (range) facts.push(rangeFact(target, range, unit));
  return facts;
}

function missingTable({ missing, rows }: DataSummary): Block {
  const sorted = [...missing].sort((a, b) => b.rows - a.rows);
  const more = sorted.length - MOST_MISSING;
  return {
    kind: "table",
    caption: `Columns with missing values${more > 0 ? `: the ${MOST_MISSING} with most, of ${sorted.length}` : ""}`,
    columns: [
      { label: "Column" },
      { label: "Rows without a value", align: "end" },
      { label: "Share", align: "end" },
    ],
    rows: sorted
      .slice(0, MOST_MISSING)
      .map((column) => [
        column.column,
        column.rows.toLocaleString("en-US"),
        percent(column.rows / rows),
      ]),
  };
}
