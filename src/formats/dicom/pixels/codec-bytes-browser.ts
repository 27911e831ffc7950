// The compiled DICOM decoders' file in browsers (behind the package import #codecs): fetched from where it is served.

import { RoentgenError } from "../../../base/index.ts";

const BESIDE_PAGE = "dcmjs-native-codecs.wasm";

/** Four bytes that open every WebAssembly module, as a number. */
const WASM_MARK = 0x00_61_73_6d;

/**
 * The bytes of dcmjs-native-codecs.wasm.
 * @param address its URL, taken from the page; beside the page unless given
 * @throws RoentgenError "file-not-found" where something else, or nothing, is served there
 */
export async function codecBytes(address = BESIDE_PAGE): Promise<Uint8Array> {
  const response = await fetch(address).catch((cause) => {
    throw notServed(address, `${cause instanceof Error ? cause.message : cause}`);
  });
  if (!response.ok) throw notServed(address, `status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Servers of single-page apps answer any address with a page.
  const isModule = bytes.length > 4 && new DataView(bytes.buffer).getUint32(0) === WASM_MARK;
  if (!isModule) throw notServed(address, response.headers.get("content-type") ?? "another file");
  return bytes;
}

function notServed(address: string, found: string): RoentgenError {
  return new RoentgenError("file-not-found", {
    problem: "Cannot load the decoders of compressed DICOM",
    expected: `dcmjs-native-codecs.wasm at ${address}`,
    found,
    remedy:
      "Serve node_modules/dcmjs-codecs/build/dcmjs-native-codecs.wasm and give its URL as webAssemblyModulePathOrUrl.",
    subject: address,
  });
}
