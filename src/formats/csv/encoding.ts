// The bytes of a text file in an encoding that extends ASCII, and the text of a cell from them:
// byte order marks (Unicode 15.0, 2.13), UTF-16 recoded to UTF-8, Windows-1252 where it isn't UTF-8.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import type { CsvSettings } from "./options.ts";

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

const BYTE_ORDER_MARKS: readonly [TextEncoding, readonly number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** The encoding that the byte order mark states, and the mark's length. */
export async function readByteOrderMark(
  source: ByteSource,
): Promise<{ encoding?: TextEncoding; length: number }> {
  const head = await source.read(0, Math.min(3, source.byteLength));
  for (const [encoding, mark] of BYTE_ORDER_MARKS) {
    if (mark.every((byte, index) => head[index] === byte)) return { encoding, length: mark.length };
  }
  return { length: 0 };
}

/** The source's bytes from `offset` on, a chunk at a time, UTF-16 recoded to UTF-8. */
export async function* textChunks(
  source: ByteSource,
  { encoding, offset, chunkBytes }: { encoding: TextEncoding; offset: number; chunkBytes: number },
): AsyncGenerator<Uint8Array> {
  const wide = encoding.startsWith("utf-16");
  const decoder = wide ? new TextDecoder(encoding, { fatal: true }) : undefined;
  const encoder = new TextEncoder();
  for (let at = offset; at < source.byteLength; at += chunkBytes) {
    const length = Math.min(chunkBytes, source.byteLength - at);
    const bytes = await source.read(at, length);
    if (!decoder) yield bytes;
    else {
      const last = at + length === source.byteLength;
      yield encoder.encode(decodeWide(decoder, bytes, !last, source.name));
    }
  }
}

export interface CellDecoder {
  /** The text of a cell. `line` is for the error message. */
  decode(bytes: Uint8Array, start: number, end: number, line: number): string;
  /** What the text turned out to be. */
  readonly encoding: "utf-8" | "windows-1252";
}

/**
 * Decodes cells. Undeclared bytes that aren't UTF-8 are Windows-1252, provided that none before them were
 * UTF-8 beyond ASCII. Recent texts are remembered, so that a column of few words makes few strings.
 * @throws RoentgenError "file-corrupt": neither encoding fits, or a NUL character
 */
export function cellDecoder(asked: CsvSettings["encoding"], name: string): CellDecoder {
  let single = asked === "windows-1252";
  let utf8Line = 0;
  const unicode = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const western = new TextDecoder("windows-1252");
  const recent = new Array<string>(4096);

  function decode(bytes: Uint8Array, start: number, end: number, line: number): string {
    let hash = end - start;
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === 0) throw nulError(name, line);
      all |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (all < 128) return asciiText(bytes, start, end, hash & 4095);
    const cell = bytes.subarray(start, end);
    if (single) return western.decode(cell);
    try {
      const text = unicode.decode(cell);
      utf8Line ||= line;
      return text;
    } catch (cause) {
      if (asked !== "auto" || utf8Line > 0) throw encodingError(line, cause);
      single = true;
      return western.decode(cell);
    }
  }

  function asciiText(bytes: Uint8Array, start: number, end: number, slot: number): string {
    const known = recent[slot];
    if (known !== undefined && spells(known, bytes, start, end)) return known;
    const text =
      end - start < 512
        ? String.fromCharCode(...bytes.subarray(start, end))
        : unicode.decode(bytes.subarray(start, end));
    recent[slot] = text;
    return text;
  }

  function encodingError(line: number, cause: unknown): RoentgenError {
    return new RoentgenError("file-corrupt", {
      problem: `Cannot read ${name}: line ${line} is not valid UTF-8`,
      found: utf8Line > 0 ? `UTF-8 text on line ${utf8Line}, so that the encodings are mixed` : "",
      remedy:
        "Save the file as UTF-8 (in Excel: CSV UTF-8). In a program the option `encoding` says what it is in.",
      subject: name,
      cause,
    });
  }

  return {
    decode,
    get encoding() {
      return single ? "windows-1252" : "utf-8";
    },
  };
}

function spells(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at - start) !== bytes[at]) return false;
  }
  return true;
}

function decodeWide(
  decoder: TextDecoder,
  bytes: Uint8Array,
  stream: boolean,
  name: string,
): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    throw new RoentgenError("file-corrupt", {
      problem: `Cannot read ${name}: it is not valid ${decoder.encoding.toUpperCase()}`,
      remedy: "Save the file as UTF-8.",
      subject: name,
      cause,
    });
  }
}

/** Refuses what can't be text: an image or another binary file under a wrong name. */
export function checkIsText(sample: Uint8Array, name: string): void {
  let controls = 0;
  for (const byte of sample) {
    if (byte === 0) throw nulError(name, 0);
    if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) controls++;
  }
  if (controls * 20 <= sample.length) return;
  throw new RoentgenError("format-unknown", {
    problem: `Cannot read ${name} as a table of text`,
    found: "binary data",
    remedy: "Check what kind of file it is.",
    subject: name,
  });
}

function nulError(name: string, line: number): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot read ${name} as a table of text`,
    found: line > 0 ? `a NUL character on line ${line}` : "NUL characters near the beginning",
    remedy:
      "It is damaged, binary, or UTF-16 without a byte order mark: save it as UTF-8, or in a program give the option `encoding`.",
    subject: name,
  });
}
