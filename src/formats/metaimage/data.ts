// The voxels of a MetaImage file: in it, beside it, in a list of files or numbered ones (metaImage.cxx).

import type { ByteSource, VoxelArray } from "../../base/index.ts";
import { unpackPart } from "../compression/unpack-part.ts";
import { damaged, truncated } from "../damage.ts";
import { allocateBytes } from "../elements/element-types.ts";
import type { OpenBeside } from "../images/image-file.ts";
import { companionFiles, joinParts, readCompanions } from "../voxels/companions.ts";
import { bytesOf, voxelsFromBytes, voxelsFromText } from "../voxels/stored-voxels.ts";
import type { MetaFields } from "./fields.ts";
import type { MetaHeader } from "./header.ts";

/** Files that hold the voxels, in order; undefined where they follow the header. */
function dataFiles(
  { listed }: MetaHeader,
  { dataFile, sizes }: MetaFields,
  name: string,
): readonly string[] | undefined {
  if (/^local$/i.test(dataFile)) return undefined;
  const list = /^LIST(?:\s+(\d+)D?)?$/i.exec(dataFile);
  if (list) return companionFiles({ listed, sizes, perFile: list[1] }, name);
  if (!dataFile.includes("%")) return [dataFile];
  const words = dataFile.split(/\s+/);
  const [first = 1, last, step] = words.slice(1).map(Number);
  const count = sizes[sizes.length - 1];
  const end = last ?? first + count - 1;
  const range = [first, end, step ?? Math.max(1, Math.floor((end - first + 1) / count))];
  if (!range.every(Number.isSafeInteger)) {
    throw damaged(name, { expected: "a pattern with first, last and step", found: dataFile });
  }
  return companionFiles({ format: words[0], range, sizes, perFile: undefined }, name);
}

/**
 * All values, in the order of the file: channels fastest.
 * @throws RoentgenError "file-truncated", "file-corrupt", "value-missing" for files that are not at hand
 */
export async function readMetaData(
  source: ByteSource,
  header: MetaHeader,
  fields: MetaFields,
  beside: OpenBeside | undefined,
): Promise<VoxelArray> {
  const files = dataFiles(header, fields, source.name);
  const total = fields.sizes.reduce((product, size) => product * size, fields.channels);
  if (!files) return decode(source, header.end, fields, total);
  const count = total / files.length;
  return joinParts(
    await readCompanions(files, beside, source.name, (file) => decode(file, 0, fields, count)),
  );
}

async function decode(
  source: ByteSource,
  start: number,
  fields: MetaFields,
  count: number,
): Promise<VoxelArray> {
  const { type, order, binary, compressed, headerSize } = fields;
  const length = count * bytesOf(type);
  // HeaderSize counts from the start of the file, also of one that holds the header.
  const offset = headerSize > 0 ? headerSize : start;
  if (!binary || compressed) {
    const bytes = await rest(source, offset, compressed ? fields.compressedSize : undefined);
    if (!binary) return voxelsFromText(bytes, type, count, source.name);
    const packing = bytes[0] === 0x1f && bytes[1] === 0x8b ? "gzip" : "zlib";
    const unpacked = await unpackPart(bytes, packing, { length, skip: 0 }, source.name);
    return voxelsFromBytes(unpacked, type, order, source.name);
  }
  const from = headerSize === -1 ? source.byteLength - length : offset;
  if (from < start || from + length > source.byteLength) {
    throw truncated(source.name, {
      expected: `${length} bytes of voxels`,
      found: `${Math.max(0, source.byteLength - Math.max(from, start))}`,
    });
  }
  const bytes = allocateBytes(length, source.name);
  await source.readInto(from, bytes);
  return voxelsFromBytes(bytes, type, order, source.name);
}

/** What follows, or as much of it as is announced. */
async function rest(
  source: ByteSource,
  offset: number,
  told: number | undefined,
): Promise<Uint8Array> {
  const most = Math.max(0, source.byteLength - offset);
  const length = told !== undefined && told > 0 ? Math.min(told, most) : most;
  return source.read(Math.min(offset, source.byteLength), length);
}
