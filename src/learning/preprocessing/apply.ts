// Turns a table into the features that a fitted preprocessing describes.

import {
  type Features,
  getColumn,
  type NumberValues,
  RoentgenError,
  type Table,
  textValues,
} from "../../base/index.ts";
import { scaledValues } from "./number-column.ts";
import type { FittedPreprocessing } from "./preprocessing.ts";
import { encodeText } from "./text-column.ts";

/**
 * Features of the rows of a table, float32, in the order of `state.names`. Columns are found by
 * name; columns that the fit did not see are ignored.
 * @throws RoentgenError "value-missing" for a column that is absent, "type-mismatch" for text where
 *   the fit saw numbers, "value-invalid" for an unknown category where the fit refuses those
 */
export function applyPreprocessing(state: FittedPreprocessing, table: Table): Features {
  const { rowCount } = table;
  const numbers = state.numbers.filter(({ kept, indicator }) => kept || indicator);
  const values = new Map(numbers.map(({ name }) => [name, numberValues(table, name)]));
  const columns = [
    ...numbers
      .filter(({ kept }) => kept)
      .map((fitted) => scaledValues(fitted, values.get(fitted.name)!)),
    ...numbers
      .filter(({ indicator }) => indicator)
      .map(({ name }) =>
        Float32Array.from(values.get(name)!, (value) => (Number.isNaN(value) ? 1 : 0)),
      ),
    ...state.texts
      .filter(({ features }) => features.length > 0)
      .flatMap((fitted) => {
        const codes = encodeText(fitted, textValues(getColumn(table, fitted.name)));
        return fitted.features.map((_, code) =>
          Float32Array.from(codes, (c) => (c === code ? 1 : 0)),
        );
      }),
  ];
  return { rowCount, names: state.names, columns };
}

/** The numbers of a column. A column that is empty throughout reads as text without values. */
function numberValues(table: Table, name: string): NumberValues {
  const column = getColumn(table, name);
  if (column.kind === "number") return column.values;
  const row = column.values.findIndex((value) => value !== null && value !== "");
  if (row < 0) return new Float32Array(table.rowCount).fill(Number.NaN);
  throw new RoentgenError("type-mismatch", {
    problem: `Column "${name}" does not suit the model`,
    expected: "numbers, as in the training rows",
    found: `the text "${column.values[row]}" in row ${row + 1}`,
    subject: name,
  });
}
