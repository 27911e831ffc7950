// Arrays of MAT-files level 5 (miMATRIX elements) as values (MathWorks, MAT-File Format, chapter 1).

import type { Tensor } from "../../base/index.ts";
import { columnMajorStrides, elementCount } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import type { NumericData, NumericDType } from "../elements/element-types.ts";
import { readNumbers } from "./level5-numbers.ts";
import { readSparse } from "./level5-sparse.ts";
import type { ElementCursor } from "./level5-tags.ts";
import { elementBytes, nextElement, storage } from "./level5-tags.ts";
import { latin1, readChar } from "./level5-text.ts";
import type { MatField, MatNumeric, MatValue, MatVariable } from "./mat-value.ts";

/** Array classes (table 1-3). */
export const arrayClass = {
  cell: 1,
  struct: 2,
  object: 3,
  char: 4,
  sparse: 5,
  double: 6,
  single: 7,
  int8: 8,
  uint8: 9,
  int16: 10,
  uint16: 11,
  int32: 12,
  uint32: 13,
  int64: 14,
  uint64: 15,
  function: 16,
  opaque: 17,
} as const;

const numericClasses: Readonly<Record<number, NumericDType>> = {
  [arrayClass.double]: "float64",
  [arrayClass.single]: "float32",
  [arrayClass.int8]: "int8",
  [arrayClass.uint8]: "uint8",
  [arrayClass.int16]: "int16",
  [arrayClass.uint16]: "uint16",
  [arrayClass.int32]: "int32",
  [arrayClass.uint32]: "uint32",
  [arrayClass.int64]: "int64",
  [arrayClass.uint64]: "uint64",
};

/** Cells and structs within each other; nobody nests this deep, only damaged or hostile files do. */
export const deepestNesting = 128;

const mostDimensions = 64;

export interface ArrayHeader {
  readonly class: number;
  readonly complex: boolean;
  readonly global: boolean;
  readonly logical: boolean;
  /** Empty for opaque objects, which announce no dimensions. */
  readonly shape: readonly number[];
  readonly count: number;
  readonly name: string;
}

/** Reads the array in the cursor's range as a named variable. */
export function readMatrixVariable(cursor: ElementCursor): MatVariable {
  const header = readArrayHeader(cursor);
  const value = readContent(cursor, header);
  return header.global ? { name: header.name, value, global: true } : { name: header.name, value };
}

/** Flags, dimensions and name: everything before the content. */
export function readArrayHeader(cursor: ElementCursor): ArrayHeader {
  const flags = nextElement(cursor);
  if (flags.type !== storage.uint32 || flags.length !== 8) {
    throw damaged(cursor.name, {
      expected: "array flags of 8 bytes",
      found: `a data element of type ${flags.type} and ${flags.length} bytes`,
    });
  }
  const word = cursor.view.getUint32(flags.start, cursor.order === "little");
  const kind = word & 0xff;
  const shape = kind === arrayClass.opaque ? [] : readDimensions(cursor);
  const name = latin1(elementBytes(cursor, nextElement(cursor)));
  return {
    class: kind,
    complex: (word & 0x0800) !== 0,
    global: (word & 0x0400) !== 0,
    logical: (word & 0x0200) !== 0,
    shape,
    count: elementCount(shape),
    name,
  };
}

function readDimensions(cursor: ElementCursor): number[] {
  const { type, start, length } = nextElement(cursor);
  const shape = Array.from({ length: Math.min(mostDimensions + 1, length / 4) }, (_, axis) =>
    cursor.view.getInt32(start + 4 * axis, cursor.order === "little"),
  );
  const sound =
    (type === storage.int32 || type === storage.uint32) &&
    shape.length >= 2 &&
    shape.length <= mostDimensions &&
    shape.every((extent) => extent >= 0) &&
    Number.isSafeInteger(elementCount(shape));
  if (sound) return shape;
  throw damaged(cursor.name, {
    expected: "two or more dimensions, none negative",
    found: `dimensions ${shape.slice(0, 8).join("×")}`,
  });
}

function readContent(cursor: ElementCursor, header: ArrayHeader): MatValue {
  const { shape } = header;
  const dtype = numericClasses[header.class];
  if (dtype) return readNumeric(cursor, header, dtype);
  switch (header.class) {
    case arrayClass.char:
      return readChar(cursor, header);
    case arrayClass.sparse:
      return readSparse(cursor, header);
    case arrayClass.cell:
      return { kind: "cell", shape, elements: readArrays(cursor, header.count) };
    case arrayClass.struct:
      return { kind: "struct", shape, fields: readFields(cursor, header) };
    case arrayClass.object: {
      const className = latin1(elementBytes(cursor, nextElement(cursor)));
      return { kind: "object", className, shape, fields: readFields(cursor, header) };
    }
    case arrayClass.function:
      return { kind: "function", content: readArrays(cursor, 1)[0] };
    case arrayClass.opaque:
      return readOpaque(cursor);
    default:
      throw unsupported(cursor.name, { found: `an array of unknown class ${header.class}` });
  }
}

