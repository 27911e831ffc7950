// MAT-files of version 7.3: HDF5 with MATLAB's attributes, read through the HDF5 library in WebAssembly.

import type * as H5 from "h5wasm";
import type { ByteSource } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { attribute } from "./hdf5-data.ts";
import { createHdf5Reader } from "./hdf5-value.ts";
import type { MatVariable } from "./mat-value.ts";

type Library = typeof H5;

let opened = 0;

/** Reads every variable; the file has to fit into memory beside them. */
export async function readHdf5Mat(source: ByteSource): Promise<MatVariable[]> {
  // Loaded only now: four megabytes that most users never need.
  const library = await import("h5wasm");
  const { FS, activate_throwing_error_handler } = await library.ready;
  // Otherwise the library prints its errors and goes on.
  activate_throwing_error_handler();
  const bytes = allocateBytes(source.byteLength, source.name);
  await source.readInto(0, bytes);
  const folder = "/";
  const file = `roentgen-${opened++}.mat`;
  FS.createDataFile(folder, file, bytes, true, false, true);
  try {
    return readVariables(library, folder + file, source);
  } catch (cause) {
    if (cause instanceof RoentgenError) throw cause;
    throw damaged(source.name, {
      expected: "a sound HDF5 file",
      found: `an error in it (${firstLine(cause)})`,
      cause,
    });
  } finally {
    FS.unlink(folder + file);
  }
}

function readVariables(library: Library, path: string, source: ByteSource): MatVariable[] {
  const file = new library.File(path, "r");
  try {
    const reader = createHdf5Reader(library, source);
    // MATLAB keeps what cells and objects refer to in #refs# and #subsystem#.
    const names = file.keys().filter((name) => !name.startsWith("#"));
    return names.flatMap((name) => {
      const entity = file.get(name);
      const value = entity && reader.readValue(entity);
      if (!value) return [];
      const global = Number(attribute(entity, "MATLAB_global") ?? 0) !== 0;
      return [global ? { name, value, global } : { name, value }];
    });
  } finally {
    file.close();
  }
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n")[0].slice(0, 120);
}
