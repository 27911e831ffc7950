// Everything that would make a test look better than the model is, looked for before training.

import {
  checkParameters,
  number,
  type OptionsOf,
  parameters,
  type Table,
} from "../../base/index.ts";
import type { Split } from "../splits/split.ts";
import { countsRows, namesIdentifier } from "../view/identifiers.ts";
import type { TableView } from "../view/view-table.ts";
import { findDuplicateRows } from "./duplicate-rows.ts";
import { type Finding, gravestFirst } from "./finding.ts";
import { findNearDuplicateRows } from "./near-duplicate-rows.ts";
import { findSharedGroups, findSharedPersons } from "./shared-groups.ts";
import { sidesOfRows } from "./sides.ts";
import { findSuspectColumns } from "./suspect-columns.ts";
import { SUSPICION } from "./suspicion.ts";

const share = () => number({ above: 0, max: 1 });

/** Thresholds of `checkLeakage`, each in (0, 1]. */
export const leakageParameters = parameters({
  /** AUC from which a column of numbers is suspect. */
  auc: share().default(SUSPICION.auc),
  /** Leave-one-out balanced accuracy from which a column is suspect. */
  accuracy: share().default(SUSPICION.accuracy),
  /** R² from which a column is suspect in a regression. */
  rSquared: share().default(SUSPICION.rSquared),
  /** Association of being missing with the target from which a column is suspect. */
  missingness: share().default(SUSPICION.missingness),
  /** Rows nearer than this part of the usual distance to the nearest row are near-duplicates. */
  closeness: share().default(0.1),
});

/** Options of `checkLeakage`. */
export type LeakageOptions = OptionsOf<typeof leakageParameters> & {
  /** The splits to be used; without them only what is wrong within the table is found. */
  splits?: readonly Split[];
};

/**
 * Looks for duplicates and near-duplicates, patients on both sides, columns that know the answer, and identifiers
 * among the features.
 * @returns findings, the gravest first; none where all is well
 */
export function checkLeakage(
  view: Pick<TableView, "features" | "target" | "groups" | "ungrouped">,
  { splits = [], ...options }: LeakageOptions = {},
): Finding[] {
  const { closeness, ...thresholds } = checkParameters(leakageParameters, options, "leakage check");
  const { features, target } = view;
  const groups = view.groups?.index;
  const sides = sidesOfRows(splits, features.rowCount);
  const labels = target.task === "classification" ? target.labels : undefined;
  return gravestFirst([
    ...(view.groups ? findSharedGroups(view.groups, splits) : []),
    ...(view.ungrouped ?? []).flatMap((persons) => findSharedPersons(persons, splits)),
    ...findDuplicateRows(features, { sides, labels }),
    ...findNearDuplicateRows(features, { sides, groups, closeness }),
    ...findSuspectColumns(features, target, { thresholds, groups }),
    ...findIdentifierColumns(features),
  ]);
}

/** Reports features that identify rows rather than measure them. */
function findIdentifierColumns({ columns }: Table): Finding[] {
  return columns
    .filter((column) => namesIdentifier(column.name) || countsRows(column))
    .map(({ name }) => ({
      kind: "identifier-column",
      severity: "warning",
      columns: [name],
      figure: 1,
      message: `"${name}" identifies rows rather than measuring them. Drop it from the features.`,
    }));
}
