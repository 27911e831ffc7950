// Datasets and groups of MAT-files 7.3 as values: cells follow references, structs are groups.

import type * as H5 from "h5wasm";
import { elementCount } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { Hdf5Context } from "../hdf5/data.ts";
import { attribute, datasetBytes, hdf5Class } from "../hdf5/data.ts";
import { fieldNames, matlabShape, readArray, readEmpty } from "./hdf5-arrays.ts";
import { readSparse } from "./hdf5-sparse.ts";
import { deepestNesting, emptyArray } from "./level5-matrix.ts";
import type { MatField, MatValue } from "./mat-value.ts";

export interface Hdf5Reader {
  /** The value of a dataset or group; undefined for links that lead nowhere or out of the file. */
  readValue(entity: H5.Entity): MatValue | undefined;
}

interface State extends Hdf5Context {
  /** What references led to: read once, and a reference back to what is being read is an error. */
  readonly referenced: Map<string, MatValue | "being read">;
  depth: number;
  /** Objects yet to be visited at most: each takes 16 bytes of the file or more. */
  budget: number;
}

export function createHdf5Reader(context: Hdf5Context): Hdf5Reader {
  const budget = Math.ceil(context.source.byteLength / 16);
  const state: State = { ...context, referenced: new Map(), depth: 0, budget };
  return { readValue: (entity) => readValue(state, entity) };
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
  if (attribute(dataset, "MATLAB_empty")) return readEmpty(state, dataset);
  const isCell = dataset.metadata.type === hdf5Class.reference;
  return isCell ? readCell(state, dataset) : readArray(state, dataset);
}

function readCell(state: State, dataset: H5.Dataset): MatValue {
  return {
    kind: "cell",
    shape: matlabShape(dataset),
    elements: readReferences(state, dataset),
  };
}

function readReferences(state: State, dataset: H5.Dataset): MatValue[] {
  const bytes = datasetBytes(state, dataset);
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
