// Writes MAT-files level 5, which MATLAB 5 and later, Octave and scipy read (MathWorks, MAT-File Format).

import { zlibSync } from "fflate";
import { RoentgenError } from "../../base/index.ts";
import type { NamedTensor } from "../data-file.ts";
import { nativeByteOrder } from "../elements/byte-order.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import { storage } from "./level5-tags.ts";
import { arrayPieces } from "./level5-write-array.ts";
import type { MatVariable } from "./mat-value.ts";
import { tensorToMat } from "./tensor-to-mat.ts";

/** How to write a MAT-file. */
export interface MatWriteOptions {
  /** Compress each variable with zlib, as MATLAB 7 does; false by default. */
  compress?: boolean;
}

/** More than this MATLAB itself refuses in one variable of level 5. */
const mostVariableBytes = 2 ** 31 - 1;

/**
 * The file as one piece of memory.
 * @throws RoentgenError "value-invalid" (a name MATLAB would not take), "type-mismatch" (function
 *   handles and opaque objects), "too-large" (a variable of 2 GiB)
 */
export function writeMat(
  variables: readonly (MatVariable | NamedTensor)[],
  options: MatWriteOptions = {},
): Uint8Array {
  return joinBytes([...matChunks(variables, options)]);
}

/** The same file in pieces, with no copy of numbers that already lie in column-major order. */
export function* matChunks(
  variables: readonly (MatVariable | NamedTensor)[],
  { compress = false }: MatWriteOptions = {},
): Generator<Uint8Array> {
  checkNames(variables);
  yield fileHeader();
  for (const variable of variables) {
    const value = "tensor" in variable ? tensorToMat(variable.tensor) : variable.value;
    const global = "global" in variable && variable.global === true;
    const { pieces, length } = arrayPieces(value, variable.name, { global });
    if (length > mostVariableBytes) throw tooLarge(variable.name, length);
    if (compress) yield* compressedElement(pieces);
    else yield* pieces;
  }
}

/** 116 bytes of text, 8 of no subsystem data, version 1.0 and the byte order mark. */
function fileHeader(): Uint8Array {
  const header = new Uint8Array(128).fill(0x20, 0, 116);
  header.set(new TextEncoder().encode("MATLAB 5.0 MAT-file, written by Roentgen"));
  new Uint16Array(header.buffer, 124, 2).set([0x0100, 0x4d49]);
  return header;
}

/** All at once: what fflate 0.8.3 deflates piece by piece can't always be inflated (its issue 260). */
function compressedElement(pieces: readonly Uint8Array[]): Uint8Array[] {
  const compressed = zlibSync(joinBytes(pieces));
  const tag = new Uint8Array(8);
  const view = new DataView(tag.buffer);
  view.setUint32(0, storage.compressed, nativeByteOrder === "little");
  view.setUint32(4, compressed.byteLength, nativeByteOrder === "little");
  return [tag, compressed];
}

function checkNames(variables: readonly { name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of variables) {
    if (names.has(name)) {
      throw new RoentgenError("value-invalid", {
        problem: "Cannot write a MAT-file",
        expected: "variables with different names",
        found: `"${name}" twice`,
        subject: name,
      });
    }
    names.add(name);
  }
}

function tooLarge(name: string, length: number): RoentgenError {
  return new RoentgenError("too-large", {
    problem: `Cannot write ${name} to a MAT-file`,
    expected: "less than 2 GiB in one variable",
    found: `${length} bytes`,
    remedy: "Write a .npy file, or split the variable.",
    subject: name,
  });
}
