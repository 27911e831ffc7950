// What the fields of a MetaImage header say, with the synonyms and defaults that MetaIO has (metaObject.cxx, metaImage.cxx).

import { damaged, unsupported } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import type { StoredType } from "../voxels/stored-voxels.ts";
import type { MetaHeader } from "./header.ts";

export interface MetaFields {
  /** Fastest first. */
  readonly sizes: readonly number[];
  /** Values a voxel has, side by side. */
  readonly channels: number;
  readonly type: StoredType;
  readonly binary: boolean;
  readonly compressed: boolean;
  readonly compressedSize: number | undefined;
  readonly order: ByteOrder;
  /** Bytes before the voxels of a data file; −1: the voxels end it. */
  readonly headerSize: number;
  /** Distance of voxels along each axis; undefined where not told. */
  readonly spacing: readonly number[] | undefined;
  /** Centre of the first voxel; undefined where not told. */
  readonly offset: readonly number[] | undefined;
  /** Rows are the directions of the axes; undefined where not told. */
  readonly directions: readonly (readonly number[])[] | undefined;
  /** Letters such as RAI: where each axis comes from. */
  readonly anatomical: string | undefined;
  readonly distanceUnit: string | undefined;
  readonly slope: number;
  readonly intercept: number;
  /** "LOCAL", "LIST", a name or a pattern, with what follows it. */
  readonly dataFile: string;
}

/** MetaIO's names; its long has four bytes everywhere. */
const types: Readonly<Record<string, StoredType>> = {
  MET_CHAR: "int8",
  MET_ASCII_CHAR: "int8",
  MET_UCHAR: "uint8",
  MET_SHORT: "int16",
  MET_USHORT: "uint16",
  MET_INT: "int32",
  MET_UINT: "uint32",
  MET_LONG: "int32",
  MET_ULONG: "uint32",
  MET_LONG_LONG: "int64",
  MET_ULONG_LONG: "uint64",
  MET_FLOAT: "float32",
  MET_DOUBLE: "float64",
};

/** Of MetaIO. */
const mostAxes = 10;

/** @throws RoentgenError "file-corrupt", "format-unsupported" */
export function readMetaFields(header: MetaHeader, name: string): MetaFields {
  const { fields } = header;
  const kind = fields.get("objecttype");
  if (kind !== undefined && kind.toLowerCase() !== "image") {
    throw unsupported(name, { expected: "ObjectType = Image", found: kind });
  }
  const dimensions = Number(needed(fields, "NDims", name));
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > mostAxes) {
    throw damaged(name, { expected: `NDims from 1 to ${mostAxes}`, found: fields.get("ndims") });
  }
  const numbers = (count: number, ...keys: string[]) => numbersOf(fields, keys, count, name);
  const matrix = numbers(dimensions ** 2, "TransformMatrix", "Rotation", "Orientation");
  const spacing = numbers(dimensions, "ElementSpacing", "ElementSize");
  return {
    sizes: readSizes(fields, dimensions, name),
    channels: readChannels(fields, name),
    type: readElementType(fields, name),
    binary: flag(fields, "BinaryData", false),
    compressed: flag(fields, "CompressedData", false),
    compressedSize: numbers(1, "CompressedDataSize")?.[0],
    order: bigEndian(fields) ? "big" : "little",
    headerSize: readHeaderSize(numbers(1, "HeaderSize")?.[0] ?? 0, name),
    spacing,
    offset: numbers(dimensions, "Offset", "Origin", "Position"),
    directions: matrix && rows(matrix, dimensions),
    anatomical: fields.get("anatomicalorientation"),
    distanceUnit: fields.get("distanceunits"),
    slope: numbers(1, "ElementToIntensityFunctionSlope")?.[0] ?? 1,
    intercept: numbers(1, "ElementToIntensityFunctionOffset")?.[0] ?? 0,
    dataFile: needed(fields, "ElementDataFile", name),
  };
}

type Fields = MetaHeader["fields"];

function needed(fields: Fields, key: string, name: string): string {
  const value = fields.get(key.toLowerCase());
  if (value) return value;
  throw damaged(name, { expected: `a field ${key} in the header`, found: "none" });
}

function readSizes(fields: Fields, dimensions: number, name: string): number[] {
  const sizes = needed(fields, "DimSize", name).split(/\s+/).map(Number);
  const bytes = sizes.reduce((product, size) => product * size, 8);
  const areSizes = sizes.every((size) => Number.isInteger(size) && size > 0);
  if (sizes.length === dimensions && areSizes && Number.isSafeInteger(bytes)) return sizes;
  throw damaged(name, { expected: `${dimensions} sizes above 0`, found: fields.get("dimsize") });
}

function readChannels(fields: Fields, name: string): number {
  const told = fields.get("elementnumberofchannels") ?? "1";
  const channels = Number(told);
  if (Number.isInteger(channels) && channels > 0 && channels < 2 ** 20) return channels;
  throw damaged(name, { expected: "ElementNumberOfChannels above 0", found: told });
}

/** A type with _ARRAY behind it has several values a voxel, which ElementNumberOfChannels counts. */
function readElementType(fields: Fields, name: string): StoredType {
  const told = needed(fields, "ElementType", name).toUpperCase();
  const type = types[told.replace(/_ARRAY$/, "")];
  if (type) return type;
  throw unsupported(name, { expected: "an ElementType of numbers", found: told });
}

/** Only what begins like true, yes or 1 is true. */
function flag(fields: Fields, key: string, otherwise: boolean): boolean {
  const value = fields.get(key.toLowerCase());
  return value === undefined || value === "" ? otherwise : /^[ty1]/i.test(value);
}

/** Data without a word on their order are little-endian, as all that write them today have it. */
function bigEndian(fields: Fields): boolean {
  return flag(fields, "ElementByteOrderMSB", flag(fields, "BinaryDataByteOrderMSB", false));
}

function readHeaderSize(size: number, name: string): number {
  if (Number.isSafeInteger(size) && size >= -1) return size;
  throw damaged(name, { expected: "HeaderSize of -1, 0 or more", found: `${size}` });
}

/** The numbers of the first field that there is. */
function numbersOf(
  fields: Fields,
  keys: readonly string[],
  count: number,
  name: string,
): number[] | undefined {
  const key = keys.find((one) => fields.get(one.toLowerCase()));
  if (key === undefined) return undefined;
  const text = fields.get(key.toLowerCase()) as string;
  const numbers = text.split(/\s+/).map(Number);
  if (numbers.length === count && numbers.every(Number.isFinite)) return numbers;
  throw damaged(name, { expected: `${count} numbers as ${key}`, found: text.slice(0, 200) });
}

function rows(matrix: readonly number[], dimensions: number): number[][] {
  return Array.from({ length: dimensions }, (_, row) =>
    matrix.slice(row * dimensions, (row + 1) * dimensions),
  );
}
