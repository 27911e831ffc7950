// Numbers and attributes of HDF5 objects, as they lie in the file.

import type * as H5 from "h5wasm";
import type { ByteSource } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { NumericDType } from "../elements/element-types.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { largestInflation } from "../elements/inflater.ts";

/** The HDF5 library and the file that it reads. */
export interface Hdf5Context {
  readonly library: typeof H5;
  readonly source: ByteSource;
}

/** Classes of HDF5 types (H5T_class_t). */
export const hdf5Class = {
  integer: 0,
  float: 1,
  opaque: 5,
  compound: 6,
  reference: 7,
  enumeration: 8,
} as const;

/** Read from the library's memory at a time; that memory ends at 2 GiB and never shrinks. */
const pieceBytes = 2 ** 24;

/** An attribute's value, undefined where there is none. */
export function attribute(entity: H5.Entity, name: string): unknown {
  if (!("attrs" in entity)) return undefined;
  const value = entity.attrs[name]?.value;
  return ArrayBuffer.isView(value) ? (value as unknown as number[])[0] : (value ?? undefined);
}

/** The dtype of real numbers, undefined for anything else. */
export function realDType({
  type,
  size,
  signed,
}: Pick<H5.Metadata, "type" | "size" | "signed">): NumericDType | undefined {
  if (type === hdf5Class.float)
    return ({ 2: "float16", 4: "float32", 8: "float64" } as const)[size];
  if (type !== hdf5Class.integer || ![1, 2, 4, 8].includes(size)) return undefined;
  return `${signed ? "int" : "uint"}${(8 * size) as 8 | 16 | 32 | 64}`;
}

/**
 * A dataset's bytes in file order of elements, little-endian.
 * Refuses more than can come out of the file: every filter that HDF5 has is bounded by deflate.
 */
export function datasetBytes(
  { library, source }: Hdf5Context,
  dataset: H5.Dataset,
): Uint8Array<ArrayBuffer> {
  const { size, shape, total_size, chunks } = dataset.metadata;
  const length = size * total_size;
  const most = source.byteLength * (chunks ? largestInflation : 1);
  if (length > most) {
    throw damaged(source.name, {
      expected: `at most ${most} bytes in ${dataset.path}`,
      found: `${length} announced`,
    });
  }
  const bytes = allocateBytes(length, source.name);
  const extents = shape ?? [];
  const slab = length / Math.max(1, extents[0] ?? 1);
  const slabs = Math.max(1, Math.floor(pieceBytes / Math.max(1, slab)));
  if (length === 0) return bytes;
  if (extents.length === 0) readSlabs(library, dataset, null, bytes);
  for (let first = 0; first < (extents[0] ?? 0); first += slabs) {
    const count = Math.min(slabs, extents[0] - first);
    const part = bytes.subarray(first * slab, (first + count) * slab);
    readSlabs(library, dataset, { first, count, extents }, part);
  }
  return bytes;
}

/** Copies some of the first axis through the library's memory. */
function readSlabs(
  { Module }: Hdf5Context["library"],
  { file_id, path }: H5.Dataset,
  range: { first: number; count: number; extents: readonly number[] } | null,
  target: Uint8Array,
): void {
  const pointer = Module._malloc(target.byteLength);
  if (pointer === 0) throw new Error(`no memory for ${target.byteLength} bytes`);
  try {
    const [counts, offsets, strides] = range
      ? [
          range.extents.map((extent, axis) => BigInt(axis === 0 ? range.count : extent)),
          range.extents.map((_, axis) => BigInt(axis === 0 ? range.first : 0)),
          range.extents.map(() => 1n),
        ]
      : [null, null, null];
    Module.get_dataset_data(file_id, path, counts, offsets, strides, BigInt(pointer));
    target.set(Module.HEAPU8.subarray(pointer, pointer + target.byteLength));
  } finally {
    Module._free(pointer);
  }
}
