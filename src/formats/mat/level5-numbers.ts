// Numbers of MAT-files level 5: stored in any type that holds them, read as the type of their class.

import { damaged } from "../damage.ts";
import type { NumericData, NumericDType } from "../elements/element-types.ts";
import { elementTypes, numbersFromBytes } from "../elements/element-types.ts";
import type { Element, ElementCursor } from "./level5-tags.ts";
import { elementBytes, nextElement, storage } from "./level5-tags.ts";

/** How each storage type lies in the file. */
const storedAs: Readonly<Record<number, NumericDType>> = {
  [storage.int8]: "int8",
  [storage.uint8]: "uint8",
  [storage.int16]: "int16",
  [storage.uint16]: "uint16",
  [storage.int32]: "int32",
  [storage.uint32]: "uint32",
  [storage.single]: "float32",
  [storage.double]: "float64",
  [storage.int64]: "int64",
  [storage.uint64]: "uint64",
};

/** Reads the next element as `count` numbers of this dtype. */
export function readNumbers(
  cursor: ElementCursor,
  dtype: NumericDType,
  count: number,
): NumericData {
  // Arrays without elements may lack their data element.
  if (count === 0 && cursor.at === cursor.end) return convertNumbers(new Uint8Array(0), dtype);
  const numbers = decodeNumbers(cursor, nextElement(cursor), dtype);
  if (numbers.length === count) return numbers;
  throw damaged(cursor.name, {
    expected: `${count} numbers, as the dimensions say`,
    found: `${numbers.length}`,
  });
}

/** Reads the next element as however many numbers it holds. */
export function readAllNumbers(cursor: ElementCursor, dtype: NumericDType): NumericData {
  return decodeNumbers(cursor, nextElement(cursor), dtype);
}

function decodeNumbers(cursor: ElementCursor, element: Element, dtype: NumericDType): NumericData {
  const stored = storedAs[element.type];
  if (!stored) {
    throw damaged(cursor.name, {
      expected: "numbers",
      found: `a data element of type ${element.type}`,
    });
  }
  if (element.length % elementTypes[stored].byteLength !== 0) {
    throw damaged(cursor.name, {
      expected: `whole ${stored} numbers`,
      found: `${element.length} bytes`,
    });
  }
  return convertNumbers(numbersFromBytes(ownBytes(cursor, element), stored, cursor.order), dtype);
}

/** A view if the numbers are most of the variable, else a copy that does not hold on to the rest. */
function ownBytes(cursor: ElementCursor, element: Element): Uint8Array {
  const bytes = elementBytes(cursor, element);
  return 2 * bytes.byteLength >= bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** The same numbers in the array type of `dtype` (bool: 0 and 1); no copy if they are in it already. */
export function convertNumbers(numbers: NumericData, dtype: NumericDType): NumericData {
  if (dtype === "bool") return truthOf(numbers);
  const { array } = elementTypes[dtype];
  if (numbers instanceof array) return numbers;
  const wide = dtype === "int64" || dtype === "uint64";
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) {
    return array.from<bigint>(numbers, wide ? (value) => value : Number);
  }
  return wide ? array.from<number>(numbers, toBigInt) : new array(numbers);
}

function truthOf(numbers: NumericData): Uint8Array {
  const truth = new Uint8Array(numbers.length);
  for (let index = 0; index < truth.length; index++) truth[index] = numbers[index] ? 1 : 0;
  return truth;
}

function toBigInt(value: number): bigint {
  return BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);
}
