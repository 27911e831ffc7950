// What the fields of a NRRD header say, checked against each other (NRRD format, sections 4 to 7).

import { RoentgenError } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { bytesOf, type StoredType } from "../voxels/stored-voxels.ts";
import type { NrrdHeader } from "./header.ts";

type NrrdEncoding = "raw" | "text" | "hex" | "gzip" | "bzip2";

/** One axis; axes are listed fastest first. */
export interface NrrdAxis {
  readonly size: number;
  /** Lower case: "domain", "rgb-color"; undefined where not told. */
  readonly kind: string | undefined;
  readonly label: string | undefined;
  /** Undefined where not told or not a number. */
  readonly spacing: number | undefined;
  readonly thickness: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly centering: "cell" | "node" | undefined;
  readonly unit: string | undefined;
  /** Step along the axis in space; undefined of an axis that is not in space. */
  readonly vector: readonly number[] | undefined;
}

export interface NrrdFields {
  readonly type: StoredType;
  readonly encoding: NrrdEncoding;
  readonly order: ByteOrder;
  readonly lineSkip: number;
  /** −1: the voxels end the data. */
  readonly byteSkip: number;
  readonly axes: readonly NrrdAxis[];
  /** Lower case, as the file has it. */
  readonly space: string | undefined;
  readonly spaceDimension: number;
  readonly spaceUnits: readonly string[] | undefined;
  readonly origin: readonly number[] | undefined;
  /** Whether any axis has a vector. */
  readonly oriented: boolean;
}

const types: Readonly<Record<string, StoredType>> = {
  ...spellings("int8", "signed char", "int8", "int8_t"),
  ...spellings("uint8", "uchar", "unsigned char", "uint8", "uint8_t"),
  ...spellings(
    "int16",
    "short",
    "short int",
    "signed short",
    "signed short int",
    "int16",
    "int16_t",
  ),
  ...spellings("uint16", "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
  ...spellings("int32", "int", "signed int", "int32", "int32_t"),
  ...spellings("uint32", "uint", "unsigned int", "uint32", "uint32_t"),
  ...spellings("int64", "longlong", "long long", "long long int", "signed long long"),
  ...spellings("int64", "signed long long int", "int64", "int64_t"),
  ...spellings("uint64", "ulonglong", "unsigned long long", "unsigned long long int"),
  ...spellings("uint64", "uint64", "uint64_t"),
  ...spellings("float32", "float"),
  ...spellings("float64", "double"),
};

function spellings(type: StoredType, ...words: string[]): Record<string, StoredType> {
  return Object.fromEntries(words.map((word) => [word, type]));
}

const encodings: Readonly<Record<string, NrrdEncoding>> = {
  raw: "raw",
  txt: "text",
  text: "text",
  ascii: "text",
  hex: "hex",
  gz: "gzip",
  gzip: "gzip",
  bz2: "bzip2",
  bzip2: "bzip2",
};

/** Named spaces, their dimension. */
const spaceDimensions: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ["right-anterior-superior", "ras"],
    ["left-anterior-superior", "las"],
    ["left-posterior-superior", "lps"],
    ["scanner-xyz"],
    ["3d-right-handed"],
    ["3d-left-handed"],
  ].flatMap((names) =>
    names.flatMap((name) => [
      [name, 3],
      [/^\w{3}$/.test(name) ? `${name}t` : `${name}-time`, 4],
    ]),
  ),
);

/** Of teem's library (NRRD_DIM_MAX). */
const mostAxes = 16;

/**
 * The fields that reading needs.
 * @param options.byteOrder taken where the header does not say it
 * @throws RoentgenError "file-corrupt", "value-missing" for the byte order, "format-unsupported"
 */
export function readFields(
  header: NrrdHeader,
  name: string,
  { byteOrder }: { byteOrder?: ByteOrder } = {},
): NrrdFields {
  const { fields } = header;
  const type = readType(needed(fields, "type", name), name);
  const encoding = encodings[needed(fields, "encoding", name).toLowerCase()];
  if (!encoding) {
    throw unsupported(name, {
      expected: "encoding raw, text, hex, gzip or bzip2",
      found: fields.get("encoding"),
    });
  }
  const order = readOrder(fields.get("endian"), type, encoding, byteOrder, name);
  const space = fields.get("space")?.toLowerCase().replaceAll(" ", "-");
  const spaceDimension = readSpaceDimension(space, fields, name);
  return {
    ...{ type, encoding, order, space, spaceDimension },
    lineSkip: skip(fields, "lineskip", 0, name),
    byteSkip: skip(fields, "byteskip", -1, name),
    axes: readAxes(fields, spaceDimension, name),
    spaceUnits: quoted(fields.get("spaceunits")),
    origin: vectors(fields, "spaceorigin", 1, spaceDimension, name)?.[0],
    oriented: fields.has("spacedirections"),
  };
}

type Fields = ReadonlyMap<string, string>;

function needed(fields: Fields, field: string, name: string): string {
  const value = fields.get(field);
  if (value) return value;
  throw damaged(name, { expected: `a field "${field}" in the header`, found: "none" });
}

function readType(words: string, name: string): StoredType {
  const type = types[words.toLowerCase().replace(/\s+/g, " ")];
  if (type) return type;
  const isBlock = words.toLowerCase() === "block";
  throw unsupported(name, {
    expected: "a type of numbers",
    found: isBlock
      ? 'type "block", bytes without a meaning that the file tells'
      : `type "${words}"`,
  });
}

