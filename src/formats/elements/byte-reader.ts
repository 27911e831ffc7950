// Bytes in sequence: what array readers need of a file, of a part of it, or of a compressed member.

import type { ByteSource } from "../../base/index.ts";
import { truncated } from "../damage.ts";

export interface ByteReader {
  /** File name or other words for messages. */
  readonly name: string;
  /** Bytes not read yet; a reader allocates nothing larger. */
  readonly remaining: number;
  /** Fills `target` with the next bytes. */
  readInto(target: Uint8Array): Promise<void>;
}

export interface ReaderRange {
  offset?: number;
  length?: number;
  name?: string;
}

/** Reads a source, or a part of it, from front to back. */
export function sequentialReader(
  source: ByteSource,
  { offset = 0, length, name = source.name }: ReaderRange = {},
): ByteReader {
  let position = offset;
  const end = length === undefined ? source.byteLength : offset + length;
  return {
    name,
    get remaining() {
      return end - position;
    },
    async readInto(target) {
      checkRemaining(this, target.byteLength);
      await source.readInto(position, target);
      position += target.byteLength;
    },
  };
}

/** The next `length` bytes, once it is known that they are there. */
export async function readBytes(
  reader: ByteReader,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkRemaining(reader, length);
  const bytes = new Uint8Array(length);
  await reader.readInto(bytes);
  return bytes;
}

/** Refuses a length beyond what is left, before anything is allocated for it. */
export function checkRemaining({ name, remaining }: ByteReader, length: number): void {
  if (length <= remaining) return;
  throw truncated(name, { expected: `${length} more bytes`, found: `${remaining}` });
}