function readNumeric(cursor: ElementCursor, header: ArrayHeader, dtype: NumericDType): MatValue {
  const { shape, count, complex, logical } = header;
  const strides = columnMajorStrides(shape);
  if (!complex) {
    const stored = logical ? "bool" : dtype;
    const data = readNumbers(cursor, stored, count);
    return {
      kind: logical ? "logical" : "numeric",
      tensor: { dtype: stored, shape, strides, data },
    };
  }
  const single = dtype === "float32";
  const part = single ? "float32" : "float64";
  const data = interleave(readNumbers(cursor, part, count), readNumbers(cursor, part, count));
  const tensor: Tensor = { dtype: single ? "complex64" : "complex128", shape, strides, data };
  return { kind: "numeric", tensor };
}

/** Real and imaginary parts side by side. */
export function interleave(real: NumericData, imaginary: NumericData): Float32Array | Float64Array {
  const data =
    real instanceof Float32Array
      ? new Float32Array(2 * real.length)
      : new Float64Array(2 * real.length);
  for (let index = 0; index < real.length; index++) {
    data[2 * index] = real[index] as number;
    data[2 * index + 1] = imaginary[index] as number;
  }
  return data;
}

/** Reads so many arrays, one after the other, as the content of a cell or struct. */
function readArrays(cursor: ElementCursor, count: number): MatValue[] {
  // Each takes 8 bytes at least, so a count beyond that is refused before it costs memory.
  if (count > (cursor.end - cursor.at) / 8) {
    throw damaged(cursor.name, {
      expected: `${count} arrays within a cell or struct`,
      found: `${cursor.end - cursor.at} bytes for them`,
    });
  }
  if (++cursor.depth > deepestNesting) {
    throw damaged(cursor.name, {
      expected: `at most ${deepestNesting} cells or structs within each other`,
      found: "more",
    });
  }
  const values = Array.from({ length: count }, () => readNestedArray(cursor));
  cursor.depth--;
  return values;
}

function readNestedArray(cursor: ElementCursor): MatValue {
  const { type, start, length } = nextElement(cursor);
  if (type !== storage.matrix) {
    throw damaged(cursor.name, {
      expected: "an array within a cell or struct",
      found: `a data element of type ${type}`,
    });
  }
  if (length === 0) return emptyArray();
  const after = { at: cursor.at, end: cursor.end };
  cursor.at = start;
  cursor.end = start + length;
  const value = readContent(cursor, readArrayHeader(cursor));
  Object.assign(cursor, after);
  return value;
}

/** [] of MATLAB: an array element without content. */
export function emptyArray(): MatNumeric {
  const tensor: Tensor = {
    dtype: "float64",
    shape: [0, 0],
    strides: [1, 0],
    data: new Float64Array(0),
  };
  return { kind: "numeric", tensor };
}

/** Field names, each in a slot of the same length, then the values: all fields of the first struct, … */
function readFields(cursor: ElementCursor, { count }: ArrayHeader): MatField[] {
  const lengthElement = nextElement(cursor);
  const slot =
    lengthElement.type === storage.int32 && lengthElement.length === 4
      ? cursor.view.getInt32(lengthElement.start, cursor.order === "little")
      : 0;
  const slots = elementBytes(cursor, nextElement(cursor));
  if (slot < 1 || slots.length % slot !== 0) {
    throw damaged(cursor.name, {
      expected: "field names in slots of one length",
      found: `${slots.length} bytes in slots of ${slot}`,
    });
  }
  const names = Array.from({ length: slots.length / slot }, (_, index) =>
    latin1(slots.subarray(index * slot, (index + 1) * slot)),
  );
  const values = readArrays(cursor, count * names.length);
  return names.map((name, field) => ({
    name,
    values: Array.from({ length: count }, (_, index) => values[index * names.length + field]),
  }));
}

/** Type system ("MCOS", "java"), class name, and content that only MATLAB understands. */
function readOpaque(cursor: ElementCursor): MatValue {
  nextElement(cursor);
  const className = latin1(elementBytes(cursor, nextElement(cursor)));
  return { kind: "opaque", className };
}
