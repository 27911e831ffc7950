// The format of a file of weights, told by its first bytes.

import type { ByteSource } from "../../base/index.ts";
import { readZipDirectory } from "../zip/directory.ts";
import type { WeightsFormat } from "./weights-file.ts";

/** The pickled magic number of PyTorch before 1.6, and the tar archives before that. */
const LEGACY_PYTORCH = "\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19";
const HDF5 = "\x89HDF\r\n\x1a\n";

/** Undefined where a file holds no weights as far as its beginning says; HDF5 is taken for Keras's. */
export async function weightsFormatOfFile(source: ByteSource): Promise<WeightsFormat | undefined> {
  const bytes = await source.read(0, Math.min(262, source.byteLength));
  const head = String.fromCharCode(...bytes);
  if (head.startsWith("PK\x03\x04")) return zippedFormat(source);
  if (head.startsWith(HDF5)) return "keras-h5";
  if (head.startsWith(LEGACY_PYTORCH, 2)) return "pytorch";
  if (head.startsWith("ustar", 257) && /\.(pth?|tar)$/i.test(source.name)) return "pytorch";
  return isSafetensors(bytes, source) ? "safetensors" : undefined;
}

async function zippedFormat(source: ByteSource): Promise<WeightsFormat | undefined> {
  const names = (await readZipDirectory(source)).map(({ name }) => name);
  if (names.includes("config.json") && names.some((name) => name.startsWith("model.weights."))) {
    return "keras";
  }
  return names.some((name) => /^([^/]*\/)?data\.pkl$/.test(name)) ? "pytorch" : undefined;
}

/** A length that the file has room for, then JSON. */
function isSafetensors(bytes: Uint8Array, { byteLength }: ByteSource): boolean {
  if (bytes.byteLength < 10 || bytes[8] !== 0x7b) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return length <= byteLength - 8;
}
