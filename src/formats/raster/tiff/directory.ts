// The directories of a TIFF or BigTIFF file, each number checked against the file (TIFF 6.0, section 2).

import { damaged, truncated } from "../../damage.ts";

/** Values of a field: numbers (64-bit ones too, up to 2⁵³), or a text. */
type FieldValue = readonly number[] | string;

/** Fields of a page by tag. */
export type Directory = ReadonlyMap<number, FieldValue>;

export interface TiffDirectories {
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly pages: readonly Directory[];
}

/** Of each type 1 to 18: its bytes (TIFF 6.0, section 2; BigTIFF design). */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** More than scanners and microscopes write. */
const mostPages = 65536;
const mostFields = 4096;

/** @throws RoentgenError "file-corrupt", "file-truncated" */
export function readDirectories(bytes: Uint8Array, name: string): TiffDirectories {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16)
    throw truncated(name, { expected: "a header", found: `${bytes.length} bytes` });
  const littleEndian = bytes[0] === 0x49;
  const version = view.getUint16(2, littleEndian);
  const isMarked = (bytes[0] === 0x49 || bytes[0] === 0x4d) && bytes[0] === bytes[1];
  if (!isMarked || (version !== 42 && version !== 43)) {
    throw damaged(name, { expected: "the mark of a TIFF file", found: "other bytes" });
  }
  const big = version === 43;
  const reader: Reader = { view, littleEndian, big, name };
  const pages: Directory[] = [];
  const seen = new Set<number>();
  let at = big ? wide(reader, 8) : view.getUint32(4, littleEndian);
  while (at !== 0) {
    if (seen.has(at) || pages.length >= mostPages) {
      throw damaged(name, { expected: "pages one after another", found: "a circle of them" });
    }
    seen.add(at);
    const { fields, next } = readDirectory(reader, at);
    pages.push(fields);
    at = next;
  }
  if (pages.length > 0) return { littleEndian, big, pages };
  throw damaged(name, { expected: "at least one page", found: "none" });
}

interface Reader {
  readonly view: DataView;
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly name: string;
}

/** A 64-bit number; what is beyond 2⁵³ lies outside any file. */
function wide({ view, littleEndian }: Reader, at: number): number {
  return Number(view.getBigUint64(at, littleEndian));
}

function readDirectory(reader: Reader, at: number): { fields: Directory; next: number } {
  const { view, littleEndian, big } = reader;
  const [countBytes, entryBytes] = big ? [8, 20] : [2, 12];
  checkWithin(reader, at, countBytes);
  const count = big ? wide(reader, at) : view.getUint16(at, littleEndian);
  if (count > mostFields)
    throw damaged(reader.name, { expected: "fewer fields", found: `${count}` });
  const end = at + countBytes + count * entryBytes;
  checkWithin(reader, at, end - at);
  const fields = new Map<number, FieldValue>();
  for (let field = at + countBytes; field < end; field += entryBytes) {
    const value = readField(reader, field);
    if (value !== undefined) fields.set(view.getUint16(field, littleEndian), value);
  }
  // A file that ends here has no next page.
  if (end + (big ? 8 : 4) > view.byteLength) return { fields, next: 0 };
  return { fields, next: big ? wide(reader, end) : view.getUint32(end, littleEndian) };
}

function checkWithin({ view, name }: Reader, at: number, length: number): void {
  if (at + length <= view.byteLength) return;
  throw truncated(name, {
    expected: `${length} bytes at ${at}`,
    found: `${view.byteLength} in all`,
  });
}

/** Undefined for fields of a type that is not known, which are to be left out. */
function readField(reader: Reader, at: number): FieldValue | undefined {
  const { view, littleEndian, big } = reader;
  const type = view.getUint16(at + 2, littleEndian);
  const count = big ? wide(reader, at + 4) : view.getUint32(at + 4, littleEndian);
  const size = typeBytes[type];
  if (!size) return undefined;
  const inline = big ? 8 : 4;
  const valueAt = at + (big ? 12 : 8);
  const outside = big ? () => wide(reader, valueAt) : () => view.getUint32(valueAt, littleEndian);
  const start = size * count <= inline ? valueAt : outside();
  checkWithin(reader, start, size * count);
  if (type === 2) return textAt(view, start, count);
  return Array.from({ length: count }, (_, n) =>
    numberAt(view, type, start + n * size, littleEndian),
  );
}

function textAt(view: DataView, start: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, length);
  return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
}

function numberAt(view: DataView, type: number, at: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
    case 13:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, little));
    case 17:
      return Number(view.getBigInt64(at, little));
    default:
      return view.getUint8(at);
  }
}
