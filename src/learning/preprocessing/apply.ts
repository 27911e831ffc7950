// Turns a table into the features that a fitted preprocessing describes.

import {
  columnFinder,
  type Features,
  type NumberValues,
  type Table,
  textValues,
} from "../../base/index.ts";
import { modelNumbers } from "./model-numbers.ts";
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
  const columnNamed = columnFinder(table);
  const numbers = state.numbers.map((fitted) => ({
    fitted,
    values: modelNumbers(columnNamed(fitted.name)),
  }));
  const columns = [
    ...numbers
      .filter(({ fitted }) => fitted.kept)
      .map(({ fitted, values }) => scaledValues(fitted, values)),
    ...numbers.filter(({ fitted }) => fitted.indicator).map(({ values }) => gaps(values)),
    ...state.texts.flatMap((fitted) => {
      const codes = encodeText(fitted, textValues(columnNamed(fitted.name)));
      return fitted.features.map((_, code) => indicatorOf(codes, code));
    }),
  ];
  return { rowCount, names: state.names, columns };
}

/** 1 where a value is missing. */
function gaps(values: NumberValues): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < out.length; row++) out[row] = Number.isNaN(values[row]) ? 1 : 0;
  return out;
}

/** 1 where the code is this one. */
function indicatorOf(codes: Int32Array, code: number): Float32Array {
  const out = new Float32Array(codes.length);
  for (let row = 0; row < out.length; row++) out[row] = codes[row] === code ? 1 : 0;
  return out;
}
