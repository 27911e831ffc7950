// Arbitrary MATLAB values for property tests: every kind that can be written, nested.

import fc from "fast-check";
import type { DType, Tensor } from "../../../src/base/index.ts";
import { columnMajorStrides, elementCount } from "../../../src/base/index.ts";
import { elementTypes } from "../../../src/formats/elements/element-types.ts";
import type { MatValue } from "../../../src/formats/index.ts";

const numericDTypes = [
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float32",
  "float64",
  "complex64",
  "complex128",
] as const;

const extent = fc.integer({ min: 0, max: 4 });
const shape = fc.array(extent, { minLength: 2, maxLength: 4 });

/** Any bits are a number, so bytes make arrays of every dtype, NaNs and infinities among them. */
function tensor(dtype: Exclude<DType, "string">, extents: readonly number[]): fc.Arbitrary<Tensor> {
  const { array, byteLength } = elementTypes[dtype];
  const length = elementCount(extents) * byteLength;
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({
    dtype,
    shape: extents,
    strides: columnMajorStrides(extents),
    data: new array(bytes.slice().buffer as ArrayBuffer),
  }));
}

const numeric = fc
  .tuple(fc.constantFrom(...numericDTypes), shape)
  .chain(([dtype, extents]) => tensor(dtype, extents))
  .map((made): MatValue => ({ kind: "numeric", tensor: made }));

const logical = shape
  .chain((extents) => tensor("bool", extents))
  .map((made): MatValue => {
    const data = (made.data as Uint8Array).map((byte) => byte & 1);
    return { kind: "logical", tensor: { ...made, data } };
  });

const unit = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
const char = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }), fc.array(unit))
  .map(([height, width, units]): MatValue => {
    const filled = [...units.join(""), ...new Array(height * width).fill("x")].join("");
    const rows = Array.from({ length: height }, (_, row) =>
      filled.slice(row * width).slice(0, width),
    );
    return { kind: "char", shape: [height, width], rows: rows.map(wholeCharacters) };
  });

/** No half of a surrogate pair alone: no text encoding has it. */
function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/g, "?");
}

const sparse = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })),
  )
  .chain(([height, columns]) => {
    const rowsOf = columns.map((column) =>
      [...column.keys()].filter((row) => row < height && column[row]),
    );
    const starts = [0];
    for (const rows of rowsOf) starts.push(starts[starts.length - 1] + rows.length);
    const count = starts[starts.length - 1];
    return fc
      .constantFrom("float64", "complex128", "bool")
      .chain((dtype) => tensor(dtype as "float64", [count]))
      .map((values): MatValue => {
        const truth = (values.data as Uint8Array).map((byte) => byte & 1);
        return {
          kind: "sparse",
          shape: [height, columns.length],
          columnStarts: Int32Array.from(starts),
          rowIndices: Int32Array.from(rowsOf.flat()),
          values: values.dtype === "bool" ? { ...values, data: truth } : values,
        };
      });
  });

const name = fc.stringMatching(/^[A-Za-z]\w{0,20}$/);
const smallShape = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));

const matValue: fc.Arbitrary<MatValue> = fc.letrec<{ value: MatValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    numeric,
    logical,
    char,
    sparse,
    smallShape.chain((extents) =>
      fc
        .array(tie("value"), { minLength: elementCount(extents), maxLength: elementCount(extents) })
        .map((elements): MatValue => ({ kind: "cell", shape: extents, elements })),
    ),
    fc.tuple(smallShape, fc.uniqueArray(name, { maxLength: 3 })).chain(([extents, names]) => {
      const count = elementCount(extents);
      const values = fc.array(tie("value"), { minLength: count, maxLength: count });
      return fc.tuple(...names.map(() => values)).map((columns): MatValue => {
        const fields = names.map((field, at) => ({ name: field, values: columns[at] }));
        return { kind: "struct", shape: extents, fields };
      });
    }),
  ),
})).value;

export const matVariables = fc
  .uniqueArray(fc.tuple(name, matValue), { selector: ([first]) => first, maxLength: 4 })
  .map((pairs) => pairs.map(([first, value]) => ({ name: first, value })));
