// A walk through Thrift's compact protocol that allocates nothing: whoever decodes the same bytes after
// it can trust their lengths. (Apache Thrift, doc/specs/thrift-compact-protocol.md)

import { damaged } from "../damage.ts";

/** Deeper than any Parquet structure. */
const DEEPEST = 16;

/**
 * Position after the structure at `offset`.
 * @throws RoentgenError "file-corrupt" where a length goes beyond the bytes, or the nesting too deep
 */
export function skipThrift(bytes: Uint8Array, offset: number, file: string): number {
  let at = offset;
  skipStruct(0);
  return at;

  function skipStruct(depth: number): void {
    if (depth > DEEPEST) throw broken();
    for (;;) {
      const header = nextByte();
      const type = header & 15;
      if (type === 0) return;
      if (header >> 4 === 0) skipVarint();
      // A boolean field's value is in its type.
      if (type > 2) skipValue(type, depth);
    }
  }

  function skipValue(type: number, depth: number): void {
    if (type === 1 || type === 2 || type === 3) at++;
    else if (type >= 4 && type <= 6) skipVarint();
    else if (type === 7) at += 8;
    else if (type === 8) skipBytes(readLength());
    else if (type === 9) skipList(depth);
    else if (type === 12) skipStruct(depth + 1);
    else throw broken();
    if (at > bytes.length) throw broken();
  }

  function skipList(depth: number): void {
    const header = nextByte();
    const count = header >> 4 === 15 ? readLength() : header >> 4;
    if (count > bytes.length - at) throw broken();
    for (let index = 0; index < count; index++) skipValue(header & 15, depth);
  }

  function skipBytes(length: number): void {
    at += length;
  }

  function readLength(): number {
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = nextByte();
      length += (byte & 127) * factor;
      if (length > bytes.length) throw broken();
      if (byte < 128) return length;
      if (factor > 2 ** 35) throw broken();
    }
  }

  function skipVarint(): void {
    const start = at;
    while (nextByte() >= 128) if (at - start > 10) throw broken();
  }

  function nextByte(): number {
    if (at >= bytes.length) throw broken();
    return bytes[at++];
  }

  function broken() {
    return damaged(file, { found: "metadata that go beyond their bytes or are no Thrift" });
  }
}
