// Datasets and groups of MAT-files 7.3 as values: MATLAB's class and its odd cases are in attributes.

import type * as H5 from "h5wasm";
import type { ByteSource, Tensor } from "../../base/index.ts";
import { columnMajorStrides, elementCount } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { NumericData } from "../elements/element-types.ts";
import { numbersFromBytes } from "../elements/element-types.ts";
import { attribute, datasetBytes, hdf5Class, realDType } from "./hdf5-data.ts";
import { deepestNesting, emptyArray, interleave } from "./level5-matrix.ts";
import { convertNumbers } from "./level5-numbers.ts";
import { checkSparse } from "./level5-sparse.ts";
import { charFromUnits } from "./level5-text.ts";
import type { MatEntry } from "./mat-entry.ts";
import type { MatField, MatSparse, MatValue } from "./mat-value.ts";

type Library = typeof H5;

export interface Hdf5Reader {
  /** The value of a dataset or group; undefined for links that lead nowhere or out of the file. */
  readValue(entity: H5.Entity): MatValue | undefined;
}

interface State {
  readonly library: Library;
  readonly source: ByteSource;
  /** What references led to: read once, and a reference back to what is being read is an error. */
  readonly referenced: Map<string, MatValue | "being read">;
  depth: number;
  /** Objects yet to be visited at most: each takes 16 bytes of the file or more. */
  budget: number;
}

/** MATLAB classes whose datasets are plain numbers. */
const numericClasses = new Set([
  "double",
  "single",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
]);

export function createHdf5Reader(library: Library, source: ByteSource): Hdf5Reader {
  const budget = Math.ceil(source.byteLength / 16);
  const state: State = { library, source, referenced: new Map(), depth: 0, budget };
  return { readValue: (entity) => readValue(state, entity) };
}

/** Class and shape of a variable; undefined for links. Groups (structs, sparse) and empty arrays keep their shape elsewhere. */
export function describeEntity(
  library: Library,
  entity: H5.Entity,
): Omit<MatEntry, "name"> | undefined {
  const matlabClass = attribute(entity, "MATLAB_class");
  if (entity instanceof library.Group) {
    const sparse = attribute(entity, "MATLAB_sparse") !== undefined;
    const className = matlabClass === undefined ? "struct" : String(matlabClass);
    return { className, shape: [], complex: false, sparse };
  }
  if (!(entity instanceof library.Dataset)) return undefined;
  const { metadata } = entity;
  const shape = attribute(entity, "MATLAB_empty") ? [] : matlabShape(entity);
  const complex = metadata.type === hdf5Class.compound;
  const className = String(matlabClass ?? realDType(metadata) ?? "unknown");
  return { className, shape, complex, sparse: false };
}

function readValue(state: State, entity: H5.Entity): MatValue | undefined {
  if (--state.budget < 0) {
    throw damaged(state.source.name, {
      expected: "fewer objects than the file has room for",
      found: "groups within themselves",
    });
  }
  if (++state.depth > deepestNesting) {
    throw damaged(state.source.name, {
      expected: `at most ${deepestNesting} cells or structs within each other`,
      found: "more",
    });
  }
  const { Dataset, Group } = state.library;
  const value =
    entity instanceof Dataset
      ? readDataset(state, entity)
      : entity instanceof Group
        ? readGroup(state, entity)
        : undefined;
  state.depth--;
  return value;
}

function readDataset(state: State, dataset: H5.Dataset): MatValue {
  const matlabClass = attribute(dataset, "MATLAB_class");
  if (attribute(dataset, "MATLAB_empty")) return readEmpty(state, dataset, String(matlabClass));
  if (attribute(dataset, "MATLAB_object_decode") !== undefined) return opaque(matlabClass);
  if (dataset.metadata.type === hdf5Class.reference) return readCell(state, dataset);
  if (matlabClass === "char") {
    const characters = readIntegers(state, dataset)?.map((unit) => String.fromCharCode(unit));
    return characters ? charFromUnits(characters, matlabShape(dataset)) : opaque(matlabClass);
  }
  if (matlabClass === "logical") return readLogical(state, dataset);
  if (matlabClass !== undefined && !numericClasses.has(String(matlabClass))) {
    return opaque(matlabClass);
  }
  return readNumeric(state, dataset) ?? opaque("unknown to MATLAB");
}

/** HDF5 turns the dimensions round: its slowest axis is MATLAB's last. */
function matlabShape({ metadata }: H5.Dataset): number[] {
  const shape = (metadata.shape ?? []).toReversed();
  while (shape.length < 2) shape.push(1);
  return shape;
}

