// MAT-files of version 7.3: HDF5 with MATLAB's attributes, read through the HDF5 library in WebAssembly.

import type * as H5 from "h5wasm";
import type { ByteSource } from "../../base/index.ts";
import { attribute } from "../hdf5/data.ts";
import { withHdf5File } from "../hdf5/open-hdf5.ts";
import { describeEntity } from "./hdf5-entry.ts";
import { createHdf5Reader } from "./hdf5-value.ts";
import type { MatEntry } from "./mat-entry.ts";
import type { MatVariable } from "./mat-value.ts";

/** Reads the variables, all or those that are wanted; the file has to fit into memory beside them. */
export function readHdf5Mat(
  source: ByteSource,
  wanted?: ReadonlySet<string>,
): Promise<MatVariable[]> {
  return withHdf5File(source, (library, file) => {
    const reader = createHdf5Reader({ library, source });
    return variablesOf(file).flatMap(([name, entity]) => {
      const value = !wanted || wanted.has(name) ? reader.readValue(entity) : undefined;
      if (!value) return [];
      const global = Number(attribute(entity, "MATLAB_global") ?? 0) !== 0;
      return [global ? { name, value, global } : { name, value }];
    });
  });
}

/** Names, classes and shapes, from attributes. */
export function listHdf5Mat(source: ByteSource): Promise<MatEntry[]> {
  return withHdf5File(source, (library, file) =>
    variablesOf(file).flatMap(([name, entity]) => {
      const entry = describeEntity(library, entity);
      return entry ? [{ name, ...entry }] : [];
    }),
  );
}

/** MATLAB keeps what cells and objects refer to in #refs# and #subsystem#; these are no variables. */
function variablesOf(file: H5.File): [name: string, entity: H5.Entity][] {
  return file.keys().flatMap((name): [string, H5.Entity][] => {
    const entity = name.startsWith("#") ? null : file.get(name);
    return entity ? [[name, entity]] : [];
  });
}