function readOrder(
  endian: string | undefined,
  type: StoredType,
  encoding: NrrdEncoding,
  chosen: ByteOrder | undefined,
  name: string,
): ByteOrder {
  const order = endian?.toLowerCase();
  if (order === "little" || order === "big") return order;
  if (order !== undefined) throw damaged(name, { expected: "endian little or big", found: endian });
  if (chosen || bytesOf(type) === 1 || encoding === "text") return chosen ?? "little";
  throw new RoentgenError("value-missing", {
    problem: `Cannot read ${name}`,
    expected: 'a field "endian" in the header, as numbers of several bytes need',
    found: "none",
    remedy: "Give the option byteOrder if you know it.",
    subject: name,
  });
}

function readSpaceDimension(space: string | undefined, fields: Fields, name: string): number {
  const told = fields.get("spacedimension");
  const dimension = space === undefined ? Number(told ?? 0) : spaceDimensions[space];
  const fits = Number.isInteger(dimension) && dimension >= 0 && dimension <= 8;
  if (fits && (space === undefined || told === undefined || Number(told) === dimension)) {
    return dimension;
  }
  throw damaged(name, { expected: "a known space", found: `${space ?? ""} ${told ?? ""}`.trim() });
}

function skip(fields: Fields, field: string, least: number, name: string): number {
  const value = Number(fields.get(field) ?? 0);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw damaged(name, {
    expected: least === 0 ? "a line skip of 0 or more" : "a byte skip of -1, 0 or more",
    found: fields.get(field),
  });
}

function readAxes(fields: Fields, spaceDimension: number, name: string): NrrdAxis[] {
  const dimension = Number(needed(fields, "dimension", name));
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > mostAxes) {
    throw damaged(name, { expected: `dimension 1 to ${mostAxes}`, found: fields.get("dimension") });
  }
  const sizes = needed(fields, "sizes", name).split(/\s+/).map(Number);
  const count = sizes.reduce((product, size) => product * size, 1);
  const areSizes = sizes.every((size) => Number.isInteger(size) && size > 0);
  if (sizes.length !== dimension || !areSizes || !Number.isSafeInteger(count * 8)) {
    throw damaged(name, { expected: `${dimension} sizes above 0`, found: fields.get("sizes") });
  }
  const numbers = (field: string) => perAxis(fields, field, dimension, name)?.map(finite);
  const words = (field: string) => perAxis(fields, field, dimension, name);
  const [spacings, thicknesses] = [numbers("spacings"), numbers("thicknesses")];
  const [mins, maxs, kinds] = [numbers("axismins"), numbers("axismaxs"), words("kinds")];
  const [centerings, labels] = [words("centerings"), quoted(fields.get("labels"))];
  const units = quoted(fields.get("units"));
  const directions = vectors(fields, "spacedirections", dimension, spaceDimension, name);
  return sizes.map((size, at) => ({
    size,
    kind: known(kinds?.[at]?.toLowerCase()),
    label: labels?.[at] || undefined,
    spacing: spacings?.[at],
    thickness: thicknesses?.[at],
    min: mins?.[at],
    max: maxs?.[at],
    centering: centering(centerings?.[at]),
    unit: units?.[at] || undefined,
    vector: directions?.[at],
  }));
}

function known(word: string | undefined): string | undefined {
  return word === "???" || word === "none" ? undefined : word;
}

function centering(word: string | undefined): "cell" | "node" | undefined {
  const lower = word?.toLowerCase();
  return lower === "cell" || lower === "node" ? lower : undefined;
}

function finite(word: string): number | undefined {
  const value = Number(word);
  return Number.isFinite(value) ? value : undefined;
}

function perAxis(fields: Fields, field: string, count: number, name: string): string[] | undefined {
  const words = fields.get(field)?.split(/\s+/);
  if (words === undefined || words.length === count) return words;
  throw damaged(name, { expected: `${count} ${field}`, found: fields.get(field) });
}

/** Strings in quotes, \" for a quote within. */
function quoted(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner]) => inner.replace(/\\"/g, '"'));
}

/** Vectors in brackets; undefined for each "none". */
function vectors(
  fields: Fields,
  field: string,
  count: number,
  dimension: number,
  name: string,
): (number[] | undefined)[] | undefined {
  const text = fields.get(field);
  if (text === undefined) return undefined;
  const parts = text.match(/\([^()]*\)|[^\s()]+/g) ?? [];
  const read = parts.map((part) =>
    part.startsWith("(") ? part.slice(1, -1).split(",").map(Number) : undefined,
  );
  const areNone = parts.every(
    (part, at) => read[at] !== undefined || part.toLowerCase() === "none",
  );
  const fit = read.every((vector) => vector === undefined || isVector(vector, dimension));
  if (read.length === count && areNone && fit) {
    return read.map((vector) => (vector?.every(Number.isFinite) ? vector : undefined));
  }
  throw damaged(name, {
    expected: `${count} vectors of ${dimension} numbers, or "none", as ${field}`,
    found: text.slice(0, 200),
  });
}

/** NaN in all components is an old way of "none". */
function isVector(vector: readonly number[], dimension: number): boolean {
  return (
    vector.length === dimension &&
    (vector.every(Number.isFinite) || vector.every((value) => Number.isNaN(value)))
  );
}
