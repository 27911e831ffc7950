// Sparse matrices of MAT-files 7.3: groups with row indices, column starts and entries.

import type * as H5 from "h5wasm";
import type { Tensor } from "../../base/index.ts";
import { elementCount } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { NumericData } from "../elements/element-types.ts";
import type { Hdf5Context } from "../hdf5/data.ts";
import { attribute } from "../hdf5/data.ts";
import { readIntegers, readNumeric } from "./hdf5-arrays.ts";
import { emptyArray } from "./level5-matrix.ts";
import { convertNumbers } from "./level5-numbers.ts";
import { checkSparse } from "./level5-sparse.ts";
import type { MatSparse } from "./mat-value.ts";

/** A sparse matrix is a group: jc (column starts), and, unless it has no entries, ir and data. */
export function readSparse(context: Hdf5Context, group: H5.Group): MatSparse {
  const rows = Number(attribute(group, "MATLAB_sparse"));
  const logical = attribute(group, "MATLAB_class") === "logical";
  const columnStarts = readIndices(context, group, "jc");
  const rowIndices = readIndices(context, group, "ir");
  const entries = group.get("data");
  const numeric =
    entries instanceof context.library.Dataset ? readNumeric(context, entries) : undefined;
  const stored = (numeric ?? emptyArray()).tensor;
  const data = logical ? convertNumbers(stored.data as NumericData, "bool") : stored.data;
  const dtype = logical ? "bool" : stored.dtype;
  const values: Tensor = { dtype, shape: [elementCount(stored.shape)], strides: [1], data };
  const shape = [rows, columnStarts.length - 1] as const;
  const sparse: MatSparse = { kind: "sparse", shape, columnStarts, rowIndices, values };
  checkSparse(sparse, 2, context.source.name);
  return sparse;
}

function readIndices(context: Hdf5Context, group: H5.Group, name: string): Int32Array {
  const dataset = group.get(name);
  const indices =
    dataset instanceof context.library.Dataset ? (readIntegers(context, dataset) ?? []) : [];
  if (indices.every((index) => index >= 0 && index < 2 ** 31)) return Int32Array.from(indices);
  throw damaged(context.source.name, {
    expected: `indices below 2³¹ in ${group.path}/${name}`,
    found: "larger ones",
  });
}