function readReal({ library, source }: State, dataset: H5.Dataset): NumericData | undefined {
  const dtype = realDType(dataset.metadata);
  return dtype && numbersFromBytes(datasetBytes(library, dataset, source), dtype, "little");
}

/** Small integers of any type: characters, truth values, dimensions, indices. */
function readIntegers(state: State, dataset: H5.Dataset): number[] | undefined {
  const numbers = readReal(state, dataset) as ArrayLike<number | bigint> | undefined;
  return numbers && Array.from(numbers, Number);
}

function readLogical(state: State, dataset: H5.Dataset): MatValue {
  const data = Uint8Array.from(readIntegers(state, dataset) ?? [], (value) => (value ? 1 : 0));
  const shape = matlabShape(dataset);
  const tensor: Tensor = { dtype: "bool", shape, strides: columnMajorStrides(shape), data };
  return { kind: "logical", tensor };
}

function readNumeric(state: State, dataset: H5.Dataset): MatValue | undefined {
  const shape = matlabShape(dataset);
  const strides = columnMajorStrides(shape);
  const dtype = realDType(dataset.metadata);
  if (dtype) {
    const data = readReal(state, dataset);
    return data && { kind: "numeric", tensor: { dtype, shape, strides, data } };
  }
  const data = readComplex(state, dataset);
  if (!data) return undefined;
  const complex = data instanceof Float32Array ? "complex64" : "complex128";
  return { kind: "numeric", tensor: { dtype: complex, shape, strides, data } };
}

/** Complex numbers are pairs named real and imag. */
function readComplex({ library, source }: State, dataset: H5.Dataset) {
  const { compound_type, size } = dataset.metadata;
  const real = compound_type?.members.find(({ name }) => name === "real");
  const imaginary = compound_type?.members.find(({ name }) => name === "imag");
  const dtype = real && realDType(real);
  if (!dtype || real.type !== imaginary?.type || real.size !== imaginary.size) return undefined;
  const part = dtype === "float32" ? "float32" : "float64";
  const bytes = datasetBytes(library, dataset, source);
  if (dtype === part && size === 2 * real.size && real.offset === 0) {
    return numbersFromBytes(bytes, part, "little") as Float32Array | Float64Array;
  }
  const [first, second] = [real, imaginary].map(({ offset }) => {
    const column = new Uint8Array((bytes.byteLength / size) * real.size);
    for (let from = offset, to = 0; to < column.length; from += size, to += real.size) {
      column.set(bytes.subarray(from, from + real.size), to);
    }
    return convertNumbers(numbersFromBytes(column, dtype, "little"), part);
  });
  return interleave(first, second);
}

/** Of an empty array the dataset holds the dimensions. */
function readEmpty(state: State, dataset: H5.Dataset, matlabClass: string): MatValue {
  const announced = readIntegers(state, dataset) ?? [];
  const shape = announced.length >= 2 ? announced : [0, 0];
  if (elementCount(shape) !== 0 && matlabClass !== "struct") {
    throw damaged(state.source.name, {
      expected: `an empty array in ${dataset.path}`,
      found: `dimensions ${shape.join("×")}`,
    });
  }
  const strides = columnMajorStrides(shape);
  if (matlabClass === "cell") return { kind: "cell", shape, elements: [] };
  if (matlabClass === "char") return charFromUnits([], shape);
  if (matlabClass === "struct") {
    const fields = fieldNames(dataset)?.map((name) => ({ name, values: [] })) ?? [];
    return { kind: "struct", shape, fields };
  }
  if (matlabClass === "logical") {
    return { kind: "logical", tensor: { dtype: "bool", shape, strides, data: new Uint8Array(0) } };
  }
  const dtype =
    matlabClass === "single" ? "float32" : matlabClass === "double" ? "float64" : matlabClass;
  if (!numericClasses.has(matlabClass)) return emptyArray();
  const data = convertNumbers(new Uint8Array(0), dtype as "float64");
  return { kind: "numeric", tensor: { dtype: dtype as "float64", shape, strides, data } };
}

function readCell(state: State, dataset: H5.Dataset): MatValue {
  return {
    kind: "cell",
    shape: matlabShape(dataset),
    elements: readReferences(state, dataset),
  };
}

function readReferences(state: State, dataset: H5.Dataset): MatValue[] {
  const { library, source } = state;
  const bytes = datasetBytes(library, dataset, source);
  const { size } = dataset.metadata;
  return Array.from({ length: bytes.byteLength / size }, (_, index) =>
    readReference(state, dataset, bytes.slice(index * size, (index + 1) * size)),
  );
}

