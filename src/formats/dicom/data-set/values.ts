// The values of a data set, asked for by keyword or tag: PS3.5 section 6.2.

import type { DataSet, Element, Tag } from "./data-set.ts";
import { decodeText } from "./decode-text.ts";
import { readNumbers } from "./number-values.ts";
import { type Keyword, TAGS } from "./tags.ts";
import { VALUE_REPRESENTATIONS } from "./value-representations.ts";

/** Which attribute: a keyword of `TAGS`, or any tag as a number: 0x00100020. */
export type Attribute = Keyword | Tag;

/** VRs whose text is in the character sets of (0008,0005); of all others it is ASCII (PS3.5 6.1.2.3). */
const LOCALISED = new Set(["SH", "LO", "ST", "PN", "LT", "UC", "UT"]);
/** VRs in which a backslash is text. */
const UNDIVIDED = new Set(["ST", "LT", "UT", "UR"]);

/** The element of an attribute. */
export function element(dataSet: DataSet, attribute: Attribute): Element | undefined {
  return dataSet.elements.get(typeof attribute === "number" ? attribute : TAGS[attribute]);
}

/** Whether the attribute is there with a value that is not empty. */
export function has(dataSet: DataSet, attribute: Attribute): boolean {
  const found = element(dataSet, attribute);
  if (!found) return false;
  switch (found.kind) {
    case "value":
      return found.bytes.length > 0;
    case "sequence":
      return found.items.length > 0;
    case "left":
      return found.length > 0;
    case "fragments":
      return found.fragments.length > 0;
  }
}

/** First value as text, without padding; nothing where it is missing or empty. */
export function text(dataSet: DataSet, attribute: Attribute): string | undefined {
  const [first] = texts(dataSet, attribute);
  return first === "" ? undefined : first;
}

/**
 * All values as text, without padding; numbers in decimal. Empty where the attribute is missing, empty, or so long that
 * it was left in the file.
 */
export function texts(dataSet: DataSet, attribute: Attribute): readonly string[] {
  const found = element(dataSet, attribute);
  if (found?.kind !== "value") return [];
  return textsOfValue(found, dataSet);
}

/** Text of one element; of VR UN what its bytes say. */
export function textsOfValue(
  { vr, bytes }: { readonly vr: string; readonly bytes: Uint8Array },
  { characterSets, littleEndian }: Pick<DataSet, "characterSets" | "littleEndian">,
): readonly string[] {
  const layout = VALUE_REPRESENTATIONS[vr]?.layout ?? "bytes";
  if (layout === "number") return readNumbers(vr, bytes, littleEndian).map(String);
  const whole = decodeText(bytes, LOCALISED.has(vr) || vr === "UN" ? characterSets : [], vr);
  if (UNDIVIDED.has(vr) || !whole.includes("\\")) {
    const only = trimPadding(whole, vr);
    return only === "" ? [] : [only];
  }
  return whole.split("\\").map((value) => trimPadding(value, vr));
}

/** Leading spaces mean something in LT, ST, UT and UC only (PS3.5 table 6.2-1). */
function trimPadding(value: string, vr: string): string {
  if (!/^ |[ \0=]$/.test(value)) return value;
  const keepsStart = vr === "UC" || UNDIVIDED.has(vr);
  // Of a name, groups that are missing at the end may be left out with their "=" (PS3.5 6.2.1.1).
  const trimmed = value.replace(vr === "PN" ? /[ \0=]+$/ : /[ \0]+$/, "");
  return keepsStart ? trimmed : trimmed.replace(/^ +/, "");
}

/** First value as a number; nothing where it is missing, empty or no number. */
export function number(dataSet: DataSet, attribute: Attribute): number | undefined {
  const value = numbers(dataSet, attribute)[0];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/**
 * All values as numbers: of DS and IS parsed (NaN where one is no number), of binary VRs as they are, of 64-bit ones
 * to the next double, of AT the tag. Empty where the attribute is missing.
 */
export function numbers(dataSet: DataSet, attribute: Attribute): readonly number[] {
  const found = element(dataSet, attribute);
  if (found?.kind !== "value") return [];
  const { vr, bytes } = found;
  if (VALUE_REPRESENTATIONS[vr]?.layout === "number") {
    return readNumbers(vr, bytes, dataSet.littleEndian);
  }
  return textsOfValue(found, dataSet).map(parseDecimal);
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A decimal string: PS3.5 table 6.2-1; a comma for the point is forgiven. */
export function parseDecimal(value: string): number {
  const plain = value.trim();
  if (DECIMAL.test(plain)) return Number(plain);
  const pointed = plain.replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  return DECIMAL.test(pointed) ? Number(pointed) : Number.NaN;
}

/** Items of a sequence; none where it is missing. */
export function sequence(dataSet: DataSet, attribute: Attribute): readonly DataSet[] {
  const found = element(dataSet, attribute);
  return found?.kind === "sequence" ? found.items : [];
}
