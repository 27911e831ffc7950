// Writes safetensors: equal tensors and metadata give equal bytes, in whatever order they come.

import { RoentgenError, type Tensor, type TensorData } from "../../base/index.ts";
import type { NamedTensor } from "../data-file.ts";
import { nativeByteOrder, swapBytesInPlace } from "../elements/byte-order.ts";
import { elementTypes, type NumericDType } from "../elements/element-types.ts";
import { floatsToHalfs } from "../elements/half-float.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import { dataInLayout } from "../elements/layout.ts";
import { namesOfTypes } from "./element-types.ts";

/** What goes beside the tensors. */
export interface SafetensorsWriteOptions {
  /** Texts by name, such as { format: "pt" }. */
  metadata?: Readonly<Record<string, string>>;
}

/** The file as one piece of memory. */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  options: SafetensorsWriteOptions = {},
): Uint8Array<ArrayBuffer> {
  return joinBytes([...safetensorsChunks(tensors, options)]);
}

/**
 * The same file in pieces for `writeFileWhole`: the header, then each tensor's own memory without a copy
 * where it is row-major (float16 is packed first).
 * @throws RoentgenError "type-mismatch" for text and complex128, "value-invalid" for a name that comes twice
 */
export function* safetensorsChunks(
  tensors: readonly NamedTensor[],
  { metadata = {} }: SafetensorsWriteOptions = {},
): Generator<Uint8Array> {
  checkNames(tensors);
  // Wide elements first, as the reference writes them: each then begins at a multiple of its width.
  const ordered = tensors
    .map((one) => ({ ...one, type: typeOf(one) }))
    .sort((a, b) => b.type.byteLength - a.type.byteLength || compareText(a.name, b.name));
  yield headerBytes(ordered, metadata);
  for (const { tensor } of ordered) yield tensorBytes(tensor);
}

interface WrittenType {
  readonly name: string;
  readonly byteLength: number;
}

interface TypedTensor extends NamedTensor {
  readonly type: WrittenType;
}

function typeOf({ name, tensor: { dtype } }: NamedTensor): WrittenType {
  if (Object.hasOwn(namesOfTypes, dtype)) {
    const { byteLength } = elementTypes[dtype as NumericDType];
    return { name: namesOfTypes[dtype], byteLength };
  }
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot write ${name} as safetensors`,
    expected: `one of ${Object.keys(elementTypes)
      .filter((name) => name in namesOfTypes)
      .join(", ")}`,
    found: dtype,
    subject: name,
  });
}

/** Padded with spaces so that the data begin at a multiple of 8 bytes. */
function headerBytes(
  tensors: readonly TypedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: string[] = [];
  const texts = Object.entries(metadata).sort(([a], [b]) => compareText(a, b));
  if (texts.length > 0) entries.push(`"__metadata__":${objectText(texts)}`);
  let at = 0;
  for (const { name, type, tensor } of tensors) {
    const end = at + tensor.shape.reduce((product, n) => product * n, type.byteLength);
    const entry = { dtype: type.name, shape: tensor.shape, data_offsets: [at, end] };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    at = end;
  }
  const json = new TextEncoder().encode(`{${entries.join(",")}}`);
  const length = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/** JSON in the order given: an object's own order would put names that are numbers first. */
function objectText(entries: readonly (readonly [string, string])[]): string {
  const pairs = entries.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
  return `{${pairs.join(",")}}`;
}

function tensorBytes(tensor: Tensor): Uint8Array {
  const data = dataInLayout(tensor, "row-major") as Exclude<TensorData, string[]>;
  const stored = tensor.dtype === "float16" ? floatsToHalfs(data as Float32Array) : data;
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  if (nativeByteOrder === "little") return bytes;
  const turned = new Uint8Array(bytes);
  swapBytesInPlace(turned, elementTypes[tensor.dtype as NumericDType].unit);
  return turned;
}

function checkNames(tensors: readonly NamedTensor[]): void {
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (!names.has(name) && name !== "__metadata__") names.add(name);
    else {
      throw new RoentgenError("value-invalid", {
        problem: "Cannot write safetensors",
        expected: "tensors of different names",
        found: name === "__metadata__" ? "one named __metadata__" : `"${name}" twice`,
        subject: name,
      });
    }
  }
}

/** By code units, not by a locale's rules. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
