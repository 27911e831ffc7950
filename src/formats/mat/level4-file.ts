// MAT-files level 4 (MATLAB 4 and before): full, text and sparse matrices, one header of 20 bytes each.

import type { ByteSource, Tensor } from "../../base/index.ts";
import { columnMajorStrides } from "../../base/index.ts";
import { damaged, truncated, unsupported } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import type { NumericDType } from "../elements/element-types.ts";
import { allocateBytes, elementTypes, numbersFromBytes } from "../elements/element-types.ts";
import { sparseFromTriplets } from "./level4-sparse.ts";
import { interleave } from "./level5-matrix.ts";
import { convertNumbers } from "./level5-numbers.ts";
import { charFromUnits, latin1 } from "./level5-text.ts";
import type { MatEntry } from "./mat-entry.ts";
import type { MatValue, MatVariable } from "./mat-value.ts";

interface Level4Header {
  readonly order: ByteOrder;
  readonly stored: NumericDType;
  readonly kind: "full" | "text" | "sparse";
  readonly rows: number;
  readonly columns: number;
  readonly complex: boolean;
  readonly nameBytes: number;
}

const headerBytes = 20;
/** P of the type number MOPT. */
const storedAs: readonly NumericDType[] = [
  "float64",
  "float32",
  "int32",
  "int16",
  "uint16",
  "uint8",
];
/** T of the type number MOPT. */
const kinds = ["full", "text", "sparse"] as const;

interface VariablePlace {
  readonly name: string;
  readonly header: Level4Header;
  readonly start: number;
  readonly length: number;
}

/** Reads the variables, in file order. Numbers are doubles, whatever they are stored as: level 4 has no other class. */
export async function readLevel4(
  source: ByteSource,
  wanted?: ReadonlySet<string>,
): Promise<MatVariable[]> {
  const variables: MatVariable[] = [];
  for await (const { name, header, start, length } of variablePlaces(source)) {
    if (wanted && !wanted.has(name)) continue;
    const bytes = allocateBytes(length, source.name);
    await source.readInto(start, bytes);
    variables.push({ name, value: matrixValue(bytes, header, source.name) });
  }
  return variables;
}

/** Names and shapes; a sparse matrix says its size only in its last row, so shapes of those are left empty. */
export async function listLevel4(source: ByteSource): Promise<MatEntry[]> {
  const entries: MatEntry[] = [];
  for await (const { name, header } of variablePlaces(source)) {
    const { kind, rows, columns } = header;
    const sparse = kind === "sparse";
    entries.push({
      name,
      className: kind === "text" ? "char" : "double",
      shape: sparse ? [] : [rows, columns],
      complex: sparse ? columns === 4 : header.complex,
      sparse,
    });
  }
  return entries;
}

async function* variablePlaces(source: ByteSource): AsyncGenerator<VariablePlace> {
  for (let at = 0; at < source.byteLength; ) {
    const header = parseHeader(await source.read(at, headerBytes), source.name);
    const { stored, rows, columns, complex, nameBytes } = header;
    const length = rows * columns * elementTypes[stored].byteLength * (complex ? 2 : 1);
    const start = at + headerBytes + nameBytes;
    at = start + length;
    if (at > source.byteLength) {
      throw truncated(source.name, {
        expected: `${rows}×${columns} numbers at position ${start}`,
        found: `the end of the file at ${source.byteLength}`,
      });
    }
    const name = latin1(await source.read(start - nameBytes, nameBytes));
    yield { name, header, start, length };
  }
}

function parseHeader(bytes: Uint8Array, file: string): Level4Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The type number is at most 4052; in the wrong order it is larger, or 0 in both.
  const little = view.getUint32(0, true) <= 4999;
  const [type, rows, columns, imaginary, nameBytes] = [0, 4, 8, 12, 16].map((offset) =>
    view.getInt32(offset, little),
  );
  const machine = Math.floor(type / 1000);
  const stored = storedAs[Math.floor(type / 10) % 10];
  const kind = kinds[type % 10];
  const sound = type >= 0 && type <= 4999 && Math.floor(type / 100) % 10 === 0 && stored && kind;
  if (!sound || rows < 0 || columns < 0 || nameBytes < 1 || (imaginary !== 0 && imaginary !== 1)) {
    throw damaged(file, { expected: "a matrix of a MAT-file", found: "other bytes" });
  }
  if (machine > 1) {
    throw unsupported(file, {
      found: `numbers in the form of ${["VAX D", "VAX G", "Cray"][machine - 2]}`,
      remedy: "Load it in MATLAB and save it again.",
    });
  }
  const order = little ? "little" : "big";
  return { order, stored, kind, rows, columns, complex: imaginary === 1, nameBytes };
}

function matrixValue(bytes: Uint8Array, header: Level4Header, file: string): MatValue {
  const { rows, columns, complex, stored, order, kind } = header;
  const shape = [rows, columns];
  const strides = columnMajorStrides(shape);
  const numbers = convertNumbers(numbersFromBytes(bytes, stored, order), "float64") as Float64Array;
  if (kind === "sparse") return sparseFromTriplets(numbers, rows, columns, file);
  if (kind === "text") {
    const characters = Array.from(numbers.subarray(0, rows * columns), (code) =>
      String.fromCharCode(code),
    );
    return charFromUnits(characters, shape);
  }
  if (!complex) {
    return { kind: "numeric", tensor: { dtype: "float64", shape, strides, data: numbers } };
  }
  const count = rows * columns;
  const data = interleave(numbers.subarray(0, count), numbers.subarray(count));
  const tensor: Tensor = { dtype: "complex128", shape, strides, data };
  return { kind: "numeric", tensor };
}
