// A tensor as PyTorch describes it: a view of a storage with an offset and strides.

import { elementCount, type Tensor } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { allocateBytes } from "../elements/element-types.ts";
import type { StoredType } from "../weights/stored-types.ts";
import type { StorageReference, Storages } from "./storage.ts";

/** A tensor that has not been read. Offset and strides count elements. */
export interface TorchTensor {
  readonly kind: "tensor";
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly storage: StorageReference;
}

/** Elements of an expanded tensor, of which many share their memory, so that no file length bounds them. */
const mostShared = 2 ** 28;

/** Refuses a tensor that reaches beyond its storage. */
export function checkTorchTensor(tensor: TorchTensor, file: string): TorchTensor {
  const { shape, type, storage, offset } = tensor;
  const stored = storage.type ? storage.count : Math.floor(storage.count / type.byteLength);
  const count = elementCount(shape);
  const span = spanOf(tensor);
  if (offset + span <= stored && count <= Math.max(span, mostShared)) return tensor;
  throw damaged(file, {
    expected: `tensors within their storage of ${stored} elements`,
    found: `shape [${shape.join(", ")}] with strides [${tensor.strides.join(", ")}] from ${offset} on`,
  });
}

/** Elements of the storage from the tensor's first to its last. */
function spanOf({ shape, strides }: TorchTensor): number {
  if (elementCount(shape) === 0) return 0;
  return shape.reduce((last, length, axis) => last + (length - 1) * strides[axis], 1);
}

/** Reads the part of the storage that the tensor spans; strides stay as they are, so nothing is copied. */
export async function readTorchTensor(
  tensor: TorchTensor,
  storages: Storages,
  subject: string,
): Promise<Tensor> {
  const { type, shape, strides, storage } = tensor;
  const bytes = allocateBytes(spanOf(tensor) * type.byteLength, subject);
  const offset = (storage.offset + tensor.offset) * type.byteLength;
  if (bytes.byteLength > 0) await storages.readInto(storage.key, offset, bytes);
  const data = type.decode(bytes, storages.byteOrder);
  return { dtype: type.dtype, shape, strides, data };
}
