// What an Arrow column means: how the values of a batch become cells of a table.
// (arrow.apache.org, Columnar Format; format/Schema.fbs)

import { type Data, DataType, type Field, Precision, TimeUnit as Unit, util } from "apache-arrow";
import { unsupported } from "../damage.ts";
import { type Cell, exactDecimal, exactInteger } from "../tables/column-builder.ts";
import { isoDate, isoTime, isoTimestamp, type TimeUnit } from "../tables/iso-time.ts";

export interface ColumnMeaning {
  readonly kind: "number" | "text";
  /** Whether float32 holds every value. */
  readonly single?: boolean;
  /** The cell at a position of a batch, provided that the value is valid there. */
  reader(data: Data): (index: number) => Cell;
}

/** What is stored: numbers by position, or text between offsets. */
type Values = ArrayLike<number> & ArrayLike<bigint>;

const UNITS: Readonly<Record<Unit, TimeUnit>> = {
  [Unit.SECOND]: "s",
  [Unit.MILLISECOND]: "ms",
  [Unit.MICROSECOND]: "us",
  [Unit.NANOSECOND]: "ns",
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws RoentgenError "format-unsupported" naming the column */
export function columnMeaning(field: Field, file: string): ColumnMeaning {
  const meaning = meaningOf(field.type);
  if (meaning) return meaning;
  throw unsupported(file, {
    expected: "numbers, text, booleans, dates or times in each column",
    found: `${field.type} in column "${field.name}"`,
    remedy: "Leave that column out.",
  });
}

function meaningOf(type: DataType): ColumnMeaning | undefined {
  if (DataType.isNull(type)) return { kind: "number", reader: () => () => null };
  if (DataType.isInt(type)) {
    return type.bitWidth < 64
      ? stored("number", (value: number) => value)
      : stored("number", (value: bigint) => exactInteger(value));
  }
  if (DataType.isFloat(type)) {
    if (type.precision === Precision.HALF) {
      return { ...stored("number", util.uint16ToFloat64), single: true };
    }
    return {
      ...stored("number", (value: number) => value),
      single: type.precision === Precision.SINGLE,
    };
  }
  if (DataType.isBool(type)) return { kind: "text", reader: readBits };
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type))
    return { kind: "text", reader: readText };
  if (DataType.isUtf8View(type)) return { kind: "text", reader: readTextView };
  if (DataType.isDictionary(type)) return dictionaryMeaning(type.dictionary);
  if (DataType.isDecimal(type)) return decimalMeaning(type.bitWidth, type.scale);
  return timeMeaning(type);
}

function timeMeaning(type: DataType): ColumnMeaning | undefined {
  if (DataType.isDate(type)) {
    return type.unit === 0
      ? stored("text", (days: number) => isoDate(days))
      : stored("text", (ticks: bigint) => isoTimestamp(BigInt(ticks), "ms", false));
  }
  if (DataType.isTimestamp(type)) {
    const unit = UNITS[type.unit];
    const utc = Boolean(type.timezone);
    return stored("text", (ticks: bigint) => isoTimestamp(BigInt(ticks), unit, utc));
  }
  if (DataType.isTime(type)) {
    return stored("text", (ticks: number | bigint) => isoTime(BigInt(ticks), UNITS[type.unit]));
  }
  return undefined;
}

/** Values that lie one after the other in a typed array. */
function stored<T extends number | bigint>(
  kind: ColumnMeaning["kind"],
  cell: (value: T) => Cell,
): ColumnMeaning {
  return {
    kind,
    reader(data) {
      const values = data.values as Values;
      checkLength(values.length, data.length);
      return (index) => cell(values[index] as T);
    },
  };
}

function readBits({ values, length, offset }: Data): (index: number) => Cell {
  checkLength(8 * (values as Uint8Array).length, offset + length);
  return (index) => {
    const position = offset + index;
    return ((values as Uint8Array)[position >> 3] >> (position & 7)) & 1 ? "true" : "false";
  };
}

function readText({ values, valueOffsets, length }: Data): (index: number) => Cell {
  const bytes = values as Uint8Array;
  const offsets = valueOffsets as unknown as ArrayLike<number | bigint>;
  if (length > 0) checkLength(offsets.length, length + 1);
  return (index) => {
    const start = Number(offsets[index]);
    const end = Number(offsets[index + 1]);
    if (!(start >= 0 && start <= end && end <= bytes.length))
      throw new RangeError("a text beyond its bytes");
    return utf8.decode(bytes.subarray(start, end));
  };
}

/** 16 bytes a text: length, then up to 12 bytes of it, or a prefix, the number of a buffer and a position there. */
function readTextView({ values, variadicBuffers, length }: Data): (index: number) => Cell {
  const views = values as Uint8Array;
  checkLength(views.length, 16 * length);
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength);
  return (index) => {
    const at = 16 * index;
    const size = view.getInt32(at, true);
    if (size <= 12) return utf8.decode(views.subarray(at + 4, at + 4 + size));
    const buffer = variadicBuffers[view.getInt32(at + 8, true)];
    const start = view.getInt32(at + 12, true);
    if (!buffer || start < 0 || start + size > buffer.length)
      throw new RangeError("a text beyond its bytes");
    return utf8.decode(buffer.subarray(start, start + size));
  };
}

function dictionaryMeaning(type: DataType): ColumnMeaning | undefined {
  const meaning = meaningOf(type);
  return (
    meaning && {
      ...meaning,
      reader(data) {
        const entries = (data.dictionary?.data ?? []).flatMap((chunk) => cellsOf(chunk, meaning));
        const indices = data.values as Values;
        checkLength(indices.length, data.length);
        return (index) => {
          const entry = Number(indices[index]);
          if (!(entry >= 0 && entry < entries.length))
            throw new RangeError("an index beyond the dictionary");
          return entries[entry];
        };
      },
    }
  );
}

/** All cells of a batch's column, null where not valid. */
function cellsOf(data: Data, { reader }: ColumnMeaning): Cell[] {
  const cell = reader(data);
  const valid = validity(data);
  return Array.from({ length: data.length }, (_, index) => (valid(index) ? cell(index) : null));
}

/** Whether there is a value at a position. */
export function validity({
  nullBitmap,
  nullCount,
  length,
  offset,
}: Data): (index: number) => boolean {
  if (nullCount === 0 || !nullBitmap || nullBitmap.length === 0) return () => true;
  checkLength(8 * nullBitmap.length, offset + length);
  return (index) => ((nullBitmap[(offset + index) >> 3] >> ((offset + index) & 7)) & 1) === 1;
}

function decimalMeaning(bitWidth: number, scale: number): ColumnMeaning {
  const words = bitWidth / 32;
  return {
    kind: "number",
    reader(data) {
      const values = data.values as Uint32Array;
      checkLength(values.length, words * data.length);
      return (index) => {
        let unscaled = 0n;
        for (let word = words - 1; word >= 0; word--) {
          unscaled = (unscaled << 32n) | BigInt(values[words * index + word]);
        }
        return exactDecimal(BigInt.asIntN(bitWidth, unscaled), scale);
      };
    },
  };
}

function checkLength(found: number, needed: number): void {
  if (found < needed) throw new RangeError("fewer values than rows");
}
