// MAT-files of version 7.3: HDF5 with MATLAB's attributes, read through the HDF5 library in WebAssembly.

import type * as H5 from "h5wasm";
import type { ByteSource } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { attribute } from "./hdf5-data.ts";
import { describeEntity } from "./hdf5-entry.ts";
import { createHdf5Reader } from "./hdf5-value.ts";
import type { MatEntry } from "./mat-entry.ts";
import type { MatVariable } from "./mat-value.ts";

type Library = typeof H5;

let opened = 0;

/** Reads the variables, all or those that are wanted; the file has to fit into memory beside them. */
export function readHdf5Mat(
  source: ByteSource,
  wanted?: ReadonlySet<string>,
): Promise<MatVariable[]> {
  return withFile(source, (library, file) => {
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
  return withFile(source, (library, file) =>
    variablesOf(file).flatMap(([name, entity]) => {
      const entry = describeEntity(library, entity);
      return entry ? [{ name, ...entry }] : [];
    }),
  );
}

/** Lends the bytes to the library as a file of its own. */
async function withFile<T>(
  source: ByteSource,
  use: (library: Library, file: H5.File) => T,
): Promise<T> {
  // Loaded only now: four megabytes that most users never need.
  const library = await import("h5wasm");
  const { FS, activate_throwing_error_handler } = await library.ready;
  // Otherwise the library prints its errors and goes on.
  activate_throwing_error_handler();
  const bytes = allocateBytes(source.byteLength, source.name);
  await source.readInto(0, bytes);
  const name = `roentgen-${opened++}.mat`;
  FS.createDataFile("/", name, bytes, true, false, true);
  try {
    const file = new library.File(`/${name}`, "r");
    try {
      return use(library, file);
    } finally {
      file.close();
    }
  } catch (cause) {
    if (cause instanceof RoentgenError) throw cause;
    throw damaged(source.name, {
      expected: "a sound HDF5 file",
      found: `an error in it (${firstLine(cause)})`,
      cause,
    });
  } finally {
    FS.unlink(`/${name}`);
  }
}

/** MATLAB keeps what cells and objects refer to in #refs# and #subsystem#; these are no variables. */
function variablesOf(file: H5.File): [name: string, entity: H5.Entity][] {
  return file.keys().flatMap((name): [string, H5.Entity][] => {
    const entity = name.startsWith("#") ? null : file.get(name);
    return entity ? [[name, entity]] : [];
  });
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n")[0].slice(0, 120);
}
