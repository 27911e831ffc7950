// The front door for images: any file, whatever its format, told by its bytes first and its extension second.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { HEADER_PIECE, isGzipped, unpackedReader } from "../compression/unpacked-reader.ts";
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

/** The format of an image file, told as `readImage` tells it; undefined for what is none. */
export async function imageFormatOfFile(source: ByteSource): Promise<ImageFormatName | undefined> {
  return (await recognise(source)).format?.name;
}

async function chooseFormat(
  source: ByteSource,
  name: ImageFormatName | undefined,
): Promise<ImageFormat> {
  if (name) return imageFormatNamed(name);
  const { format, packed, head } = await recognise(source);
  if (format) return format;
  const extensions = IMAGE_FORMATS.flatMap((one) => one.extensions);
  const what = packed?.title ?? describeOtherFormat(head) ?? "bytes of no format that is known";
  throw new RoentgenError("format-unknown", {
    problem: `Cannot read ${source.name} as an image`,
    found: packed ? `${what}, gzipped` : what,
    remedy: packed ? "Unpack it first." : `Supported are ${[...new Set(extensions)].join(", ")}.`,
    subject: source.name,
  });
}

interface Recognised {
  /** Up to 640 bytes as Latin-1, unpacked. */
  readonly head: string;
  readonly format?: ImageFormat;
  /** A format that is read only where it is not gzipped, as this file is. */
  readonly packed?: ImageFormat;
}

/** Bytes before a DICOM file's mark; they may open a TIFF file at the same time (PS3.10 section 7.1). */
const DICOM_PREAMBLE = 128;

/** By the bytes; else, where they are of nothing else that is known, by the extension. */
async function recognise(source: ByteSource): Promise<Recognised> {
  const head = await firstBytes(source);
  const byBytes = head.startsWith("DICM", DICOM_PREAMBLE)
    ? imageFormatNamed("dicom")
    : IMAGE_FORMATS.find((format) => format.recognise?.(head));
  const isPacked = await isGzipped(source);
  if (byBytes)
    return isPacked && !byBytes.unpacks ? { head, packed: byBytes } : { head, format: byBytes };
  if (describeOtherFormat(head) !== undefined) return { head };
  return { head, format: imageFormatsOfPath(source.name)[0] };
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
  const reader = await unpackedReader(source, { pieceBytes: HEADER_PIECE });
  try {
    return String.fromCharCode(...(await reader.readAtMost(640)));
  } catch (error) {
    // Gzip that breaks off or is damaged at once: its reader will say so, told by the extension.
    if (!(error instanceof RoentgenError)) throw error;
    return "";
  } finally {
    await reader.close();
  }
}
