// The header of a NRRD file: magic, fields, key/value pairs and comments (NRRD format, "Basic header structure").

import type { ByteSource } from "../../base/index.ts";
import { damaged } from "../damage.ts";
import type { HeaderLine } from "../voxels/text-header.ts";
import { readHeaderLines } from "../voxels/text-header.ts";

/** A header, its fields not looked at yet. */
export interface NrrdHeader {
  /** 1 to 5. */
  readonly version: number;
  /** By identifier: lower case, without blanks: "spacedirections". */
  readonly fields: ReadonlyMap<string, string>;
  /** Fields as the file calls them, for a person to read. */
  readonly spelled: Readonly<Record<string, string>>;
  readonly keyValues: Readonly<Record<string, string>>;
  readonly comments: readonly string[];
  /** Names that follow "data file: LIST". */
  readonly listed: readonly string[];
  /** Where the voxels of an attached header begin. */
  readonly end: number;
}

/** Identifiers that mean the same. */
const synonyms: Readonly<Record<string, string>> = { centers: "centerings" };

/**
 * Reads the header, up to the blank line or, of a detached one, the end of the file.
 * @throws RoentgenError "file-corrupt" naming the line
 */
export async function readNrrdHeader(source: ByteSource): Promise<NrrdHeader> {
  const lines = await readHeaderLines(source, (line) => line === "");
  const version = /^NRRD000([1-9])$/.exec(lines[0]?.text.trimEnd() ?? "")?.[1];
  if (version === undefined) {
    throw damaged(source.name, {
      expected: "NRRD0001 to NRRD0005 in the first line",
      found: JSON.stringify(lines[0]?.text.slice(0, 40) ?? ""),
    });
  }
  const isAttached = lines.at(-1)?.text === "";
  const parsed = parseLines(lines.slice(1, isAttached ? -1 : undefined), source.name);
  return { version: Number(version), ...parsed, end: lines[lines.length - 1].end };
}

function parseLines(
  lines: readonly HeaderLine[],
  name: string,
): Omit<NrrdHeader, "version" | "end"> {
  const fields = new Map<string, string>();
  const spelled: [string, string][] = [];
  const keyValues: [string, string][] = [];
  const comments: string[] = [];
  for (const [at, { text }] of lines.entries()) {
    const pair = /^([^:]*):(=| ?)(.*)$/s.exec(text);
    if (text.startsWith("#")) comments.push(text.replace(/^#\s*/, ""));
    else if (!pair) throw brokenLine(text, at, name);
    else if (pair[2] === "=") keyValues.push([withoutEscapes(pair[1]), withoutEscapes(pair[3])]);
    else {
      const identifier = identify(pair[1]);
      if (fields.has(identifier)) throw repeated(pair[1], name);
      fields.set(identifier, pair[3].trim());
      spelled.push([pair[1], pair[3].trim()]);
      if (identifier === "datafile" && /^LIST\b/.test(pair[3].trim())) {
        const listed = lines.slice(at + 1).map((line) => line.text.trim());
        const names = listed.filter((one) => one !== "" && !one.startsWith("#"));
        return { ...record(fields, spelled, keyValues, comments), listed: names };
      }
    }
  }
  return { ...record(fields, spelled, keyValues, comments), listed: [] };
}

function record(
  fields: Map<string, string>,
  spelled: [string, string][],
  keyValues: [string, string][],
  comments: string[],
) {
  return {
    fields,
    spelled: Object.fromEntries(spelled),
    keyValues: Object.fromEntries(keyValues),
    comments,
  };
}

function identify(field: string): string {
  const identifier = field.toLowerCase().replace(/\s+/g, "");
  return synonyms[identifier] || identifier;
}

/** In keys and values \n stands for a line end and \\ for a backslash. */
function withoutEscapes(text: string): string {
  return text.replace(/\\([n\\])/g, (_, letter) => (letter === "n" ? "\n" : "\\"));
}

function brokenLine(text: string, at: number, name: string) {
  return damaged(name, {
    expected: `"field: description" or "key:=value" in line ${at + 2}`,
    found: JSON.stringify(text.slice(0, 60)),
  });
}

function repeated(field: string, name: string) {
  return damaged(name, { expected: `one field "${field}"`, found: "several" });
}
