// The header of a safetensors file: 8 bytes of length, then JSON that places every tensor
// (github.com/huggingface/safetensors, README "Format" and safetensors/src/tensor.rs).

import { type ByteSource, elementCount } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import { type StoredType, storedTypes } from "../weights/stored-types.ts";
import { typesOfNames } from "./element-types.ts";

/** Where a tensor lies. */
export interface PlacedTensor {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** From the beginning of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly tensors: readonly PlacedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** As the reference implementation has it. */
const mostHeaderBytes = 100_000_000;

/** Reads and checks the header: every byte behind it belongs to exactly one tensor. */
export async function readHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const { fields, dataStart } = await readFields(source);
  const { __metadata__: metadata = {}, ...entries } = fields;
  const tensors = Object.entries(entries)
    .map(([name, entry]) => placeTensor(name, entry, { dataStart, file: source.name }))
    .sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  checkCover(tensors, dataStart, source);
  return { tensors, metadata: checkMetadata(metadata, source.name) };
}

async function readFields(
  source: ByteSource,
): Promise<{ fields: Record<string, unknown>; dataStart: number }> {
  const head = await source.read(0, 8);
  const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
  if (length > Math.min(mostHeaderBytes, source.byteLength - 8)) {
    throw damaged(source.name, {
      expected: `a safetensors header of at most ${Math.min(mostHeaderBytes, source.byteLength - 8)} bytes`,
      found: `a length of ${length}`,
    });
  }
  const fields = parseJson(await source.read(8, length), source.name);
  return { fields, dataStart: 8 + length };
}

function parseJson(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(fields)) return fields;
  } catch (cause) {
    throw damaged(file, { expected: "a header in JSON", found: "an error in it", cause });
  }
  throw damaged(file, { expected: "a header that is a JSON object", found: "another value" });
}

function placeTensor(
  name: string,
  entry: unknown,
  { dataStart, file }: { dataStart: number; file: string },
): PlacedTensor {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  if (!isLengths(shape) || !isLengths(offsets) || offsets.length !== 2) {
    throw damaged(file, {
      expected: `dtype, shape and data_offsets of tensor ${shown(name)}`,
      found: "other values",
    });
  }
  const type = storedTypes.get(typesOfNames.get(String(dtype)) ?? "");
  if (!type) throw unknownType(name, dtype, file);
  const byteLength = elementCount(shape) * type.byteLength;
  const [start, end] = offsets;
  if (end - start === byteLength) {
    return { name, type, shape, offset: dataStart + start, byteLength };
  }
  throw damaged(file, {
    expected: `${byteLength} bytes for tensor ${shown(name)} of ${dtype} [${shape.join(", ")}]`,
    found: `data_offsets [${start}, ${end}]`,
  });
}

/** No gap, no overlap, nothing beyond the end: else two readers may see different tensors in one file. */
function checkCover(tensors: readonly PlacedTensor[], dataStart: number, source: ByteSource): void {
  let end = dataStart;
  for (const { name, offset, byteLength } of tensors) {
    if (offset !== end) {
      throw damaged(source.name, {
        expected: `tensor ${shown(name)} at position ${end - dataStart} of the data`,
        found: `${offset - dataStart}, which leaves a gap or overlaps another`,
      });
    }
    end += byteLength;
  }
  if (end === source.byteLength) return;
  throw damaged(source.name, {
    expected: `${end} bytes, as the header places its tensors`,
    found: `${source.byteLength}`,
  });
}

function checkMetadata(metadata: unknown, file: string): Readonly<Record<string, string>> {
  const plain = isObject(metadata) && Object.values(metadata).every((v) => typeof v === "string");
  if (plain) return metadata as Record<string, string>;
  throw damaged(file, { expected: "texts by name in __metadata__", found: "other values" });
}

function unknownType(name: string, dtype: unknown, file: string): Error {
  return unsupported(file, {
    expected: `tensors of ${[...typesOfNames.keys()].join(", ")}`,
    found: `${shown(name)} of ${shown(String(dtype))}`,
    remedy: "Convert it to one of these types before saving.",
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}

function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
