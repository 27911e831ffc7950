// Where bytes come from: a file, a blob or memory, read piece by piece so that large files need not fit.

import { RoentgenError } from "./errors.ts";

/** Bytes that can be read from any place: a file, a blob, memory. Close it when done. */
export interface ByteSource {
  /** File name or other words for messages. */
  readonly name: string;
  readonly byteLength: number;
  /** Of a file: text that changes with its size and time of change, to tell whether what was read of it still holds. */
  readonly stamp?: string;
  /** Exactly `length` bytes from `offset`; a "file-truncated" error where the source ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills `target` with the bytes from `offset` on: into memory of the caller's choice, with no copy between. */
  readInto(offset: number, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Bytes already in memory as a source. Reads are views, not copies. */
export function memorySource(bytes: Uint8Array, name = "memory"): ByteSource {
  return {
    name,
    byteLength: bytes.byteLength,
    async read(offset, length) {
      checkRange(name, bytes.byteLength, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    async readInto(offset, target) {
      checkRange(name, bytes.byteLength, offset, target.byteLength);
      target.set(bytes.subarray(offset, offset + target.byteLength));
    },
    async close() {},
  };
}

/** Refuses a read past the end before anything is allocated for it. */
export function checkRange(name: string, byteLength: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= byteLength) return;
  throw new RoentgenError("file-truncated", {
    problem: `Cannot read ${name}`,
    expected: `${length} bytes from position ${offset}`,
    found: `the end of the file at ${byteLength}`,
    remedy: "The file is truncated or damaged; fetch or export it again.",
    subject: name,
  });
}
