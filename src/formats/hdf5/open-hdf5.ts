// HDF5 files opened by the HDF5 library in WebAssembly.

import type * as H5 from "h5wasm";
import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { damaged, truncated } from "../damage.ts";
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
    throw broken(source, cause);
  } finally {
    FS.unlink(`/${name}`);
  }
}

/** The library says in which function of which function it failed: the innermost one knows why. */
function broken({ name, byteLength }: ByteSource, cause: unknown): RoentgenError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const stored = /truncated file: .*stored_eof = (\d+)/.exec(text)?.[1];
  if (stored !== undefined) {
    return truncated(name, { expected: `${stored} bytes`, found: `${byteLength}`, cause });
  }
  const reason = [...text.matchAll(/\(\): (.*)/g)].at(-1)?.[1] ?? text.split("\n")[0];
  const found = `an error in it (${reason.slice(0, 120)})`;
  return damaged(name, { expected: "a sound HDF5 file", found, cause });
}
