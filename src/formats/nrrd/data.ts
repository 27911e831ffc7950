// The voxels of a NRRD file: which files hold them, what to skip, how they are encoded (NRRD format, section 5).

import type { ByteSource, VoxelArray } from "../../base/index.ts";
import { unpackPart } from "../compression/unpack-part.ts";
import { damaged, truncated } from "../damage.ts";
import { allocateBytes } from "../elements/element-types.ts";
import type { OpenBeside } from "../images/image-file.ts";
import { companionFiles, joinParts, readCompanions } from "../voxels/companions.ts";
import { bytesOf, voxelsFromBytes, voxelsFromText } from "../voxels/stored-voxels.ts";
import type { NrrdFields } from "./fields.ts";
import type { NrrdHeader } from "./header.ts";

/** Files that hold the voxels, in order; undefined where they follow the header. */
function dataFiles(
  header: NrrdHeader,
  fields: NrrdFields,
  name: string,
): readonly string[] | undefined {
  const told = header.fields.get("datafile");
  if (told === undefined) return undefined;
  const sizes = fields.axes.map(({ size }) => size);
  const list = /^LIST(?:\s+(\d+))?$/.exec(told);
  if (list) return companionFiles({ listed: header.listed, sizes, perFile: list[1] }, name);
  const pattern = /^(.*%.*?)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(?:\s+(\d+))?$/.exec(told);
  if (!pattern) return [told];
  const [, format, first, last, step, perFile] = pattern;
  return companionFiles({ format, range: [first, last, step].map(Number), sizes, perFile }, name);
}

/**
 * All voxels, in the order of the file.
 * @throws RoentgenError "file-truncated", "file-corrupt", "too-large", "value-missing" for files that are
 *   not at hand
 */
export async function readNrrdData(
  source: ByteSource,
  header: NrrdHeader,
  fields: NrrdFields,
  beside: OpenBeside | undefined,
): Promise<VoxelArray> {
  const files = dataFiles(header, fields, source.name);
  const total = fields.axes.reduce((product, { size }) => product * size, 1);
  if (!files) return decode(source, header.end, fields, total);
  const count = total / files.length;
  const parts = await readCompanions(files, beside, source.name, (file) =>
    decode(file, 0, fields, count),
  );
  return joinParts(parts);
}

async function decode(
  source: ByteSource,
  start: number,
  fields: NrrdFields,
  count: number,
): Promise<VoxelArray> {
  const { type, encoding, order, byteSkip } = fields;
  const offset = await skipLines(source, start, fields.lineSkip);
  const length = count * bytesOf(type);
  if (encoding === "raw") {
    const bytes = await readRaw(source, offset, byteSkip, length);
    return voxelsFromBytes(bytes, type, order, source.name);
  }
  const stored = await source.read(offset, source.byteLength - offset);
  if (encoding === "text" || encoding === "hex") {
    const text = stored.subarray(Math.max(0, byteSkip));
    if (encoding === "text") return voxelsFromText(text, type, count, source.name);
    return voxelsFromBytes(fromHex(text, length, source.name), type, order, source.name);
  }
  const skip = byteSkip === -1 ? "all" : byteSkip;
  const bytes = await unpackPart(stored, encoding, { length, skip }, source.name);
  return voxelsFromBytes(bytes, type, order, source.name);
}

async function readRaw(
  source: ByteSource,
  start: number,
  byteSkip: number,
  length: number,
): Promise<Uint8Array> {
  const offset = byteSkip === -1 ? source.byteLength - length : start + byteSkip;
  if (offset < start || offset + length > source.byteLength) {
    throw truncated(source.name, {
      expected: `${length} bytes of voxels`,
      found: `${Math.max(0, source.byteLength - Math.max(offset, start))}`,
    });
  }
  const bytes = allocateBytes(length, source.name);
  await source.readInto(offset, bytes);
  return bytes;
}

const pieceBytes = 2 ** 16;
const lineFeed = 10;

/** Where the bytes after so many line ends begin. */
async function skipLines(source: ByteSource, start: number, lines: number): Promise<number> {
  let position = start;
  while (lines > 0) {
    const length = Math.min(pieceBytes, source.byteLength - position);
    if (length <= 0) {
      throw truncated(source.name, { expected: `${lines} more lines to skip`, found: "the end" });
    }
    const piece = await source.read(position, length);
    let at = 0;
    for (; lines > 0; lines--) {
      const feed = piece.indexOf(lineFeed, at);
      if (feed < 0) break;
      at = feed + 1;
    }
    position += lines > 0 ? length : at;
  }
  return position;
}

/** Two digits a byte; blanks and line ends between them count for nothing. */
function fromHex(text: Uint8Array, length: number, name: string): Uint8Array {
  if (text.length < 2 * length) {
    throw truncated(name, { expected: `${2 * length} hexadecimal digits`, found: "fewer" });
  }
  const bytes = allocateBytes(length, name);
  let digits = 0;
  for (let at = 0; at < text.length && digits < 2 * length; at++) {
    const letter = text[at];
    if (letter <= 0x20) continue;
    const digit = hexDigit(letter);
    if (digit < 0) throw damaged(name, { expected: "hexadecimal digits", found: `byte ${letter}` });
    bytes[digits >> 1] = (bytes[digits >> 1] << 4) | digit;
    digits++;
  }
  if (digits === 2 * length) return bytes;
  throw truncated(name, { expected: `${2 * length} hexadecimal digits`, found: `${digits}` });
}

function hexDigit(letter: number): number {
  if (letter >= 0x30 && letter <= 0x39) return letter - 0x30;
  const lower = letter | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
