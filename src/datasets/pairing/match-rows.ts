// Rows of two tables brought into one order by an identifier that both have.

import {
  type Column,
  dropColumns,
  RoentgenError,
  type Table,
  takeRows,
  textValues,
} from "../../base/index.ts";
import { namesIdentifier, namesPerson } from "../view/identifiers.ts";

/**
 * The labels in the order of the features, without the identifier they share; both as they are where they share none.
 * @throws RoentgenError "shape-mismatch" for rows without a label, or identifiers that come more than once
 *   and are not in the same order
 */
export function matchRows(
  features: Table,
  labels: Table,
  notes: string[],
): { features: Table; labels: Table } {
  const shared = labels.columns.find(
    ({ name }) =>
      (namesIdentifier(name) || namesPerson(name)) &&
      features.columns.some((column) => column.name === name),
  );
  if (!shared) return { features, labels };
  const ids = textValues(features.columns.find(({ name }) => name === shared.name) as Column);
  const labelIds = textValues(shared);
  const bare = dropColumns(labels, [shared.name]);
  if (ids.length === labelIds.length && ids.every((id, row) => id === labelIds[row])) {
    return { features, labels: bare };
  }
  const rows = rowsOfIds(ids, labelIds, shared.name);
  notes.push(`Matched features and labels by "${shared.name}".`);
  if (labelIds.length > ids.length) {
    notes.push(`${labelIds.length - new Set(rows).size} labels have no features.`);
  }
  return { features, labels: takeRows(bare, rows) };
}

function rowsOfIds(
  ids: readonly (string | null)[],
  labelIds: readonly (string | null)[],
  name: string,
): number[] {
  const rowOfId = new Map(labelIds.map((id, row) => [id, row]));
  const lost = ids.filter((id) => id === null || !rowOfId.has(id));
  if (lost.length === 0 && rowOfId.size === labelIds.length) {
    return ids.map((id) => rowOfId.get(id) as number);
  }
  const found =
    lost.length > 0
      ? `${lost.length} without one, first ${lost[0] ?? "an empty identifier"}`
      : `${labelIds.length - rowOfId.size} identifiers more than once, in another order`;
  throw new RoentgenError("shape-mismatch", {
    problem: "Rows don't match labels",
    expected: `one label for the "${name}" of each of the ${ids.length} rows`,
    found,
    remedy: "Export both again from the same cases.",
    subject: name,
  });
}
