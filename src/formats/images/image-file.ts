// What an image file holds, whatever its format, and what a reader or writer of one format takes.

import type {
  ByteSource,
  ChannelAxis,
  Geometry,
  Image,
  Triple,
  VoxelType,
  WorkOptions,
} from "../../base/index.ts";
import type { NiftiWriteOptions } from "../nifti/write-header.ts";
import type { GeometryChoice } from "./stated-geometry.ts";

/** Formats of images. */
export type ImageFormatName =
  | "nifti"
  | "analyze"
  | "mgh"
  | "gipl"
  | "nrrd"
  | "metaimage"
  | "png"
  | "jpeg"
  | "tiff"
  | "bmp"
  | "webp"
  | "gif"
  | "dicom";

/** A field of a header, as JSON can hold it (but for numbers that are not finite). */
export type HeaderValue =
  | string
  | number
  | boolean
  | null
  | readonly HeaderValue[]
  | { readonly [field: string]: HeaderValue };

/** The fields of a file's header under the names that its format gives them. */
export type ImageHeader = Readonly<Record<string, HeaderValue>>;

/** An image as it was read. */
export interface ImageFile {
  readonly image: Image;
  readonly format: ImageFormatName;
  /** What the reader should know of geometry, scaling or odd things in the file, as sentences. */
  readonly notes: readonly string[];
  readonly header: ImageHeader;
}

/** What a file's header says, without its voxels. */
export interface ImageDescription {
  readonly format: ImageFormatName;
  /** Voxels along i, j, k. */
  readonly size: Triple;
  readonly geometry: Geometry;
  readonly channels: readonly ChannelAxis[];
  /** Element type of the voxels once read. */
  readonly type: VoxelType;
  /** Element type in the file, in the words of its format. */
  readonly storedType: string;
  readonly unit?: string;
  readonly notes: readonly string[];
  readonly header: ImageHeader;
}

/** Opens a file that lies beside the one that is read, by its name; whoever asks for it closes it. */
export type OpenBeside = (name: string) => Promise<ByteSource>;

/** What every reader of images takes. */
export interface ImageReadOptions extends WorkOptions {
  /** For formats whose header and voxels are files of their own. */
  beside?: OpenBeside;
  /** URL of dcmjs-native-codecs.wasm, for compressed DICOM in browsers; beside the page unless given. */
  webAssemblyModulePathOrUrl?: string;
  /** Where the geometry comes from; by default what the file states. */
  geometry?: GeometryChoice;
}

/** What every writer of images takes. */
export interface ImageWriteOptions extends WorkOptions {
  /** Of gzip and its like: 1 (fast) to 9 (small); 4 by default. */
  compressionLevel?: number;
  /** What only NIfTI files have. */
  nifti?: NiftiWriteOptions;
}

/** A file to be written, as `writeFilesWhole` takes it. */
export interface WrittenFile {
  readonly path: string;
  readonly content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** A format of images: how a file of it is recognised, who reads it and who writes it. */
export interface ImageFormat {
  readonly name: ImageFormatName;
  readonly title: string;
  /** With the dot, lower case; the first is the usual one. */
  readonly extensions: readonly string[];
  /** Whether its reader unpacks files that are gzipped. */
  readonly unpacks?: boolean;
  /** Whether it also runs in browsers. */
  readonly browser: boolean;
  /**
   * Whether a file whose first bytes (up to 640, unpacked where the file is gzipped) read so in Latin-1
   * is of this format. Formats without a mark of their own leave it out and go by extension.
   */
  recognise?(head: string): boolean;
  /** What the header says; voxels are not read. */
  inspect(source: ByteSource, options: ImageReadOptions): Promise<ImageDescription>;
  read(source: ByteSource, options: ImageReadOptions): Promise<ImageFile>;
  /** The files that hold the image; `path` ends in one of the extensions. Left out by formats only read. */
  write?(image: Image, path: string, options: ImageWriteOptions): Promise<readonly WrittenFile[]>;
}
