// Builds a data set from plain values, VRs from the dictionary: PS3.6 and PS3.5 section 6.2.

import { RoentgenError } from "../../../base/index.ts";
import type { DataSet, Element, Tag } from "./data-set.ts";
import { lookUpTag, tagOfKeyword } from "./dictionary.ts";
import { encodeValues, isBelow, padEven, type Scalar } from "./encode-value.ts";
import { showTag } from "./tag-text.ts";
import { VALUE_REPRESENTATIONS } from "./value-representations.ts";
import { dictionaryVr, resolveChoice } from "./vr-choice.ts";

/**
 * What an attribute may be given: text or numbers (one or many), bytes or typed arrays as they are, items of a
 * sequence, `null` for an attribute without value, `undefined` for none at all. `{ vr, value }` states the VR, which
 * private attributes need.
 */
export type PlainValue =
  | Scalar
  | readonly Scalar[]
  | ArrayBufferView
  | readonly (PlainDataSet | DataSet)[]
  | { readonly vr: string; readonly value: PlainValue }
  | null
  | undefined;

/** Values by keyword ("PatientID") or by tag (`[0x00100020]`). */
export interface PlainDataSet {
  readonly [attribute: string | number]: PlainValue;
}

interface Setting {
  readonly signedPixels: boolean;
  readonly bitsAllocated: number;
  readonly characterSet: string;
}

const SPECIFIC_CHARACTER_SET = 0x00080005;

/**
 * Encodes plain values as a data set, elements in the order of their tags. Text is ASCII where it can be, else UTF-8,
 * which is then declared (ISO_IR 192).
 * @throws RoentgenError "value-invalid" naming the attribute whose value breaks the rules of its VR,
 *   "bad-option" for an unknown keyword
 */
export function makeDataSet(values: PlainDataSet): DataSet {
  const declared = values.SpecificCharacterSet ?? values[SPECIFIC_CHARACTER_SET];
  const characterSet =
    typeof declared === "string" ? declared : isAscii(values) ? "" : "ISO_IR 192";
  const given =
    declared === undefined && characterSet !== ""
      ? { SpecificCharacterSet: characterSet, ...values }
      : values;
  return makeItem(given, { signedPixels: false, bitsAllocated: 16, characterSet });
}

function makeItem(values: PlainDataSet, around: Setting): DataSet {
  const setting = {
    ...around,
    signedPixels: numberOf(values.PixelRepresentation, around.signedPixels ? 1 : 0) === 1,
    bitsAllocated: numberOf(values.BitsAllocated, around.bitsAllocated),
  };
  const elements = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => makeElement(tagOf(attribute), value, setting))
    .sort((a, b) => a.tag - b.tag);
  return {
    elements: new Map(elements.map((element) => [element.tag, element])),
    littleEndian: true,
    characterSets: setting.characterSet === "" ? [] : [setting.characterSet],
  };
}

function makeElement(tag: Tag, given: PlainValue, setting: Setting): Element {
  const { vr, value } = withVr(tag, given, setting);
  if (vr === "SQ") return { kind: "sequence", tag, vr, items: makeItems(tag, value, setting) };
  if (ArrayBuffer.isView(value)) return { kind: "value", tag, vr, bytes: bytesOfView(value) };
  const bytes = encodeValues(listOf(tag, value), {
    attribute: showTag(tag),
    vr,
    multiplicity: lookUpTag(tag)?.multiplicity ?? "1-n",
    characterSet: setting.characterSet,
  });
  return { kind: "value", tag, vr, bytes };
}

function withVr(
  tag: Tag,
  given: PlainValue,
  setting: Setting,
): { vr: string; value: Exclude<PlainValue, { readonly vr: string; readonly value: PlainValue }> } {
  if (given !== null && typeof given === "object" && "vr" in given && "value" in given) {
    const { vr, value } = given as { vr: string; value: PlainValue };
    if (!Object.hasOwn(VALUE_REPRESENTATIONS, vr)) throw badValue(tag, "a valid VR", `"${vr}"`);
    return { ...withVr(tag, value, setting), vr };
  }
  const value = given as Exclude<PlainValue, { readonly vr: string; readonly value: PlainValue }>;
  return { vr: vrFor(tag, value, setting), value };
}

function vrFor(tag: Tag, value: PlainValue, { signedPixels, bitsAllocated }: Setting): string {
  const choice = lookUpTag(tag)?.vr;
  if (choice === "ob") return bitsAllocated > 8 || tag >>> 24 === 0x60 ? "OW" : "OB";
  if (choice === "uw") return ArrayBuffer.isView(value) ? "OW" : "US";
  if (choice !== undefined)
    return resolveChoice(choice, { signedPixels: signedPixels || isNegative(value) });
  return dictionaryVr(tag, { signedPixels });
}

function isNegative(value: PlainValue): boolean {
  const values = Array.isArray(value) ? value : [value];
  return values.some((one) => typeof one === "number" && one < 0);
}

function makeItems(tag: Tag, value: PlainValue, setting: Setting): DataSet[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw badValue(tag, "a list of items", typeof value);
  return value.map((item: unknown) => {
    if (typeof item !== "object" || item === null) throw badValue(tag, "items", typeof item);
    return isDataSet(item) ? declareText(item, setting) : makeItem(item as PlainDataSet, setting);
  });
}

/** An item whose text is in other character sets than the data set around it says so (PS3.3 C.12.1.1.2). */
function declareText(item: DataSet, { characterSet }: Setting): DataSet {
  const terms = item.characterSets.join("\\");
  if (terms === "" || terms === characterSet || item.elements.has(SPECIFIC_CHARACTER_SET)) {
    return item;
  }
  const bytes = padEven(new TextEncoder().encode(terms), 0x20);
  const declared: Element = { kind: "value", tag: SPECIFIC_CHARACTER_SET, vr: "CS", bytes };
  const elements = new Map([[SPECIFIC_CHARACTER_SET, declared], ...item.elements]);
  return { ...item, elements };
}

function isDataSet(item: object): item is DataSet {
  return "elements" in item && item.elements instanceof Map;
}

function listOf(tag: Tag, value: PlainValue): readonly Scalar[] {
  if (value === null || value === "" || value === undefined) return [];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found = values.find((one) => !["string", "number", "bigint"].includes(typeof one));
  if (found !== undefined) throw badValue(tag, "text or numbers", typeof found);
  return values as readonly Scalar[];
}

/** Typed arrays hold numbers in the order of the machine, which is little endian wherever this runs. */
function bytesOfView(value: ArrayBufferView): Uint8Array {
  return padEven(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), 0);
}

function tagOf(attribute: string): Tag {
  const tag = /^\d+$/.test(attribute) ? Number(attribute) : tagOfKeyword(attribute);
  if (tag !== undefined) return tag;
  throw new RoentgenError("bad-option", {
    problem: `There is no attribute "${attribute}"`,
    remedy: "Give a keyword of DICOM PS3.6, such as PatientID, or a tag as a number.",
    subject: attribute,
  });
}

function numberOf(value: PlainValue, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function isAscii(value: unknown): boolean {
  if (typeof value === "string") return isBelow(value, 0x80);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  return value instanceof Map || Object.values(value).every(isAscii);
}

function badValue(tag: Tag, expected: string, found: string): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: `Cannot set ${showTag(tag)}`,
    expected,
    found,
    subject: showTag(tag),
  });
}
