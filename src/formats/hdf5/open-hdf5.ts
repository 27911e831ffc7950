// HDF5 files opened by the HDF5 library in WebAssembly.

import type * as H5 from "h5wasm";
import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { allocateBytes } from "../elements/element-types.ts";

type Library = typeof H5;

let opened = 0;

/** Lends the bytes to the library as a file of its own. */
export async function withHdf5File<T>(
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
  const name = `roentgen-${opened++}.h5`;
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

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n")[0].slice(0, 120);
}
