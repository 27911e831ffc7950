// One array as a miMATRIX element of MAT-files level 5 (MathWorks, MAT-File Format, chapter 1).

import type { DType, Tensor } from "../../base/index.ts";
import { elementCount, RoentgenError } from "../../base/index.ts";
import { nativeByteOrder } from "../elements/byte-order.ts";
import { dataInLayout } from "../elements/layout.ts";
import { arrayClass } from "./level5-matrix.ts";
import { storage } from "./level5-tags.ts";
import type { MatChar, MatObject, MatSparse, MatStruct, MatValue } from "./mat-value.ts";
import { describeMatValue } from "./mat-value.ts";

/** Pieces of the file and how many bytes they are together. */
export interface Pieces {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

type NumberKind = readonly [arrayClass: number, storage: number];

const numberKinds: Partial<Readonly<Record<DType, NumberKind>>> = {
  int8: [arrayClass.int8, storage.int8],
  uint8: [arrayClass.uint8, storage.uint8],
  int16: [arrayClass.int16, storage.int16],
  uint16: [arrayClass.uint16, storage.uint16],
  int32: [arrayClass.int32, storage.int32],
  uint32: [arrayClass.uint32, storage.uint32],
  int64: [arrayClass.int64, storage.int64],
  uint64: [arrayClass.uint64, storage.uint64],
  float32: [arrayClass.single, storage.single],
  float64: [arrayClass.double, storage.double],
  complex64: [arrayClass.single, storage.single],
  complex128: [arrayClass.double, storage.double],
};

const complexFlag = 0x0800;
const globalFlag = 0x0400;
const logicalFlag = 0x0200;
/** MATLAB's namelengthmax. */
const longestName = 63;

/** The array with its tag. */
export function arrayPieces(
  value: MatValue,
  name: string,
  { global = false, nested = false } = {},
): Pieces {
  if (!nested) checkName(name, "variable");
  const { flags, shape, content, nonzeros = 0 } = contentOf(value, name);
  const head = [
    element(storage.uint32, Uint32Array.of(flags | (global ? globalFlag : 0), nonzeros)),
    element(storage.int32, Int32Array.from(checkedShape(shape, name))),
    element(storage.int8, asciiBytes(nested ? "" : name)),
  ];
  const body = join([...head, ...content]);
  return join([{ pieces: [tag(storage.matrix, body.length)], length: 8 }, body]);
}

interface Content {
  readonly flags: number;
  readonly shape: readonly number[];
  readonly content: readonly Pieces[];
  readonly nonzeros?: number;
}

function contentOf(value: MatValue, name: string): Content {
  switch (value.kind) {
    case "numeric":
      return numericContent(value.tensor, name);
    case "logical":
      return {
        flags: arrayClass.uint8 | logicalFlag,
        shape: value.tensor.shape,
        content: [element(storage.uint8, dataInLayout(value.tensor, "column-major") as Uint8Array)],
      };
    case "char":
      return charContent(value);
    case "sparse":
      return sparseContent(value);
    case "cell":
      return {
        flags: arrayClass.cell,
        shape: value.shape,
        content: nestedArrays(value.elements, elementCount(value.shape), name),
      };
    case "struct":
    case "object":
      return structContent(value, name);
    case "function":
    case "opaque":
      throw new RoentgenError("type-mismatch", {
        problem: `Cannot write ${name} to a MAT-file`,
        expected: "numbers, text, cells or structs",
        found: `a ${describeMatValue(value)}`,
        subject: name,
      });
  }
  return value satisfies never;
}

function numericContent(tensor: Tensor, name: string): Content {
  const kind = numberKinds[tensor.dtype];
  if (!kind) {
    throw new RoentgenError("type-mismatch", {
      problem: `Cannot write ${name} to a MAT-file`,
      expected: "a numeric value of a dtype that MATLAB has",
      found: tensor.dtype,
      remedy: "Give the array itself ({ name, tensor }), which is converted.",
      subject: name,
    });
  }
  const [flags, stored] = kind;
  const data = dataInLayout(tensor, "column-major") as Float64Array;
  const complex = tensor.dtype.startsWith("complex");
  const parts = complex ? [everyOther(data, 0), everyOther(data, 1)] : [data];
  return {
    flags: complex ? flags | complexFlag : flags,
    shape: tensor.shape,
    content: parts.map((part) => element(stored, part)),
  };
}

function everyOther(data: Float64Array, first: number): Float64Array {
  const part = new (data.constructor as Float64ArrayConstructor)(data.length / 2);
  for (let index = 0; index < part.length; index++) part[index] = data[2 * index + first];
  return part;
}

/** Column-major; the width counts UTF-16 units. ASCII is written as UTF-8, the rest as UTF-16, as MATLAB 7 does. */
function charContent({ rows, shape }: MatChar): Content {
  const [height, announced, ...pages] = shape;
  const width = rows[0]?.length ?? announced;
  const units = new Uint16Array(rows.length * width);
  if (rows.some((row) => row.length !== width)) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot write text to a MAT-file",
      expected: `rows of one length, ${width}`,
      found: `rows of ${rows
        .map((row) => row.length)
        .slice(0, 8)
        .join(", ")}`,
      remedy: "Pad them with spaces, or use a cell with one text an element.",
    });
  }
  rows.forEach((row, index) => {
    const start = Math.floor(index / height) * height * width + (index % height);
    for (let at = 0; at < width; at++) units[start + at * height] = row.charCodeAt(at);
  });
  const ascii = units.every((unit) => unit < 128);
  return {
    flags: arrayClass.char,
    shape: [height, width, ...pages],
    content: [
      ascii ? element(storage.utf8, Uint8Array.from(units)) : element(storage.utf16, units),
    ],
  };
}

