// Person names: three component groups of five components each (PS3.5 section 6.2.1).

import type { DataSet } from "./data-set.ts";
import { type Attribute, texts } from "./values.ts";

/** One writing of a name; components that are missing are empty. */
export interface NameComponents {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface PersonName {
  /** In letters: "Yamada^Tarou". */
  readonly alphabetic?: NameComponents;
  /** In characters: "山田^太郎". */
  readonly ideographic?: NameComponents;
  /** In sounds: "やまだ^たろう". */
  readonly phonetic?: NameComponents;
}

/** The names in an attribute, taken apart. */
export function personNames(dataSet: DataSet, attribute: Attribute): readonly PersonName[] {
  return texts(dataSet, attribute).map(parsePersonName);
}

/** Takes a name apart: groups at "=", components at "^". Empty groups are left out. */
export function parsePersonName(text: string): PersonName {
  const [alphabetic, ideographic, phonetic] = text.split("=").map(parseComponents);
  return {
    ...(alphabetic && { alphabetic }),
    ...(ideographic && { ideographic }),
    ...(phonetic && { phonetic }),
  };
}

/** The name as people write it: "Dr. Jane Q. Doe, MD". */
export function showName({ family, given, middle, prefix, suffix }: NameComponents): string {
  const name = [prefix, given, middle, family].filter((part) => part !== "").join(" ");
  return suffix === "" ? name : `${name}, ${suffix}`;
}

function parseComponents(group: string): NameComponents | undefined {
  const parts = group.split("^").map((part) => part.trim());
  if (parts.every((part) => part === "")) return undefined;
  const [family = "", given = "", middle = "", prefix = "", suffix = ""] = parts;
  return { family, given, middle, prefix, suffix };
}
