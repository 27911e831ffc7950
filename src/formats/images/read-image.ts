// The front door for images: any file, whatever its format, told by its bytes first and its extension second.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { isGzipped, unpackedReader } from "../compression/unpacked-reader.ts";
import { readBytes } from "../elements/byte-reader.ts";
import { describeOtherFormat } from "../other-formats.ts";
import type {
  ImageDescription,
  ImageFile,
  ImageFormat,
  ImageFormatName,
  ImageReadOptions,
} from "./image-file.ts";
import { IMAGE_FORMATS, imageFormatsOfPath } from "./image-formats.ts";

/** What `readImage` takes. */
export interface ReadImageOptions extends ImageReadOptions {
  /** The format, where neither bytes nor extension tell it. */
  format?: ImageFormatName;
}

/**
 * Reads an image of any format in `supportedImageFormats`. It is recognised by its first bytes, unpacked where
 * it is gzipped, else by its extension.
 * @param options.beside opens files that belong to this one and lie beside it
 * @param options.geometry what to take the geometry from
 * @throws RoentgenError "format-unknown" with what the file seems to be, and what the format's reader throws
 */
export async function readImage(
  source: ByteSource,
  { format, ...options }: ReadImageOptions = {},
): Promise<ImageFile> {
  const chosen = await chooseFormat(source, format);
  return chosen.read(source, options);
}

/**
 * Reads the header only: size, spacing, place, element type.
 * @throws RoentgenError as `readImage` does
 */
export async function inspectImage(
  source: ByteSource,
  { format, ...options }: ReadImageOptions = {},
): Promise<ImageDescription> {
  const chosen = await chooseFormat(source, format);
  return chosen.inspect(source, options);
}

/**
 * The format of an image file, told as `readImage` tells it; undefined for what is none.
 */
export async function imageFormatOfFile(source: ByteSource): Promise<ImageFormatName | undefined> {
  return (await recognised(source, await firstBytes(source)))?.name;
}

async function chooseFormat(
  source: ByteSource,
  name: ImageFormatName | undefined,
): Promise<ImageFormat> {
  if (name) return imageFormatNamed(name);
  const head = await firstBytes(source);
  const found = recognised(source, head);
  if (found) return found;
  const other = describeOtherFormat(head);
  throw new RoentgenError("format-unknown", {
    problem: `Cannot read ${source.name} as an image`,
    found: other ?? "bytes of no format that is known",
    remedy: `Supported are ${IMAGE_FORMATS.map(({ title }) => title).join(", ")}.`,
    subject: source.name,
  });
}

/** By the bytes; else by the extension, for formats without a mark and for the voxels of a pair. */
function recognised({ name }: ByteSource, head: string): ImageFormat | undefined {
  const byBytes = IMAGE_FORMATS.find((format) => format.recognise?.(head));
  if (byBytes) return byBytes;
  const isVoxelFile = /\.img(\.gz)?$/i.test(name);
  return imageFormatsOfPath(name).find(({ recognise }) => isVoxelFile || !recognise);
}

/** The format of that name. */
export function imageFormatNamed(name: ImageFormatName): ImageFormat {
  const found = IMAGE_FORMATS.find((format) => format.name === name);
  if (found) return found;
  throw new RoentgenError("bad-option", {
    problem: `There is no image format "${name}"`,
    remedy: `The formats are: ${IMAGE_FORMATS.map((format) => format.name).join(", ")}.`,
    subject: name,
  });
}

/** Up to 640 bytes as Latin-1, unpacked where the file is gzipped and sound. */
async function firstBytes(source: ByteSource): Promise<string> {
  const plain = await source.read(0, Math.min(640, source.byteLength));
  if (!(await isGzipped(source))) return String.fromCharCode(...plain);
  const reader = await unpackedReader(source);
  const head: string[] = [];
  try {
    while (head.length < 640 && !(await reader.atEnd())) {
      head.push(String.fromCharCode((await readBytes(reader, 1))[0]));
    }
  } catch (error) {
    // A file that breaks off within its first bytes is told by what there is of them.
    if (!(error instanceof RoentgenError)) throw error;
  } finally {
    await reader.close();
  }
  return head.join("");
}
