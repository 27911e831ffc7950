// The header of a MetaImage file: "Key = value" lines up to ElementDataFile (MetaIO documentation, "MetaImage").

import type { ByteSource } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import { readHeaderLines } from "../voxels/text-header.ts";

/** A header, its fields not looked at yet. */
export interface MetaHeader {
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** Fields as the file spells them. */
  readonly spelled: Readonly<Record<string, string>>;
  /** Lines that follow "ElementDataFile = LIST": names of files. */
  readonly listed: readonly string[];
  /** Where voxels of the same file begin. */
  readonly end: number;
}

/** @throws RoentgenError "file-corrupt" where there is no ElementDataFile */
export async function readMetaHeader(source: ByteSource): Promise<MetaHeader> {
  const isDataFile = (line: string) => /^\s*ElementDataFile\s*[=:]/i.test(line);
  const lists = (line: string) => /^\s*ElementDataFile\s*[=:]\s*LIST\b/i.test(line);
  const lines = await readHeaderLines(source, (line) => isDataFile(line) && !lists(line));
  const last = lines.findIndex(({ text }) => isDataFile(text));
  if (last < 0) {
    throw damaged(source.name, {
      expected: "MetaImage fields up to ElementDataFile",
      found: "a header without it",
    });
  }
  const listed = lines.slice(last + 1).map(({ text }) => text.trim());
  const pairs = lines.slice(0, last + 1).flatMap(({ text }) => parseLine(text));
  return {
    fields: new Map(pairs.map(([key, value]) => [key.toLowerCase(), value])),
    spelled: Object.fromEntries(pairs),
    listed: listed.filter((name) => name !== ""),
    end: lines[last].end,
  };
}

/** Lines without a sign between key and value (comments) count for nothing. */
function parseLine(text: string): [string, string][] {
  const pair = /^\s*([\w-]+)\s*[=:]\s*(.*?)\s*$/.exec(text);
  return pair ? [[pair[1], pair[2]]] : [];
}
