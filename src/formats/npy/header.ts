// The header of a .npy file: numpy/lib/format.py, format versions 1.0 to 3.0 (NEP 1).

import type { DType } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import type { ByteReader } from "../elements/byte-reader.ts";
import { checkRemaining, readBytes } from "../elements/byte-reader.ts";
import type { ElementEncoding } from "./element-encoding.ts";
import { parseElementEncoding } from "./element-encoding.ts";
import type { PythonLiteral } from "./python-literal.ts";
import { LiteralSyntaxError, parsePythonLiteral } from "./python-literal.ts";

/** What the header of a .npy file says of its array. */
export interface NpyHeader {
  /** Format version: 1, 2 or 3. */
  readonly version: number;
  /** numpy's name of the element type: "<f8". */
  readonly descr: string;
  readonly dtype: DType;
  readonly byteOrder: ByteOrder;
  /** Bytes of one element in the file. */
  readonly itemBytes: number;
  readonly shape: readonly number[];
  /** Whether the first axis is fastest (Fortran order). */
  readonly columnMajor: boolean;
  /** Where the elements begin in the file. */
  readonly dataOffset: number;
  /** Bytes of all elements. */
  readonly dataBytes: number;
}

export interface ParsedHeader extends NpyHeader {
  readonly encoding: ElementEncoding;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** numpy itself writes a few hundred bytes; more is needed only by structured types, refused anyway. */
const longestHeader = 2 ** 20;

/** Reads the header and checks that the elements it announces are there. */
export async function readHeader(reader: ByteReader): Promise<ParsedHeader> {
  const { name } = reader;
  const start = await readBytes(reader, 8);
  if (!magic.every((byte, index) => start[index] === byte)) {
    throw damaged(name, {
      expected: "a .npy file, which begins with \\x93NUMPY",
      found: "other bytes",
      remedy: "Check that the file is what its name says.",
    });
  }
  const version = start[6];
  if (version < 1 || version > 3 || start[7] !== 0) {
    throw damaged(name, {
      expected: "format version 1.0, 2.0 or 3.0",
      found: `${version}.${start[7]}`,
    });
  }
  const lengthField = await readBytes(reader, version === 1 ? 2 : 4);
  const length = littleEndian(lengthField);
  if (length > longestHeader) {
    throw damaged(name, {
      expected: `a header of at most ${longestHeader} bytes`,
      found: `${length}`,
    });
  }
  const text = headerText(await readBytes(reader, length), version, name);
  const header = parseHeader(text, version, 8 + lengthField.length + length, name);
  checkRemaining(reader, header.dataBytes);
  return header;
}

/** The public part of the header. */
export function publicHeader({ encoding: _, ...header }: ParsedHeader): NpyHeader {
  return header;
}

function parseHeader(
  text: string,
  version: number,
  dataOffset: number,
  name: string,
): ParsedHeader {
  const { descr, columnMajor, shape } = headerFields(text, name);
  const encoding = parseElementEncoding(descr, name);
  const dataBytes = shape.reduce((product, length) => product * length, encoding.itemBytes);
  if (!Number.isSafeInteger(dataBytes) && !shape.includes(0)) {
    throw damaged(name, { found: `an impossible shape, (${shape.join(", ")})` });
  }
  return {
    version,
    descr: encoding.descr,
    dtype: encoding.dtype,
    byteOrder: encoding.byteOrder,
    itemBytes: encoding.itemBytes,
    shape,
    columnMajor,
    dataOffset,
    dataBytes: shape.includes(0) ? 0 : dataBytes,
    encoding,
  };
}

/** The dictionary has these three keys and no other. */
function headerFields(text: string, name: string) {
  const dict = headerDict(text, name);
  const descr = dict.get("descr");
  const order = dict.get("fortran_order");
  const shape = dict.get("shape");
  if (dict.size !== 3 || descr === undefined || typeof order !== "boolean" || !isShape(shape)) {
    throw damaged(name, {
      expected: "a header with descr, fortran_order (True or False) and shape (a tuple)",
      found: text.trim().slice(0, 200),
    });
  }
  return { descr, columnMajor: order, shape: shape.tuple };
}

function headerDict(text: string, name: string): ReadonlyMap<PythonLiteral, PythonLiteral> {
  try {
    const literal = parsePythonLiteral(text);
    if (literal !== null && typeof literal === "object" && "dict" in literal) return literal.dict;
  } catch (cause) {
    if (!(cause instanceof LiteralSyntaxError)) throw cause;
    throw damaged(name, { expected: "a well-formed header", found: cause.message, cause });
  }
  throw damaged(name, { expected: "a header in braces", found: text.trim().slice(0, 200) });
}

function isShape(value: PythonLiteral | undefined): value is { tuple: readonly number[] } {
  return (
    value !== null &&
    typeof value === "object" &&
    "tuple" in value &&
    value.tuple.every((length) => Number.isSafeInteger(length) && (length as number) >= 0)
  );
}

/** Version 3 is UTF-8, the others Latin-1. */
function headerText(bytes: Uint8Array, version: number, name: string): string {
  try {
    return new TextDecoder(version === 3 ? "utf-8" : "latin1", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw damaged(name, { expected: "a header in UTF-8", cause });
  }
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
