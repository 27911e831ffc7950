// Models and images as pages have them: at addresses, and as files that someone chose or dropped.

import { memorySource, RoentgenError } from "../../base/index.ts";
import { type LoadedImage, type LoadOptions, loadImage } from "../../datasets/index.ts";
import { type ImageModel, type OpenImageModelOptions, openImageModel } from "./image-model.ts";

/**
 * Fetches a bundle and opens it as `openImageModel` does.
 * @throws RoentgenError "file-unreadable" where there is nothing at the address
 */
export async function fetchImageModel(
  address: string | URL,
  options: OpenImageModelOptions = {},
): Promise<ImageModel> {
  const response = await fetch(address).catch((cause: unknown) => {
    throw notFetched(address, cause instanceof Error ? cause.message : String(cause), cause);
  });
  if (!response.ok) throw notFetched(address, `${response.status} ${response.statusText}`.trim());
  return openImageModel(new Uint8Array(await response.arrayBuffer()), options);
}

function notFetched(address: string | URL, found: string, cause?: unknown): RoentgenError {
  return new RoentgenError("file-unreadable", {
    problem: `Cannot fetch the model at ${address}`,
    found,
    remedy: "Check the address, and that its server lets this page read it.",
    subject: String(address),
    cause,
  });
}

/**
 * Reads an image file of any format, for `predict`.
 * @param options.webAssemblyModulePathOrUrl address of dcmjs-native-codecs.wasm, for compressed DICOM
 * @throws RoentgenError where it can't be read
 */
export async function readImageFile(
  file: Blob & { readonly name?: string },
  options: LoadOptions = {},
): Promise<LoadedImage> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return loadImage(memorySource(bytes, file.name ?? "the image"), options);
}
