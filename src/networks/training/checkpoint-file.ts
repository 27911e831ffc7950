// A checkpoint as one safetensors file: the state of the step, the best weights, and beside them how far training has come.

import { type ByteSource, RoentgenError, rowMajorStrides, type Tensor } from "../../base/index.ts";
import type { NamedTensor } from "../../formats/index.ts";
import { crc32, readSafetensors, safetensorsChunks } from "../../formats/safetensors/index.ts";
import type { ElementType, NamedTensors, OnnxTensor } from "../../onnx/index.ts";
import type { TrainingCheckpoint } from "./checkpoint.ts";
import { parseProgress, progressText } from "./progress-text.ts";

/** What a reader must know before it trusts the rest. */
const KIND = "roentgen training checkpoint";
const VERSION = "1";

/** The file in pieces for `writeFileWhole`; tensors are not copied. */
export function checkpointChunks({
  progress,
  state,
  best,
}: TrainingCheckpoint): Generator<Uint8Array> {
  const tensors = [...named("state", state), ...named("best", best ?? {})];
  const metadata = {
    kind: KIND,
    version: VERSION,
    progress: progressText(progress),
    types: JSON.stringify({ ...typesOf("state", state), ...typesOf("best", best ?? {}) }),
  };
  const sum = checksum(tensors, metadata);
  return safetensorsChunks(tensors, { metadata: { ...metadata, crc32: sum } });
}

/**
 * Reads a checkpoint. Training that resumes from it goes on to the same bits.
 * @throws RoentgenError "file-truncated", "file-corrupt" for a file that changed since it was written,
 *   "format-unsupported" for another kind of file and for one of a later version
 */
export async function readCheckpoint(source: ByteSource): Promise<TrainingCheckpoint> {
  const { tensors, metadata } = await readSafetensors(source);
  const { crc32: expected, ...rest } = metadata;
  checkKind(rest, source.name);
  const read = await Promise.all(
    [...tensors.values()].map(async ({ name, read }) => ({ name, tensor: await read() })),
  );
  if (checksum(read, rest) !== expected) throw changed(source.name);
  const types: Record<string, ElementType> = JSON.parse(rest.types);
  const best = tensorsOf("best", read, types);
  return {
    progress: parseProgress(rest.progress, source.name),
    state: tensorsOf("state", read, types),
    ...(Object.keys(best).length > 0 ? { best } : {}),
  };
}

/** Element types as which the arrays are stored: that of the array itself, which need not be what its bits mean. */
const stored = [
  [Float32Array, "float32"],
  [Float64Array, "float64"],
  [Int8Array, "int8"],
  [Uint8Array, "uint8"],
  [Int16Array, "int16"],
  [Uint16Array, "uint16"],
  [Int32Array, "int32"],
  [Uint32Array, "uint32"],
  [BigInt64Array, "int64"],
  [BigUint64Array, "uint64"],
] as const;

function named(part: string, tensors: NamedTensors): NamedTensor[] {
  return Object.entries(tensors).map(([name, tensor]) => ({
    name: `${part}/${name}`,
    tensor: storedTensor(name, tensor),
  }));
}

function storedTensor(name: string, { type, shape, data }: OnnxTensor): Tensor {
  const dtype = stored.find(([kind]) => data instanceof kind)?.[1];
  // Packed types have fewer elements in their array than the shape says.
  if (dtype && data.length === shape.reduce((product, length) => product * length, 1)) {
    return { dtype, shape, strides: rowMajorStrides(shape), data: data as Float32Array };
  }
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot write "${name}" into a checkpoint`,
    expected: "numbers of whole bytes",
    found: type,
    subject: name,
  });
}

function typesOf(part: string, tensors: NamedTensors): Record<string, ElementType> {
  const types = Object.entries(tensors).map(([name, { type }]) => [`${part}/${name}`, type]);
  return Object.fromEntries(types);
}

function tensorsOf(
  part: string,
  tensors: readonly NamedTensor[],
  types: Readonly<Record<string, ElementType>>,
): Record<string, OnnxTensor> {
  const own = tensors.filter(({ name }) => name.startsWith(`${part}/`));
  const entries = own.map(({ name, tensor: { shape, data } }) => [
    name.slice(part.length + 1),
    { type: types[name], shape, data: data as Float32Array },
  ]);
  return Object.fromEntries(entries);
}

/** Over all texts and tensors in the order of their names: safetensors itself would not tell a flipped bit. */
function checksum(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): string {
  const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const texts = Object.entries(metadata).sort(([a], [b]) => byName(a, b));
  let sum = crc32(new TextEncoder().encode(JSON.stringify(texts)));
  for (const { name, tensor } of [...tensors].sort((a, b) => byName(a.name, b.name))) {
    const { buffer, byteOffset, byteLength } = tensor.data as Float32Array;
    sum = crc32(new TextEncoder().encode(name), sum);
    sum = crc32(new Uint8Array(buffer, byteOffset, byteLength), sum);
  }
  return sum.toString(16).padStart(8, "0");
}

function checkKind({ kind, version }: Readonly<Record<string, string>>, file: string): void {
  if (kind === KIND && version === VERSION) return;
  throw new RoentgenError("format-unsupported", {
    problem: `Cannot resume from ${file}`,
    expected: `a training checkpoint of version ${VERSION}`,
    found: kind === KIND ? `version ${version}` : "another file of tensors",
    remedy:
      kind === KIND
        ? "Resume with the version of Roentgen that wrote it."
        : "Give a file that a training saved; weights alone are read by readWeights.",
    subject: file,
  });
}

function changed(file: string): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot resume from ${file}`,
    expected: "the numbers that its checksum was taken of",
    found: "others",
    remedy: "The file is damaged; resume from another checkpoint.",
    subject: file,
  });
}
