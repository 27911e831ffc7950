// Reads zip archives (PKWARE APPNOTE 6.3.10): a list of members, and the bytes of each when asked for.

import type { ByteSource } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import type { ByteReader } from "../elements/byte-reader.ts";
import { readBytes, sequentialReader } from "../elements/byte-reader.ts";
import { checkedReader } from "../elements/checked-reader.ts";
import { inflatingReader } from "../elements/inflating-reader.ts";
import { memberDataOffset, readZipDirectory, type ZipMember } from "./directory.ts";

/** What the directory claims of a member; nothing of it has been unpacked. */
export interface ZipEntry {
  /** As stored: it may hold a path, also one that leads out of a folder. */
  readonly name: string;
  /** Bytes in the archive. */
  readonly compressedBytes: number;
  /** Bytes when unpacked, as claimed. `read` never gives more. */
  readonly bytes: number;
  /**
   * Unpacks the member into memory and checks it against its CRC-32.
   * @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported" (encrypted, or packed by
   *   another method than deflate)
   */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Lists an archive's members in the order of its directory, several of one name if there are.
 * @throws RoentgenError "file-corrupt" (also where members overlap), "file-truncated"
 */
export async function listZip(source: ByteSource): Promise<ZipEntry[]> {
  const members = await readZipDirectory(source);
  return members.map((member) => ({
    name: member.name,
    compressedBytes: member.compressedBytes,
    bytes: member.bytes,
    read: async () => readBytes(await openMember(source, member), member.bytes),
  }));
}

/** The unpacked bytes of a member in sequence, checked when the last is read. */
export async function openMember(source: ByteSource, member: ZipMember): Promise<ByteReader> {
  const offset = await memberDataOffset(source, member);
  const name = `${source.name} (${member.name})`;
  const compressed = sequentialReader(source, { offset, length: member.compressedBytes, name });
  return checkedReader(unpacked(compressed, member), member.crc);
}

function unpacked(compressed: ByteReader, { method, bytes }: ZipMember): ByteReader {
  if (method === 8) return inflatingReader(compressed, bytes);
  if (method !== 0) {
    throw unsupported(compressed.name, {
      expected: "a stored or deflated member",
      found: `compression method ${method}`,
      remedy: "Make the archive anew with the usual method (deflate).",
    });
  }
  if (compressed.remaining === bytes) return compressed;
  throw damaged(compressed.name, {
    expected: `${bytes} bytes stored as they are`,
    found: `${compressed.remaining}`,
  });
}
