// Datasets of an HDF5 file as tensors that are read when the first of them is asked for.

import type * as H5 from "h5wasm";
import { type ByteSource, rowMajorStrides, type Tensor } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import { attribute, datasetBytes, hdf5Class, realDType } from "../hdf5/data.ts";
import { withHdf5File } from "../hdf5/open-hdf5.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";
import { type StoredType, storedTypes } from "../weights/stored-types.ts";

/** Makes tensors of datasets while the file is open. */
export interface DatasetShelf {
  add(dataset: H5.Dataset, name: string): StoredTensor;
}

/**
 * A shelf for the datasets of a source. The library opens files whole, so the first tensor that is read
 * opens the file again and reads all that were added.
 */
export function datasetShelf(source: ByteSource): DatasetShelf {
  const types = new Map<string, StoredType>();
  let contents: Promise<ReadonlyMap<string, Uint8Array>> | undefined;
  return {
    add(dataset, name) {
      const type = typeOf(dataset, source.name);
      const shape = [...(dataset.metadata.shape ?? [])];
      const { path } = dataset;
      types.set(path, type);
      return {
        ...{ name, shape, dtype: type.dtype, storedAs: type.storedAs },
        async read(): Promise<Tensor> {
          contents ??= readAll(source, [...types.keys()]);
          const bytes = (await contents).get(path) ?? new Uint8Array(0);
          // A copy: the numbers are the reader's own.
          const data = type.decode(bytes.slice(), "little");
          return { dtype: type.dtype, shape, strides: rowMajorStrides(shape), data };
        },
      };
    },
  };
}

function readAll(
  source: ByteSource,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  return withHdf5File(source, (library, file) => {
    const contents = new Map<string, Uint8Array>();
    for (const path of paths) {
      const dataset = file.get(path);
      if (!(dataset instanceof library.Dataset)) {
        throw damaged(source.name, { expected: `the dataset ${path}`, found: "another object" });
      }
      contents.set(path, datasetBytes({ library, source }, dataset));
    }
    return contents;
  });
}

function typeOf(dataset: H5.Dataset, file: string): StoredType {
  const { metadata, path } = dataset;
  // Keras writes bfloat16 as two bytes without a type and names them in an attribute.
  const isBfloat = metadata.type === hdf5Class.opaque && metadata.size === 2;
  const named = isBfloat ? attribute(dataset, "dtype") : undefined;
  // h5py writes truth as an enumeration over a byte.
  const isTruth = metadata.type === hdf5Class.enumeration && metadata.size === 1;
  const name = isTruth ? "bool" : (realDType(metadata) ?? String(named));
  const type = storedTypes.get(name);
  if (type) return type;
  throw unsupported(file, {
    expected: "weights that are numbers",
    found: `other values in ${path}`,
  });
}