function readReference(state: State, dataset: H5.Dataset, reference: Uint8Array): MatValue {
  if (reference.every((byte) => byte === 0)) return emptyArray();
  const key = reference.join();
  const known = state.referenced.get(key);
  if (known === "being read") {
    throw damaged(state.source.name, {
      expected: "cells that hold other values",
      found: `one in ${dataset.path} that holds itself`,
    });
  }
  if (known) return known;
  state.referenced.set(key, "being read");
  const entity = dataset.dereference(new state.library.Reference(reference));
  const isRegion = entity instanceof state.library.DatasetRegion;
  const value = entity && !isRegion ? readValue(state, entity) : undefined;
  if (!value) {
    throw damaged(state.source.name, {
      expected: `values that ${dataset.path} refers to`,
      found: "a reference to nothing",
    });
  }
  state.referenced.set(key, value);
  return value;
}

function readGroup(state: State, group: H5.Group): MatValue {
  const matlabClass = attribute(group, "MATLAB_class");
  if (attribute(group, "MATLAB_sparse") !== undefined) return readSparse(state, group);
  const { shape, fields } = readStruct(state, group);
  if (matlabClass === "function_handle") {
    return { kind: "function", content: { kind: "struct", shape, fields } };
  }
  if (matlabClass === undefined || matlabClass === "struct") {
    return { kind: "struct", shape, fields };
  }
  return { kind: "object", className: String(matlabClass), shape, fields };
}

/** In an array of structs each field is a dataset of references without a class of its own. */
function readStruct(state: State, group: H5.Group): { shape: number[]; fields: MatField[] } {
  let shape: number[] | undefined;
  const fields = (fieldNames(group) ?? group.keys()).flatMap((name): MatField[] => {
    const entity = group.get(name);
    if (entity instanceof state.library.Dataset && isStructColumn(entity)) {
      shape ??= matlabShape(entity);
      return [{ name, values: readReferences(state, entity) }];
    }
    const value = entity && readValue(state, entity);
    return value ? [{ name, values: [value] }] : [];
  });
  shape ??= [1, 1];
  const count = elementCount(shape);
  if (fields.every(({ values }) => values.length === count)) return { shape, fields };
  throw damaged(state.source.name, {
    expected: `${count} values in every field of ${group.path}`,
    found: `${fields.map(({ values }) => values.length).join(", ")}`,
  });
}

function isStructColumn(dataset: H5.Dataset): boolean {
  return (
    dataset.metadata.type === hdf5Class.reference &&
    attribute(dataset, "MATLAB_class") === undefined
  );
}

/** MATLAB_fields keeps the order: names as arrays of single characters. */
function fieldNames(entity: H5.Group | H5.Dataset): string[] | undefined {
  const names = entity.attrs.MATLAB_fields?.value;
  if (!Array.isArray(names)) return undefined;
  return names.map((name) => (Array.isArray(name) ? name.join("") : String(name)));
}

/** A sparse matrix is a group: jc (column starts), and, unless it has no entries, ir and data. */
function readSparse(state: State, group: H5.Group): MatSparse {
  const rows = Number(attribute(group, "MATLAB_sparse"));
  const logical = attribute(group, "MATLAB_class") === "logical";
  const columnStarts = readIndices(state, group, "jc");
  const rowIndices = readIndices(state, group, "ir");
  const entries = group.get("data");
  const numeric =
    entries instanceof state.library.Dataset ? readNumeric(state, entries) : undefined;
  const stored = numeric?.kind === "numeric" ? numeric.tensor : emptyArray().tensor;
  const data = logical
    ? Uint8Array.from(stored.data as Uint8Array, (value) => (value ? 1 : 0))
    : stored.data;
  const dtype = logical ? "bool" : stored.dtype;
  const values: Tensor = { dtype, shape: [elementCount(stored.shape)], strides: [1], data };
  const shape = [rows, columnStarts.length - 1] as const;
  const sparse: MatSparse = { kind: "sparse", shape, columnStarts, rowIndices, values };
  checkSparse(sparse, 2, state.source.name);
  return sparse;
}

function readIndices(state: State, group: H5.Group, name: string): Int32Array {
  const dataset = group.get(name);
  const indices =
    dataset instanceof state.library.Dataset ? (readIntegers(state, dataset) ?? []) : [];
  if (indices.every((index) => index >= 0 && index < 2 ** 31)) return Int32Array.from(indices);
  throw damaged(state.source.name, {
    expected: `indices below 2³¹ in ${group.path}/${name}`,
    found: "larger ones",
  });
}

function opaque(matlabClass: unknown): MatValue {
  return { kind: "opaque", className: String(matlabClass) };
}
