// numpy's names of element types ("<f8", "|b1", "<U12") and what can be read of them.

import type { DType } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { nativeByteOrder } from "../elements/byte-order.ts";
import type { PythonLiteral } from "./python-literal.ts";

export interface ElementEncoding {
  readonly descr: string;
  readonly dtype: DType;
  /** Of strings: code points (U) or bytes (S). */
  readonly text?: "unicode" | "bytes";
  readonly byteOrder: ByteOrder;
  readonly itemBytes: number;
}

const numeric: Readonly<Record<string, DType>> = {
  b1: "bool",
  "?": "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
  c8: "complex64",
  c16: "complex128",
};

/** Bytes of an element by dtype are the digits of its name; "?" has none. */
const named = /^([<>=|]?)([a-zA-Z?])(\d*)/;

export function parseElementEncoding(descr: PythonLiteral, name: string): ElementEncoding {
  if (typeof descr !== "string") throw refuseStructure(descr, name);
  const [, mark, kind, digits] = named.exec(descr) ?? [];
  if (kind === undefined) {
    throw damaged(name, { expected: "an element type such as '<f8'", found: `'${descr}'` });
  }
  const byteOrder = mark === ">" ? "big" : mark === "<" ? "little" : nativeByteOrder;
  const dtype = numeric[descr.slice(mark.length)];
  if (dtype) return { descr, dtype, byteOrder, itemBytes: Number(digits || 1) };
  const size = Number(digits);
  const whole = `${mark}${kind}${digits}` === descr && Number.isSafeInteger(4 * size);
  if (whole && digits !== "" && (kind === "S" || kind === "a")) {
    return { descr, dtype: "string", text: "bytes", byteOrder, itemBytes: size };
  }
  if (whole && digits !== "" && kind === "U") {
    return { descr, dtype: "string", text: "unicode", byteOrder, itemBytes: 4 * size };
  }
  throw refuseKind(descr, kind, digits, name);
}

function refuseStructure(descr: PythonLiteral, name: string): Error {
  const fields =
    descr !== null && typeof descr === "object" && "list" in descr ? fieldNames(descr.list) : [];
  return unsupported(name, {
    expected: "elements that are plain numbers or text",
    found: fields.length > 0 ? `records with fields ${fields.join(", ")}` : "structured elements",
    remedy: "Save each field as an array of its own: numpy.savez(path, a=records['a'], …).",
  });
}

function fieldNames(fields: readonly PythonLiteral[]): string[] {
  return fields
    .map((field) =>
      field !== null && typeof field === "object" && "tuple" in field ? field.tuple[0] : undefined,
    )
    .filter((field) => typeof field === "string")
    .slice(0, 8);
}

function refuseKind(descr: string, kind: string, digits: string, name: string): Error {
  if (kind === "O") {
    return unsupported(name, {
      found: "Python objects, which are pickled code and are never executed here",
      remedy: "Convert before saving: array.astype('float64') for numbers, astype('U') for text.",
    });
  }
  if ((kind === "f" || kind === "c" || kind === "g" || kind === "G") && Number(digits) > 8) {
    // 80-bit x87, IEEE binary128 and double-double share the names f16 and c32; the file does not tell which.
    return unsupported(name, {
      found: `extended precision ('${descr}'), whose bits differ between machines`,
      remedy: `Save it as ${kind === "c" ? "complex128: array.astype('complex128')" : "double precision: array.astype('float64')"}.`,
    });
  }
  if (kind === "M" || kind === "m") {
    return unsupported(name, {
      found: `${kind === "M" ? "dates" : "time spans"} ('${descr}')`,
      remedy: "Save them as numbers: array.astype('int64'), or as text: array.astype('U').",
    });
  }
  if (kind === "V") {
    return unsupported(name, { found: `raw bytes ('${descr}')`, remedy: "Save numbers or text." });
  }
  return damaged(name, { expected: "an element type such as '<f8'", found: `'${descr}'` });
}
