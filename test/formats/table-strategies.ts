// Tables of any kind, for properties of formats that must keep them.

import fc from "fast-check";
import { type Column, makeTable, type Table } from "../../src/base/index.ts";

const NAME = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });

/** Any numbers in both precisions, any text; at least one column. */
export function anyTable({ text }: { text: fc.Arbitrary<string> }): fc.Arbitrary<Table> {
  const shape = fc.record({
    rows: fc.integer({ min: 0, max: 40 }),
    names: fc.uniqueArray(NAME, { minLength: 1, maxLength: 5 }),
  });
  return shape.chain(({ rows, names }) => {
    const length = { minLength: rows, maxLength: rows };
    const values = fc.oneof(
      fc.array(fc.double(), length).map((list) => Float64Array.from(list)),
      fc.array(fc.float(), length).map((list) => Float32Array.from(list)),
      fc.array(fc.option(text), length),
    );
    return fc
      .tuple(...names.map(() => values))
      .map((columns) => makeTable(columns.map((list, index) => column(names[index], list))));
  });
}

function column(name: string, values: Float64Array | Float32Array | (string | null)[]): Column {
  return Array.isArray(values) ? { kind: "text", name, values } : { kind: "number", name, values };
}
