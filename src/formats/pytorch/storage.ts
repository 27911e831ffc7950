// Storages of a PyTorch file: the flat memory behind its tensors, named in the pickle by a persistent id
// (torch/serialization.py, persistent_id).

import { damaged, unsupported } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { globalName, isStructure, type PickleValue } from "../pickle/values.ts";
import { type StoredType, storedTypes } from "../weights/stored-types.ts";

/** What a persistent id says. */
export interface StorageReference {
  readonly key: string;
  /** Undefined where only bytes are known: the tensor tells the type then. */
  readonly type: StoredType | undefined;
  /** Elements, bytes where there is no type. */
  readonly count: number;
  /** Elements before the part of the storage that is meant (files older than PyTorch 0.4). */
  readonly offset: number;
}

/** Where the bytes of storages lie. */
export interface Storages {
  readonly byteOrder: ByteOrder;
  /** Fills `target` from a storage's bytes, beginning at `offset` of them. */
  readInto(key: string, offset: number, target: Uint8Array): Promise<void>;
}

/** Classes of storages, without their module: those of the CPU and of CUDA have the same names. */
const typesOfClasses: Readonly<Record<string, string>> = {
  DoubleStorage: "float64",
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  ComplexFloatStorage: "complex64",
  ComplexDoubleStorage: "complex128",
};

const untypedClasses = ["torch.storage.UntypedStorage", "torch.UntypedStorage"];

/**
 * Reads ("storage", class, key, location, count) and, in old files, (view key, offset, count).
 * @throws RoentgenError "file-corrupt", "format-unsupported" (quantised numbers)
 */
export function storageOf(id: PickleValue, file: string): StorageReference {
  const [mark, storageClass, key, , count, view] = itemsOf(id);
  const isKey = typeof key === "string" || typeof key === "number";
  if (mark !== "storage" || !isKey || !isCount(count)) {
    throw damaged(file, { expected: "references to storages", found: "other ones" });
  }
  const name = globalName(storageClass) ?? "a storage without a class";
  const [, offset = 0, viewCount = count] = itemsOf(view);
  if (!isCount(offset) || !isCount(viewCount) || offset + viewCount > count) {
    throw damaged(file, { expected: `a view within storage ${key}`, found: "one beyond it" });
  }
  return { key: String(key), type: typeOfClass(name, file), count: viewCount, offset };
}

function typeOfClass(name: string, file: string): StoredType | undefined {
  if (untypedClasses.includes(name)) return undefined;
  const [, className = ""] = /^torch\.(?:cuda\.|storage\.)?(\w+)$/.exec(name) ?? [];
  const type = Object.hasOwn(typesOfClasses, className)
    ? storedTypes.get(typesOfClasses[className])
    : undefined;
  if (type) return type;
  throw unsupported(file, {
    expected: `storages of ${Object.values(typesOfClasses).join(", ")}`,
    found: `one of class ${name}`,
    remedy: "Convert the tensors before saving, a quantised one by dequantize().",
  });
}

function itemsOf(value: PickleValue | undefined): readonly PickleValue[] {
  return isStructure(value) && value.kind === "tuple" ? value.items : [];
}

/** Whether a value is a length or position. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
