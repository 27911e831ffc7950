// Raster files as formats of images: PNG, BMP, TIFF, JPEG, WebP and GIF.

import { decodePicture, encodePicture } from "#pictures";
import type { ByteSource, Image } from "../../base/index.ts";
import { voxelType } from "../../base/index.ts";
import type {
  ImageDescription,
  ImageFile,
  ImageFormat,
  ImageFormatName,
  ImageHeader,
  ImageReadOptions,
} from "../images/image-file.ts";
import { readBmp } from "./bmp/read-bmp.ts";
import { pictureOfImage } from "./from-image.ts";
import { imageOfPicture, type Picture } from "./picture.ts";
import { readPng } from "./png/read-png.ts";
import { type PngPicture, writePng } from "./png/write-png.ts";
import { readTiff } from "./tiff/read-tiff.ts";
import { writeTiff } from "./tiff/write-tiff.ts";

/** What the readers of all these formats give. */
interface RasterFile {
  readonly picture: Picture;
  readonly header: object;
  readonly notes: readonly string[];
}

type Limits = { readonly name: string; readonly mostPixels?: number };
type Decode = (bytes: Uint8Array, limits: Limits) => RasterFile | Promise<RasterFile>;
type Read = (source: ByteSource, options?: RasterReadOptions) => Promise<ImageFile>;

/** Options of reading a raster file. */
export interface RasterReadOptions extends ImageReadOptions {
  /**
   * Width · height, of a TIFF file times its pages, beyond which a file is refused; by default 2²⁸, and of
   * JPEG, WebP and GIF 2²⁴ and 4096 for each byte of the file.
   */
  mostPixels?: number;
}

function reader(format: ImageFormatName, decode: Decode): Read {
  return async (source, { mostPixels } = {}) => {
    const bytes = await source.read(0, source.byteLength);
    const { picture, header, notes } = await decode(bytes, { name: source.name, mostPixels });
    const made = imageOfPicture(picture);
    const all = [...notes, ...made.notes];
    return { image: made.image, format, notes: all, header: header as ImageHeader };
  };
}

/** Pictures are small: they are read to be described. */
function inspector(
  read: Read,
): (source: ByteSource, options: RasterReadOptions) => Promise<ImageDescription> {
  return async (source, options) => {
    const { image, format, notes, header } = await read(source, options);
    const { geometry, channels, data } = image;
    const type = voxelType(data);
    return {
      ...{ format, geometry, channels, type, notes, header },
      size: geometry.size,
      storedType: type,
    };
  };
}

/** The mark is short, so the length of the next header, 12 to 124, is looked at too. */
function isBmp(head: string): boolean {
  const length = head.charCodeAt(14);
  return head.startsWith("BM") && length >= 12 && length <= 124 && head.startsWith("\0\0\0", 15);
}

async function pngOf(image: Image, path: string): Promise<Uint8Array> {
  const { width, height, channels, data } = pictureOfImage(image, {
    path,
    types: ["uint8", "uint16"],
  });
  const depth = data instanceof Uint16Array ? 16 : 8;
  return writePng({ width, height, depth, data, channels: channels as PngPicture["channels"] });
}

async function encoded(kind: "jpeg" | "webp", image: Image, path: string): Promise<Uint8Array> {
  const picture = pictureOfImage(image, { path, types: ["uint8"] }) as Picture<Uint8Array>;
  return encodePicture(picture, kind);
}

const readPngImage = reader("png", readPng);
const readBmpImage = reader("bmp", readBmp);
const readJpegImage = reader("jpeg", (bytes, limits) => decodePicture(bytes, "jpeg", limits));
const readWebpImage = reader("webp", (bytes, limits) => decodePicture(bytes, "webp", limits));
const readGifImage = reader("gif", (bytes, limits) => decodePicture(bytes, "gif", limits));

export const rasterFormats: readonly ImageFormat[] = [
  {
    name: "png",
    title: "PNG",
    extensions: [".png"],
    browser: true,
    recognise: (head) => head.startsWith("\x89PNG\r\n\x1a\n"),
    inspect: inspector(readPngImage),
    read: readPngImage,
    write: async (image, path) => [{ path, content: await pngOf(image, path) }],
  },
  {
    name: "tiff",
    title: "TIFF, several pages, floating point and OME included",
    extensions: [".tif", ".tiff", ".btf"],
    browser: true,
    recognise: (head) => /^(II[*+]\0|MM\0[*+])/.test(head),
    inspect: inspector(readTiff),
    read: readTiff,
    write: async (image, path) => [{ path, content: writeTiff(image, path) }],
  },
  {
    name: "jpeg",
    title: "JPEG",
    extensions: [".jpg", ".jpeg"],
    browser: true,
    recognise: (head) => head.startsWith("\xff\xd8\xff"),
    inspect: inspector(readJpegImage),
    read: readJpegImage,
    write: async (image, path) => [{ path, content: await encoded("jpeg", image, path) }],
  },
  {
    name: "bmp",
    title: "BMP",
    extensions: [".bmp", ".dib"],
    browser: true,
    recognise: isBmp,
    inspect: inspector(readBmpImage),
    read: readBmpImage,
  },
  {
    name: "webp",
    title: "WebP",
    extensions: [".webp"],
    browser: true,
    recognise: (head) => head.startsWith("RIFF") && head.startsWith("WEBP", 8),
    inspect: inspector(readWebpImage),
    read: readWebpImage,
    write: async (image, path) => [{ path, content: await encoded("webp", image, path) }],
  },
  {
    name: "gif",
    title: "GIF, its first picture",
    extensions: [".gif"],
    browser: true,
    recognise: (head) => /^GIF8[79]a/.test(head),
    inspect: inspector(readGifImage),
    read: readGifImage,
  },
];
