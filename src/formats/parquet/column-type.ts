// What a Parquet column means: how a stored value becomes a cell of a table.
// (parquet-format, LogicalTypes.md)

import type { SchemaElement } from "hyparquet";
import { parseFloat16 } from "hyparquet/src/convert.js";
import { unsupported } from "../damage.ts";
import { type Cell, exactDecimal, exactInteger } from "../tables/column-builder.ts";
import { isoDate, isoTime, isoTimestamp, type TimeUnit } from "../tables/iso-time.ts";
import type { StoredValue } from "./values.ts";

export interface ColumnMeaning {
  readonly kind: "number" | "text";
  /** Whether float32 holds every value. */
  readonly single?: boolean;
  cell(value: StoredValue): Cell;
}

const UNITS = { MILLIS: "ms", MICROS: "us", NANOS: "ns" } as const;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws RoentgenError "format-unsupported" naming the column */
export function columnMeaning(element: SchemaElement, file: string): ColumnMeaning {
  const meaning = annotated(element) ?? plain(element);
  if (meaning) return meaning;
  const type = element.logical_type?.type ?? element.converted_type ?? element.type;
  throw unsupported(file, {
    expected: "numbers, text, booleans, dates or times in each column",
    found: `${type} in column "${element.name}"`,
    remedy: "Leave that column out.",
  });
}

/** By logical type, or the converted type of older files. */
function annotated({ type, logical_type, converted_type, scale }: SchemaElement) {
  const logical = logical_type?.type;
  if (logical === "DECIMAL" || converted_type === "DECIMAL") return decimal(scale ?? 0);
  if (logical === "DATE" || converted_type === "DATE") {
    return text((value) => isoDate(Number(value)));
  }
  if (logical_type?.type === "TIMESTAMP") {
    return timestamp(UNITS[logical_type.unit], logical_type.isAdjustedToUTC);
  }
  if (converted_type === "TIMESTAMP_MILLIS") return timestamp("ms", true);
  if (converted_type === "TIMESTAMP_MICROS") return timestamp("us", true);
  if (logical_type?.type === "TIME") return time(UNITS[logical_type.unit]);
  if (converted_type === "TIME_MILLIS") return time("ms");
  if (converted_type === "TIME_MICROS") return time("us");
  if (logical === "FLOAT16") {
    return number((value) => parseFloat16(value as Uint8Array) as number, true);
  }
  if (logical === "UUID") return text((value) => uuid(value as Uint8Array));
  const unsigned =
    converted_type?.startsWith("UINT_") ||
    (logical_type?.type === "INTEGER" && !logical_type.isSigned);
  if (unsigned && type === "INT32") return number((value) => Number(value) >>> 0);
  if (unsigned && type === "INT64") {
    return number((value) => exactInteger(BigInt.asUintN(64, value as bigint)));
  }
  return undefined;
}

/** By physical type. */
function plain({ type, logical_type, converted_type }: SchemaElement): ColumnMeaning | undefined {
  switch (type) {
    case "BOOLEAN":
      return text((value) => (value ? "true" : "false"));
    case "INT32":
      return number(Number);
    case "INT64":
      return number((value) => exactInteger(value as bigint));
    case "INT96":
      return text((value) => isoTimestamp(int96Nanoseconds(value as bigint), "ns", false));
    case "FLOAT":
      return number(Number, true);
    case "DOUBLE":
      return number(Number);
    case "BYTE_ARRAY": {
      const meaning = logical_type?.type ?? converted_type ?? "STRING";
      if (!["STRING", "UTF8", "ENUM", "JSON", "NULL"].includes(meaning)) return undefined;
      return text((value) => utf8.decode(value as Uint8Array));
    }
    default:
      return undefined;
  }
}

function number(cell: ColumnMeaning["cell"], single = false): ColumnMeaning {
  return { kind: "number", cell, single };
}

function text(cell: ColumnMeaning["cell"]): ColumnMeaning {
  return { kind: "text", cell };
}

function timestamp(unit: TimeUnit, utc: boolean): ColumnMeaning {
  return text((value) => isoTimestamp(BigInt(value as bigint), unit, utc));
}

function time(unit: TimeUnit): ColumnMeaning {
  return text((value) => isoTime(BigInt(value as bigint), unit));
}

function decimal(scale: number): ColumnMeaning {
  return number((value) => {
    const unscaled = value instanceof Uint8Array ? bigEndian(value) : BigInt(value as bigint);
    return exactDecimal(unscaled, scale);
  });
}

/** A signed integer, most significant byte first. */
function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** Julian day in the upper 32 bits, nanoseconds of the day below; 2,440,588 is 1970-01-01. */
function int96Nanoseconds(value: bigint): bigint {
  const days = (value >> 64n) - 2_440_588n;
  return days * 86_400_000_000_000n + (value & 0xffffffffffffffffn);
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
