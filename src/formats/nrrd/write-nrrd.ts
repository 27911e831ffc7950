// Writes NRRD images, header attached (.nrrd) or detached (.nhdr), in LPS, raw or gzip.

import { gzipped } from "#compression";
import type { ChannelAxis, Image, VoxelArray, VoxelType } from "../../base/index.ts";
import { imageShape, indexToWorld, voxelType } from "../../base/index.ts";
import { nativeByteOrder } from "../elements/byte-order.ts";
import type { ImageWriteOptions, WrittenFile } from "../images/image-file.ts";

export interface NrrdWriteOptions extends ImageWriteOptions {
  /** By default "gzip". */
  encoding?: "raw" | "gzip";
  /** Pairs to go into the header, such as Slicer's segment descriptions. */
  keyValues?: Readonly<Record<string, string>>;
}

const typeNames: Readonly<Record<VoxelType, string>> = {
  int8: "signed char",
  uint8: "unsigned char",
  int16: "short",
  uint16: "unsigned short",
  int32: "int",
  uint32: "unsigned int",
  float32: "float",
  float64: "double",
};

/**
 * The file, or for a path that ends in .nhdr header and voxels (".raw" or ".raw.gz" beside it). Channels
 * follow the axes in space, as in memory. Of a grid of pixels only the spacing is written.
 */
export async function writeNrrd(
  image: Image,
  path: string,
  { encoding = "gzip", keyValues = {}, compressionLevel, threads, signal }: NrrdWriteOptions = {},
): Promise<readonly WrittenFile[]> {
  const voxels = bytesOfVoxels(image.data);
  const work = { level: compressionLevel, threads, signal };
  const content = encoding === "gzip" ? gzipped([voxels], work) : [voxels];
  const detached = /\.nhdr$/i.test(path);
  const dataPath = path.replace(/\.nhdr$/i, encoding === "gzip" ? ".raw.gz" : ".raw");
  const dataFile = detached ? dataPath.split(/[\\/]/).at(-1) : undefined;
  const header = new TextEncoder().encode(headerText(image, encoding, keyValues, dataFile));
  if (!detached) return [{ path, content: inSequence(header, content) }];
  return [
    { path: dataPath, content },
    { path, content: header },
  ];
}

async function* inSequence(
  header: Uint8Array,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield header;
  yield* content;
}

function bytesOfVoxels({ buffer, byteOffset, byteLength }: VoxelArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function headerText(
  image: Image,
  encoding: string,
  keyValues: Readonly<Record<string, string>>,
  dataFile: string | undefined,
): string {
  const axes = axesOf(image);
  const lines = [
    "NRRD0005",
    "# Complete NRRD file format specification at:",
    "# http://teem.sourceforge.net/nrrd/format.html",
    `type: ${typeNames[voxelType(image.data)]}`,
    `dimension: ${axes.length}`,
    ...placeLines(image, axes),
    ...(image.unit ? [`sample units: ${quote(image.unit)}`] : []),
    `endian: ${nativeByteOrder}`,
    `encoding: ${encoding}`,
    ...Object.entries(keyValues).map(([key, value]) => `${escaped(key)}:=${escaped(value)}`),
    ...(dataFile ? [`data file: ${dataFile}`] : []),
  ];
  return `${lines.join("\n")}\n${dataFile ? "" : "\n"}`;
}

/** Line ends and backslashes as the format writes them. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"').replaceAll("\n", " ")}"`;
}

interface WrittenAxis {
  readonly size: number;
  readonly kind: string;
  readonly label: string;
  readonly unit: string;
  readonly spacing: number;
  readonly min: number;
  /** Which of i, j, k; undefined for a channel. */
  readonly spatial?: number;
}

/** Fastest first. A picture, which has no place and no depth, has two axes in space. */
function axesOf(image: Image): WrittenAxis[] {
  const { geometry, channels } = image;
  const sizes = imageShape(image).reverse();
  const flat = geometry.frame === "pixels" && sizes[2] === 1 && (geometry.spacing?.[2] ?? 1) === 1;
  const inSpace = Array.from({ length: flat ? 2 : 3 }, (_, at) => ({
    size: sizes[at],
    kind: "domain",
    label: "",
    unit: geometry.frame === "pixels" && geometry.spacing ? "mm" : "",
    spacing: geometry.frame === "pixels" ? (geometry.spacing?.[at] ?? Number.NaN) : Number.NaN,
    min: Number.NaN,
    spatial: at,
  }));
  return [...inSpace, ...[...channels].reverse().map(channelLine)];
}

function channelLine({ name, size, values, unit = "" }: ChannelAxis): WrittenAxis {
  const steps = values?.slice(1).map((value, at) => value - values[at]) ?? [];
  const even =
    steps.length > 0 && steps.every((step) => Math.abs(step - steps[0]) < 1e-6 * Math.abs(step));
  const [spacing, min] = even && values ? [steps[0], values[0]] : [Number.NaN, Number.NaN];
  return { size, kind: kindOf(name, size), label: name, unit, spacing, min };
}

function kindOf(name: string, size: number): string {
  if (name === "color") return size === 4 ? "RGBA-color" : "RGB-color";
  // Times too are a list: ITK refuses a fourth axis of kind "time" in three-dimensional space.
  return name === "vector" ? "vector" : "list";
}

function placeLines({ geometry }: Image, axes: readonly WrittenAxis[]): string[] {
  const each = (value: (axis: WrittenAxis) => string) => axes.map(value).join(" ");
  const some = (field: string, value: (axis: WrittenAxis) => string, none: string) =>
    axes.some((axis) => value(axis) !== none) ? [`${field}: ${each(value)}`] : [];
  const lines = [
    `sizes: ${each(({ size }) => `${size}`)}`,
    `kinds: ${each(({ kind }) => kind)}`,
    ...some("spacings", ({ spacing }) => numberText(spacing), "nan"),
    ...some("axis mins", ({ min }) => numberText(min), "nan"),
    ...some("labels", ({ label }) => quote(label), '""'),
    ...some("units", ({ unit }) => quote(unit), '""'),
  ];
  if (geometry.frame === "pixels") return lines;
  const a = indexToWorld(geometry);
  const column = (at: number) => vectorText([a[at], a[4 + at], a[8 + at]]);
  const direction = ({ spatial }: WrittenAxis) =>
    spatial === undefined ? "none" : column(spatial);
  return [
    "space: left-posterior-superior",
    ...lines,
    `space directions: ${each(direction)}`,
    `space origin: ${vectorText(geometry.origin)}`,
  ];
}

function vectorText(vector: readonly number[]): string {
  return `(${vector.map(numberText).join(",")})`;
}

function numberText(value: number): string {
  return Number.isNaN(value) ? "nan" : `${value}`;
}
