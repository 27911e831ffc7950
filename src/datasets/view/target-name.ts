// Which column is to be predicted, by its name.

import { RoentgenError, type Table } from "../../base/index.ts";

/** From the surest to the vaguest; a name counts in any case and with any punctuation. */
const TARGET_NAMES =
  "target diagnosis label labels y class classes outcome groundtruth truth pathology response malignancy malignant".split(
    " ",
  );

/**
 * The name of the column to predict, with a note.
 * @throws RoentgenError "value-missing" where no name says so
 */
export function guessTargetName(table: Table, notes: string[]): string {
  const squashed = table.columns.map(({ name }) => name.toLowerCase().replace(/[^a-z0-9]/g, ""));
  for (const candidate of TARGET_NAMES) {
    const index = squashed.indexOf(candidate);
    if (index < 0) continue;
    const { name } = table.columns[index];
    notes.push(`Target: "${name}", from its name.`);
    return name;
  }
  throw new RoentgenError("value-missing", {
    problem: "Cannot tell which column to predict",
    found: table.columns
      .slice(0, 12)
      .map(({ name }) => name)
      .join(", "),
    remedy: "Name the target column: `--target`, in a program the option `target`.",
    subject: "target",
  });
}
