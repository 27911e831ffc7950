// What a dataset or group of a MAT-file 7.3 is, from its attributes alone.

import type * as H5 from "h5wasm";
import { attribute, hdf5Class, realDType } from "../hdf5/data.ts";
import { matlabShape } from "./hdf5-arrays.ts";
import type { MatEntry } from "./mat-entry.ts";

/** Class and shape; undefined for links. Groups (structs, sparse) and empty arrays keep their shape elsewhere. */
export function describeEntity(
  library: typeof H5,
  entity: H5.Entity,
): Omit<MatEntry, "name"> | undefined {
  const matlabClass = attribute(entity, "MATLAB_class");
  if (entity instanceof library.Group) {
    const sparse = attribute(entity, "MATLAB_sparse") !== undefined;
    const className = matlabClass === undefined ? "struct" : String(matlabClass);
    return { className, shape: [], complex: false, sparse };
  }
  if (!(entity instanceof library.Dataset)) return undefined;
  const { metadata } = entity;
  const shape = attribute(entity, "MATLAB_empty") ? [] : matlabShape(entity);
  const complex = metadata.type === hdf5Class.compound;
  const className = String(matlabClass ?? realDType(metadata) ?? "unknown");
  return { className, shape, complex, sparse: false };
}
