// The lines of text that open a NRRD or MetaImage file, read piece by piece up to where the voxels begin.

import type { ByteSource } from "../../base/index.ts";
import { damaged } from "../damage.ts";

export interface HeaderLine {
  /** Without its end. */
  readonly text: string;
  /** Where the next line begins in the file. */
  readonly end: number;
}

/** Longer than any header, with gradient tables and segment descriptions. */
const longestHeader = 2 ** 24;
const pieceBytes = 2 ** 14;
const lineFeed = 10;

/**
 * Lines of a header, up to and with the first that `isLast` recognises, or to the end of the file.
 * Lines end with a line feed, with or without a carriage return before it. Text is UTF-8.
 * @throws RoentgenError "file-corrupt" where none is the last in 16 MB
 */
export async function readHeaderLines(
  source: ByteSource,
  isLast: (line: string) => boolean,
): Promise<HeaderLine[]> {
  const most = Math.min(source.byteLength, longestHeader);
  const decoder = new TextDecoder();
  const lines: HeaderLine[] = [];
  let [bytes, start] = [new Uint8Array(), 0] as [Uint8Array, number];
  for (let length = pieceBytes; ; length *= 2) {
    bytes = await source.read(0, Math.min(length, most));
    const atEnd = bytes.length === most;
    for (;;) {
      const feed = bytes.indexOf(lineFeed, start);
      if (feed < 0 && !(atEnd && start < most)) break;
      const end = feed < 0 ? most : feed + 1;
      const text = decoder.decode(bytes.subarray(start, feed < 0 ? most : feed));
      lines.push({ text: text.replace(/\r$/, ""), end });
      start = end;
      if (isLast(lines[lines.length - 1].text)) return lines;
    }
    if (!atEnd) continue;
    if (most === source.byteLength) return lines;
    throw damaged(source.name, { expected: "a header of at most 16 MB", found: "no end of it" });
  }
}
