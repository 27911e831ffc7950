// The data dictionary, PS3.6 sections 6 to 9: tag to keyword and value representation, and back.

import type { Tag } from "./data-set.ts";
import { DICTIONARY_TEXT } from "./dictionary-text.ts";

export interface DictionaryEntry {
  /** "PatientName"; of a repeating group the keyword is the same for all its groups. */
  readonly keyword: string;
  /** Two capital letters; of a choice ("US or SS") the letters "us", "uw", "ux" or "ob", see `choices`. */
  readonly vr: string;
  /** How many values: "1", "3", "1-n". */
  readonly multiplicity: string;
}

interface Pattern {
  readonly mask: number;
  readonly value: number;
  readonly entry: DictionaryEntry;
}

/** Elements of one group; of a repeating group in `patterns`. */
interface Group {
  readonly text: string;
  entries?: Map<Tag, DictionaryEntry>;
}

interface Dictionary {
  /** By group number; taken apart when it is first asked for. */
  readonly groups: ReadonlyMap<number, Group>;
  /** Repeating groups and elements: (60xx,0010), (0020,31xx). */
  readonly patterns: readonly Pattern[];
}

let parsed: Dictionary | undefined;
let parsedTags: Map<string, Tag> | undefined;

/** What the standard says of a tag; nothing of private and unknown ones. */
export function lookUpTag(tag: Tag): DictionaryEntry | undefined {
  parsed ??= parseDictionary(DICTIONARY_TEXT);
  const group = parsed.groups.get(tag >>> 16);
  const exact = group && entriesOf(group).get(tag);
  if (exact) return exact;
  for (const { mask, value, entry } of parsed.patterns) {
    if ((tag & mask) >>> 0 === value) return entry;
  }
  return undefined;
}

/** The tag of a keyword; of a repeating group the first, so that OverlayData is (6000,3000). */
export function tagOfKeyword(keyword: string): Tag | undefined {
  parsed ??= parseDictionary(DICTIONARY_TEXT);
  parsedTags ??= indexKeywords(parsed);
  return parsedTags.get(keyword);
}

function indexKeywords({ groups, patterns }: Dictionary): Map<string, Tag> {
  const tags = new Map<string, Tag>();
  for (const group of groups.values()) {
    for (const [tag, { keyword }] of entriesOf(group))
      if (!tags.has(keyword)) tags.set(keyword, tag);
  }
  for (const { value, entry } of patterns)
    if (!tags.has(entry.keyword)) tags.set(entry.keyword, value);
  return tags;
}

/** Takes the generated text apart; its form is in scripts/make-dicom-dictionary.py. */
function parseDictionary(text: string): Dictionary {
  const groups = new Map<number, Group>();
  const patterns: Pattern[] = [];
  for (const line of text.split("\n")) {
    const name = line.slice(0, 4);
    if (name.includes("x")) {
      for (const item of line.slice(4).split(",")) patterns.push(parsePattern(name, item));
    } else {
      groups.set(Number.parseInt(name, 16), { text: line });
    }
  }
  for (const [place, group] of REPEATING_ELEMENTS) {
    for (const item of groups.get(group)?.text.slice(4).split(",") ?? []) {
      if (item.slice(0, 4).includes("x")) patterns.push(parsePattern(place, item));
    }
  }
  return { groups, patterns };
}

/** Groups of fixed number in which elements repeat: (0020,31xx), (0028,04x0), (1000,xxx0), (1010,xxxx). */
const REPEATING_ELEMENTS: readonly (readonly [string, number])[] = [
  ["0020", 0x0020],
  ["0028", 0x0028],
  ["1000", 0x1000],
  ["1010", 0x1010],
];

function entriesOf(group: Group): Map<Tag, DictionaryEntry> {
  if (group.entries) return group.entries;
  const first = Number.parseInt(group.text.slice(0, 4), 16) * 65536;
  const entries = new Map<Tag, DictionaryEntry>();
  for (const item of group.text.slice(4).split(",")) {
    const number = item.slice(0, 4);
    if (!number.includes("x")) entries.set(first + Number.parseInt(number, 16), parseEntry(item));
  }
  group.entries = entries;
  return entries;
}

function parsePattern(group: string, item: string): Pattern {
  const place = group + item.slice(0, 4);
  return {
    mask: Number.parseInt(place.replace(/[^x]/g, "F").replaceAll("x", "0"), 16),
    value: Number.parseInt(place.replaceAll("x", "0"), 16),
    entry: parseEntry(item),
  };
}

function parseEntry(item: string): DictionaryEntry {
  const star = item.indexOf("*");
  return {
    vr: item.slice(4, 6),
    keyword: star < 0 ? item.slice(6) : item.slice(6, star),
    multiplicity: star < 0 ? "1" : item.slice(star + 1),
  };
}
