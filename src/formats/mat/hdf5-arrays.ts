// Datasets of MAT-files 7.3 that are arrays: numbers, truth values, text, and empty ones of any class.

import type * as H5 from "h5wasm";
import type { Tensor } from "../../base/index.ts";
import { columnMajorStrides, elementCount } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { NumericData, NumericDType } from "../elements/element-types.ts";
import { numbersFromBytes } from "../elements/element-types.ts";
import type { Hdf5Context } from "../hdf5/data.ts";
import { attribute, datasetBytes, realDType } from "../hdf5/data.ts";
import { emptyArray, interleave } from "./level5-matrix.ts";
import { convertNumbers } from "./level5-numbers.ts";
import { charFromUnits } from "./level5-text.ts";
import type { MatNumeric, MatValue } from "./mat-value.ts";

/** MATLAB classes whose datasets are plain numbers. */
const numericClasses: Readonly<Record<string, NumericDType>> = {
  double: "float64",
  single: "float32",
  int8: "int8",
  uint8: "uint8",
  int16: "int16",
  uint16: "uint16",
  int32: "int32",
  uint32: "uint32",
  int64: "int64",
  uint64: "uint64",
};

/** A dataset that refers to no others; opaque where only MATLAB understands it. */
export function readArray(context: Hdf5Context, dataset: H5.Dataset): MatValue {
  const matlabClass = attribute(dataset, "MATLAB_class");
  const value = readKnown(context, dataset, matlabClass);
  return value ?? { kind: "opaque", className: String(matlabClass ?? "unknown to MATLAB") };
}

function readKnown(
  context: Hdf5Context,
  dataset: H5.Dataset,
  matlabClass: unknown,
): MatValue | undefined {
  if (attribute(dataset, "MATLAB_object_decode") !== undefined) return undefined;
  if (matlabClass === "char") return readChar(context, dataset);
  if (matlabClass === "logical") return readLogical(context, dataset);
  // Other programs write numbers without a class.
  if (matlabClass !== undefined && !dtypeOfClass(matlabClass)) return undefined;
  return readNumeric(context, dataset);
}

function dtypeOfClass(matlabClass: unknown): NumericDType | undefined {
  const name = String(matlabClass);
  if (name === "logical") return "bool";
  return Object.hasOwn(numericClasses, name) ? numericClasses[name] : undefined;
}

/** HDF5 turns the dimensions round: its slowest axis is MATLAB's last. */
export function matlabShape({ metadata }: H5.Dataset): number[] {
  const shape = (metadata.shape ?? []).toReversed();
  while (shape.length < 2) shape.push(1);
  return shape;
}

function readReal(context: Hdf5Context, dataset: H5.Dataset): NumericData | undefined {
  const dtype = realDType(dataset.metadata);
  return dtype && numbersFromBytes(datasetBytes(context, dataset), dtype, "little");
}

/** Small integers of any type: characters, truth values, dimensions, indices. */
export function readIntegers(context: Hdf5Context, dataset: H5.Dataset): number[] | undefined {
  const numbers = readReal(context, dataset) as ArrayLike<number | bigint> | undefined;
  return numbers && Array.from(numbers, Number);
}

function readChar(context: Hdf5Context, dataset: H5.Dataset): MatValue | undefined {
  const characters = readIntegers(context, dataset)?.map((unit) => String.fromCharCode(unit));
  return characters && charFromUnits(characters, matlabShape(dataset));
}

function readLogical(context: Hdf5Context, dataset: H5.Dataset): MatValue | undefined {
  const numbers = readReal(context, dataset);
  const shape = matlabShape(dataset);
  const strides = columnMajorStrides(shape);
  if (!numbers) return undefined;
  const data = convertNumbers(numbers, "bool");
  return { kind: "logical", tensor: { dtype: "bool", shape, strides, data } };
}

/** Real or complex numbers; undefined if the dataset holds neither. */
export function readNumeric(context: Hdf5Context, dataset: H5.Dataset): MatNumeric | undefined {
  const shape = matlabShape(dataset);
  const strides = columnMajorStrides(shape);
  const dtype = realDType(dataset.metadata);
  if (dtype) {
    const data = readReal(context, dataset);
    return data && { kind: "numeric", tensor: { dtype, shape, strides, data } };
  }
  const data = readComplex(context, dataset);
  if (!data) return undefined;
  const complex = data instanceof Float32Array ? "complex64" : "complex128";
  return { kind: "numeric", tensor: { dtype: complex, shape, strides, data } };
}

/** Complex numbers are pairs named real and imag. */
function readComplex(context: Hdf5Context, dataset: H5.Dataset) {
  const { compound_type, size } = dataset.metadata;
  const real = compound_type?.members.find(({ name }) => name === "real");
  const imaginary = compound_type?.members.find(({ name }) => name === "imag");
  const dtype = real && realDType(real);
  if (!dtype || real.type !== imaginary?.type || real.size !== imaginary.size) return undefined;
  const part = dtype === "float32" ? "float32" : "float64";
  const bytes = datasetBytes(context, dataset);
  if (dtype === part && size === 2 * real.size && real.offset === 0) {
    return numbersFromBytes(bytes, part, "little") as Float32Array | Float64Array;
  }
  const columns = [real, imaginary].map(({ offset }) =>
    memberBytes(bytes, size, offset, real.size),
  );
  const [first, second] = columns.map((column) =>
    convertNumbers(numbersFromBytes(column, dtype, "little"), part),
  );
  return interleave(first, second);
}

/** The bytes of one member of every record. */
function memberBytes(bytes: Uint8Array, recordSize: number, offset: number, size: number) {
  const column = new Uint8Array((bytes.byteLength / recordSize) * size);
  for (let from = offset, to = 0; to < column.length; from += recordSize, to += size) {
    column.set(bytes.subarray(from, from + size), to);
  }
  return column;
}

/** An empty array's dataset holds its dimensions. */
export function readEmpty(context: Hdf5Context, dataset: H5.Dataset): MatValue {
  const matlabClass = attribute(dataset, "MATLAB_class");
  const announced = readIntegers(context, dataset) ?? [];
  const shape = announced.length >= 2 ? announced : [0, 0];
  if (matlabClass === "struct") {
    const fields = fieldNames(dataset)?.map((name) => ({ name, values: [] })) ?? [];
    return { kind: "struct", shape, fields };
  }
  if (elementCount(shape) !== 0) {
    throw damaged(context.source.name, {
      expected: `an empty array in ${dataset.path}`,
      found: `dimensions ${shape.join("×")}`,
    });
  }
  if (matlabClass === "cell") return { kind: "cell", shape, elements: [] };
  if (matlabClass === "char") return charFromUnits([], shape);
  const dtype = dtypeOfClass(matlabClass);
  if (!dtype) return emptyArray();
  const data = convertNumbers(new Uint8Array(0), dtype);
  const tensor: Tensor = { dtype, shape, strides: columnMajorStrides(shape), data };
  return { kind: dtype === "bool" ? "logical" : "numeric", tensor };
}

/** MATLAB_fields keeps the order: names as arrays of single characters. */
export function fieldNames(entity: H5.Group | H5.Dataset): string[] | undefined {
  const names = entity.attrs.MATLAB_fields?.value;
  if (!Array.isArray(names)) return undefined;
  return names.map((name) => (Array.isArray(name) ? name.join("") : String(name)));
}
