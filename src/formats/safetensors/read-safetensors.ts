// Reads safetensors: names and places at once, the numbers of a tensor when asked for.

import { type ByteSource, rowMajorStrides, type Tensor } from "../../base/index.ts";
import { allocateBytes } from "../elements/element-types.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";
import { type PlacedTensor, readHeader } from "./header.ts";

/** Tensors by name and the texts beside them. */
export interface SafetensorsFile {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the header; each tensor is read from the source by its own `read`, straight into its memory.
 * bfloat16 and the floats of 8 bits become float32, which holds each of their values.
 * @throws RoentgenError "file-truncated", "file-corrupt" (lengths and places that don't fit each other),
 *   "format-unsupported" (floats of 4 and 6 bits)
 */
export async function readSafetensors(source: ByteSource): Promise<SafetensorsFile> {
  const { tensors, metadata } = await readHeader(source);
  return {
    tensors: new Map(tensors.map((placed) => [placed.name, storedTensor(source, placed)])),
    metadata,
  };
}

function storedTensor(source: ByteSource, placed: PlacedTensor): StoredTensor {
  const { name, type, shape } = placed;
  return {
    ...{ name, dtype: type.dtype, storedAs: type.storedAs, shape },
    read: () => readTensor(source, placed),
  };
}

async function readTensor(
  source: ByteSource,
  { name, type, shape, offset, byteLength }: PlacedTensor,
): Promise<Tensor> {
  const bytes = allocateBytes(byteLength, `${name} of ${source.name}`);
  await source.readInto(offset, bytes);
  const data = type.decode(bytes, "little");
  return { dtype: type.dtype, shape, strides: rowMajorStrides(shape), data };
}
