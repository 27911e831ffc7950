// Labels that a program took from reports: 1 found, 0 denied, −1 uncertain, blank where the report is silent (Irvin et al.,
// CheXpert, AAAI 2019), and what is to be made of them.

import { oneOf, type Table } from "../../../base/index.ts";
import { numberColumn } from "../reading/table-file.ts";

/** Options of readers of such labels, to be spread into `parameters`. */
export const uncertainLabelOptions = {
  /** The paper's U-Ignore, U-Zeros and U-Ones (section 3.1). */
  uncertain: oneOf("ignore", "zeros", "ones")
    .default("ignore")
    .describe("what -1 becomes: unknown (ignore, the default), not found (zeros), found (ones)"),
  /** Not found is what the paper counts them as (table 1). */
  blank: oneOf("zeros", "ignore")
    .default("zeros")
    .describe("what a blank becomes: not found (zeros, the default) or unknown (ignore)"),
};

interface Policy {
  readonly uncertain: "ignore" | "zeros" | "ones";
  readonly blank: "zeros" | "ignore";
}

const meaning = { ignore: Number.NaN, zeros: 0, ones: 1 };

/** Targets of all rows: of each label 1, 0, or NaN where it is unknown. */
export function uncertainTargets(
  table: Table,
  labels: readonly string[],
  { uncertain, blank }: Policy,
): number[][] {
  const columns = labels.map((label) => numberColumn(table, label));
  const meaningOf = (value: number) => {
    if (Number.isNaN(value)) return meaning[blank];
    return value === -1 ? meaning[uncertain] : value;
  };
  return Array.from({ length: table.rowCount }, (_, row) =>
    columns.map((values) => meaningOf(values[row])),
  );
}

/** What was decided, for the notes of a data set. */
export function policyNote({ uncertain, blank }: Policy): string {
  const words = { ignore: "unknown", zeros: "not found", ones: "found" };
  return `Uncertain labels (-1) count as ${words[uncertain]}, blank ones as ${words[blank]}.`;
}
