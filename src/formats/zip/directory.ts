// The directory of a zip archive (PKWARE APPNOTE 6.3.10), with zip64; members are found without reading them.

import type { ByteSource } from "../../base/index.ts";
import { damaged, truncated, unsupported } from "../damage.ts";

export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated, others are not supported. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly compressedBytes: number;
  /** Bytes when decompressed. */
  readonly bytes: number;
  /** Where the member's local header begins. */
  readonly offset: number;
}

interface DirectoryPlace {
  readonly count: number;
  readonly offset: number;
  readonly length: number;
}

const endSignature = 0x06054b50; // 4.3.16
const end64LocatorSignature = 0x07064b50; // 4.3.15
const end64Signature = 0x06064b50; // 4.3.14
const memberSignature = 0x02014b50; // 4.3.12
const endBytes = 22;
const memberBytes = 46;
const localHeaderBytes = 30;

/** Lists the members in the order of the directory. */
export async function readZipDirectory(source: ByteSource): Promise<ZipMember[]> {
  const place = await findDirectory(source);
  if (place.length < place.count * memberBytes) {
    throw damaged(source.name, {
      expected: `a directory of ${place.count} members`,
      found: `${place.length} bytes for it`,
    });
  }
  const view = viewOf(await source.read(place.offset, place.length));
  const members: ZipMember[] = [];
  let at = 0;
  for (let index = 0; index < place.count; index++) {
    const { member, next } = parseMember(view, at, source.name);
    members.push(member);
    at = next;
  }
  refuseOverlaps(members, source);
  return members;
}

/** The end record lies at the end of the file, before a comment of up to 65535 bytes. */
async function findDirectory(source: ByteSource): Promise<DirectoryPlace> {
  const tailBytes = Math.min(source.byteLength, endBytes + 0xffff);
  const tailStart = source.byteLength - tailBytes;
  const view = viewOf(await source.read(tailStart, tailBytes));
  for (let at = tailBytes - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    if (at + endBytes + view.getUint16(at + 20, true) > tailBytes) continue;
    const place = {
      count: view.getUint16(at + 10, true),
      length: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const large =
      place.count === 0xffff || place.length === 0xffffffff || place.offset === 0xffffffff;
    return large ? ((await findDirectory64(source, tailStart + at)) ?? place) : place;
  }
  throw truncated(source.name, {
    expected: "the directory at the end of a zip archive",
    found: "none",
  });
}

async function findDirectory64(
  source: ByteSource,
  endRecord: number,
): Promise<DirectoryPlace | undefined> {
  if (endRecord < 20) return undefined;
  const locator = viewOf(await source.read(endRecord - 20, 20));
  if (locator.getUint32(0, true) !== end64LocatorSignature) return undefined;
  const record = viewOf(await source.read(wide(locator, 8, source.name), 56));
  if (record.getUint32(0, true) !== end64Signature) {
    throw damaged(source.name, { expected: "a zip64 end record", found: "other bytes" });
  }
  return {
    count: wide(record, 32, source.name),
    length: wide(record, 40, source.name),
    offset: wide(record, 48, source.name),
  };
}

function parseMember(
  view: DataView,
  at: number,
  file: string,
): { member: ZipMember; next: number } {
  if (at + memberBytes > view.byteLength || view.getUint32(at, true) !== memberSignature) {
    throw damaged(file, { expected: "another member in the directory", found: "other bytes" });
  }
  const nameEnd = at + memberBytes + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > view.byteLength) {
    throw damaged(file, { expected: "a member within the directory", found: "one beyond it" });
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset);
  const sizes = memberSizes(
    view,
    at,
    new DataView(view.buffer, view.byteOffset + nameEnd, extraEnd - nameEnd),
    file,
  );
  const member = {
    name: new TextDecoder().decode(bytes.subarray(at + memberBytes, nameEnd)),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    crc: view.getUint32(at + 16, true),
    ...sizes,
  };
  return { member, next };
}

/** Sizes and offset; those that are 0xffffffff follow in the zip64 extra field, in this order (4.5.3). */
function memberSizes(view: DataView, at: number, extra: DataView, file: string) {
  const wideValues = zip64Values(extra, file);
  const value = (offset: number) => {
    const narrow = view.getUint32(at + offset, true);
    return narrow === 0xffffffff ? (wideValues.shift() ?? narrow) : narrow;
  };
  return { bytes: value(24), compressedBytes: value(20), offset: value(42) };
}

function zip64Values(extra: DataView, file: string): number[] {
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const length = Math.min(extra.getUint16(at + 2, true), extra.byteLength - at - 4);
    if (extra.getUint16(at, true) === 1) {
      const count = Math.min(3, Math.floor(length / 8));
      return Array.from({ length: count }, (_, index) => wide(extra, at + 4 + 8 * index, file));
    }
    at += 4 + length;
  }
  return [];
}

/** Members that share bytes are how small archives decompress to petabytes; no honest writer makes them. */
function refuseOverlaps(members: readonly ZipMember[], source: ByteSource): void {
  const sorted = members.toSorted((a, b) => a.offset - b.offset);
  sorted.forEach(({ name, offset, compressedBytes }, index) => {
    const end = sorted[index + 1]?.offset ?? source.byteLength;
    if (offset + localHeaderBytes + compressedBytes <= end) return;
    throw damaged(source.name, {
      expected: `${compressedBytes} bytes of member ${name} for itself`,
      found: `${end - offset} bytes up to the next member`,
    });
  });
}

/** Where a member's data begin: after its local header (4.3.7), which repeats the name. */
export async function memberDataOffset(source: ByteSource, member: ZipMember): Promise<number> {
  if (member.encrypted) {
    throw unsupported(source.name, {
      found: `the member ${member.name}, which is encrypted`,
      remedy: "Save it without a password.",
    });
  }
  const header = viewOf(await source.read(member.offset, localHeaderBytes));
  if (header.getUint32(0, true) !== 0x04034b50) {
    throw damaged(source.name, {
      expected: `the member ${member.name} where the directory says`,
      found: "other bytes",
    });
  }
  const offset =
    member.offset + localHeaderBytes + header.getUint16(26, true) + header.getUint16(28, true);
  if (offset + member.compressedBytes <= source.byteLength) return offset;
  throw truncated(source.name, {
    expected: `${member.compressedBytes} bytes of member ${member.name}`,
    found: `${source.byteLength - offset}`,
  });
}

function wide(view: DataView, at: number, file: string): number {
  const value = Number(view.getBigUint64(at, true));
  if (Number.isSafeInteger(value)) return value;
  throw damaged(file, { expected: "lengths and positions within the file", found: `${value}` });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
