// The compiled DICOM decoders' file in Node (behind the package import #codecs): beside its package.

import { createRequire } from "node:module";
import { readFileBytes } from "#files";

/**
 * The bytes of dcmjs-native-codecs.wasm.
 * @param address path of the file; that of the installed package unless given
 * @throws RoentgenError where there is no such file
 */
export async function codecBytes(address?: string): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  return readFileBytes(address ?? resolve("dcmjs-codecs/build/dcmjs-native-codecs.wasm"));
}
