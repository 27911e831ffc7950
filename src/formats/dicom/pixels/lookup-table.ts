// Lookup tables of DICOM: descriptor and data (PS3.3 C.11.1.1 for modality, C.11.2.1.1 for VOI, C.7.6.3.1.5 and .6 for
// palettes), plain or in segments (C.7.9.2).

import { damaged } from "../../damage.ts";
import type { DataSet, ValueElement } from "../data-set/data-set.ts";
import { element, numbers } from "../data-set/values.ts";

/** Values below `first` take the first entry, those past the last the last one. */
export interface LookupTable {
  /** The input that the first entry stands for. */
  readonly first: number;
  /** Bits of an entry, as the descriptor says: 8 to 16. */
  readonly bits: number;
  readonly entries: Uint8Array | Uint16Array;
}

interface TableTags {
  readonly descriptor: number;
  readonly data: number;
  /** Data in segments; palettes only. */
  readonly segments?: number;
  /** What the table is, for messages: "Modality LUT". */
  readonly label: string;
  /** Whether inputs may be negative, so that a first input of 65,000 means -536. */
  readonly signed: boolean;
}

/** The table of a data set or item; undefined where it has none. */
export function readLookupTable(dataSet: DataSet, tags: TableTags): LookupTable | undefined {
  const descriptor = numbers(dataSet, tags.descriptor);
  const plain = valueElement(dataSet, tags.data);
  const segments = tags.segments === undefined ? undefined : valueElement(dataSet, tags.segments);
  if (descriptor.length < 3 || !(plain ?? segments)) return undefined;
  // 0 stands for 65,536; a count read as signed comes out negative.
  const count = ((descriptor[0] + 65_535) % 65_536) + 1;
  const first = signedFirst(descriptor[1], tags.signed);
  const bits = descriptor[2];
  const entries = plain
    ? plainEntries(dataSet, plain, count, bits)
    : expandSegments(wordsOf(dataSet, segments!, bits <= 8), bits, count, tags.label);
  if (entries.length > 0) return { first, bits, entries };
  throw damaged(tags.label, { expected: `${count} entries`, found: "none" });
}

/** The entry of each value. */
export function lookUp(
  values: ArrayLike<number>,
  { first, entries }: LookupTable,
): Uint8Array | Uint16Array {
  const last = entries.length - 1;
  const found =
    entries instanceof Uint8Array ? new Uint8Array(values.length) : new Uint16Array(values.length);
  for (let at = 0; at < found.length; at++) {
    const index = Math.trunc(values[at] - first);
    found[at] = entries[index <= 0 ? 0 : Math.min(index, last)];
  }
  return found;
}

function valueElement(dataSet: DataSet, tag: number): ValueElement | undefined {
  const found = element(dataSet, tag);
  return found?.kind === "value" && found.bytes.length > 0 ? found : undefined;
}

function signedFirst(first: number, signed: boolean): number {
  return signed && first > 32_767 ? first - 65_536 : first;
}

/** Entries of 8 bits come two in a word or one; the length tells (PS3.3 C.7.6.3.1.6). */
function plainEntries(
  dataSet: DataSet,
  data: ValueElement,
  count: number,
  bits: number,
): Uint8Array | Uint16Array {
  const bytewise = bits <= 8 && data.bytes.length < count * 2;
  return wordsOf(dataSet, data, bytewise).subarray(0, count);
}

function wordsOf(
  { littleEndian }: DataSet,
  { vr, bytes }: ValueElement,
  bytewise: boolean,
): Uint8Array | Uint16Array {
  if (bytewise && (littleEndian || vr === "OB")) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, at) =>
    view.getUint16(at * 2, littleEndian),
  );
  if (!bytewise) return words;
  // Big endian: the first of two bytes is the lower half of its word.
  return Uint8Array.from({ length: words.length * 2 }, (_, at) => words[at >> 1] >> ((at & 1) * 8));
}

const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

/**
 * Segments to entries (PS3.3 C.7.9.2): values as they are, lines from the entry before to a given one, and copies
 * of segments at a byte offset.
 */
function expandSegments(
  data: Uint8Array | Uint16Array,
  bits: number,
  count: number,
  label: string,
): Uint8Array | Uint16Array {
  const entries: number[] = [];
  const indirectLength = data.BYTES_PER_ELEMENT === 1 ? 4 : 2;
  const corrupt = (found: string) => damaged(label, { expected: "sound segments", found });

  function expand(from: number, most: number, nested: boolean): void {
    let at = from;
    for (let segment = 0; segment < most && at + 1 < data.length; segment++) {
      const [code, length] = [data[at], data[at + 1]];
      at += 2;
      if (entries.length + length > 65_536) throw corrupt("more than 65,536 entries");
      if (code === DISCRETE) {
        for (const value of data.subarray(at, at + length)) entries.push(value);
        at += length;
      } else if (code === LINEAR) {
        if (entries.length === 0) throw corrupt("a line that begins nowhere");
        addLine(entries, data[at], length);
        at += 1;
      } else if (code === INDIRECT && !nested) {
        expand(segmentAt(data, at), length, true);
        at += indirectLength;
      } else throw corrupt(nested ? "a copy within a copy" : `segment type ${code}`);
      if (entries.length >= count) return;
    }
  }

  expand(0, Number.POSITIVE_INFINITY, false);
  const whole = bits <= 8 ? Uint8Array.from(entries) : Uint16Array.from(entries);
  return whole.subarray(0, count);
}

function addLine(entries: number[], end: number, length: number): void {
  const start = entries[entries.length - 1];
  for (let step = 1; step <= length; step++) {
    entries.push(Math.round(start + ((end - start) * step) / length));
  }
}

/** Index of the segment that an indirect one names by its offset in bytes. */
function segmentAt(data: Uint8Array | Uint16Array, at: number): number {
  if (data.BYTES_PER_ELEMENT === 2) return (data[at] + data[at + 1] * 65_536) >> 1;
  return data[at] + data[at + 1] * 256 + data[at + 2] * 65_536 + data[at + 3] * 2 ** 24;
}
