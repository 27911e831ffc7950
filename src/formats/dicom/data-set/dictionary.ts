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

interface Dictionary {
  readonly entries: ReadonlyMap<Tag, DictionaryEntry>;
  /** Repeating groups and elements: (60xx,0010), (0020,31xx). */
  readonly patterns: readonly Pattern[];
  readonly tags: ReadonlyMap<string, Tag>;
}

let parsed: Dictionary | undefined;

/** What the standard says of a tag; nothing of private and unknown ones. */
export function lookUpTag(tag: Tag): DictionaryEntry | undefined {
  const { entries, patterns } = dictionary();
  const exact = entries.get(tag);
  if (exact) return exact;
  for (const { mask, value, entry } of patterns) {
    if ((tag & mask) >>> 0 === value) return entry;
  }
  return undefined;
}

/** The tag of a keyword; of a repeating group the first, so that OverlayData is (6000,3000). */
export function tagOfKeyword(keyword: string): Tag | undefined {
  return dictionary().tags.get(keyword);
}

function dictionary(): Dictionary {
  parsed ??= parseDictionary(DICTIONARY_TEXT);
  return parsed;
}

/** Takes the generated text apart; its form is in scripts/make-dicom-dictionary.py. */
function parseDictionary(text: string): Dictionary {
  const entries = new Map<Tag, DictionaryEntry>();
  const patterns: Pattern[] = [];
  const tags = new Map<string, Tag>();
  for (const line of text.split("\n")) {
    const group = line.slice(0, 4);
    for (const item of line.slice(4).split(",")) {
      const star = item.indexOf("*");
      const entry = {
        vr: item.slice(4, 6),
        keyword: star < 0 ? item.slice(6) : item.slice(6, star),
        multiplicity: star < 0 ? "1" : item.slice(star + 1),
      };
      const place = group + item.slice(0, 4);
      const tag = Number.parseInt(place.replaceAll("x", "0"), 16);
      if (place.includes("x")) {
        const mask = Number.parseInt(place.replaceAll(/[^x]/g, "F").replaceAll("x", "0"), 16);
        patterns.push({ mask, value: tag, entry });
      } else {
        entries.set(tag, entry);
      }
      if (!tags.has(entry.keyword)) tags.set(entry.keyword, tag);
    }
  }
  return { entries, patterns, tags };
}