function sparseContent({ shape, rowIndices, columnStarts, values }: MatSparse): Content {
  const numbers = values.dtype === "bool" ? undefined : numericContent(values, "values");
  const logical = element(storage.uint8, values.data as Uint8Array);
  const complex = numbers ? numbers.flags & complexFlag : logicalFlag;
  return {
    flags: arrayClass.sparse | complex,
    shape,
    nonzeros: Math.max(1, rowIndices.length),
    content: [
      element(storage.int32, rowIndices),
      element(storage.int32, columnStarts),
      ...(numbers?.content ?? [logical]),
    ],
  };
}

/** Field names in slots of one length, NUL at the end, then all fields of the first struct, … */
function structContent(value: MatStruct | MatObject, name: string): Content {
  const { fields, shape } = value;
  for (const field of fields) checkName(field.name, "field");
  const slot = fields.reduce((longest, field) => Math.max(longest, field.name.length), 0) + 1;
  const names = fields.map((field) => field.name.padEnd(slot, "\0")).join("");
  const count = elementCount(shape);
  const inOrder = Array.from({ length: count * fields.length }, (_, index) => {
    const { values } = fields[index % fields.length];
    return values[Math.floor(index / fields.length)];
  });
  const head = [
    element(storage.int32, Int32Array.of(slot)),
    element(storage.int8, asciiBytes(names)),
  ];
  const nested = nestedArrays(inOrder, count * fields.length, name);
  if (value.kind === "struct") {
    return { flags: arrayClass.struct, shape, content: [...head, ...nested] };
  }
  const className = element(storage.int8, asciiBytes(value.className));
  return { flags: arrayClass.object, shape, content: [className, ...head, ...nested] };
}

function nestedArrays(values: readonly MatValue[], count: number, name: string): Pieces[] {
  if (values.length !== count || values.includes(undefined as never)) {
    throw new RoentgenError("shape-mismatch", {
      problem: `Cannot write ${name} to a MAT-file`,
      expected: `${count} values, as its shape says`,
      found: `${values.filter(Boolean).length}`,
      subject: name,
    });
  }
  return values.map((value) => arrayPieces(value, name, { nested: true }));
}

/** Tag, bytes and padding to 8; up to 4 bytes go into the tag itself. */
function element(type: number, data: ArrayBufferView): Pieces {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { length } = bytes;
  if (length > 0 && length <= 4) {
    const small = tag((length << 16) | type, 0);
    small.set(bytes, 4);
    return { pieces: [small], length: 8 };
  }
  const padding = (8 - (length % 8)) % 8;
  return {
    pieces: [tag(type, length), bytes, new Uint8Array(padding)],
    length: 8 + length + padding,
  };
}

function tag(type: number, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, nativeByteOrder === "little");
  // Beyond 32 bits the file is refused as a whole, by its total length.
  view.setUint32(4, length, nativeByteOrder === "little");
  return bytes;
}

function join(parts: readonly Pieces[]): Pieces {
  return {
    pieces: parts.flatMap(({ pieces }) => pieces),
    length: parts.reduce((sum, { length }) => sum + length, 0),
  };
}

function checkedShape(shape: readonly number[], name: string): readonly number[] {
  if (shape.length >= 2 && shape.every((extent) => extent < 2 ** 31)) return shape;
  throw new RoentgenError("shape-mismatch", {
    problem: `Cannot write ${name} to a MAT-file`,
    expected: "two or more dimensions below 2³¹",
    found: `shape [${shape.join(", ")}]`,
    remedy: "Give the array itself ({ name, tensor }), which becomes a matrix.",
    subject: name,
  });
}

/** Names that MATLAB can use: letters, digits and underscores, a letter first. */
function checkName(name: string, kind: "variable" | "field"): void {
  if (/^[A-Za-z]\w*$/.test(name) && name.length <= longestName) return;
  throw new RoentgenError("value-invalid", {
    problem: `Cannot write the ${kind} ${JSON.stringify(name)} to a MAT-file`,
    expected: `a name of letters, digits and underscores, a letter first, at most ${longestName}`,
    remedy: "Rename it.",
    subject: name,
  });
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
