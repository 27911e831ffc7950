// The DICOM JSON model: PS3.18 annex F.2.

import { base64 } from "../../../base/index.ts";
import type { DataSet, Element, Tag, ValueElement } from "./data-set.ts";
import { readNumbers } from "./number-values.ts";
import { VALUE_REPRESENTATIONS } from "./value-representations.ts";
import { parseDecimal, textsOfValue } from "./values.ts";
import { inByteOrder } from "./word-order.ts";

interface JsonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

type JsonValue = string | number | JsonName | JsonDataSet | null;

/** One attribute: a value, bytes as base64, or where the bytes are. */
interface JsonAttribute {
  vr: string;
  Value?: JsonValue[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

/** Attributes by tag, eight capital hexadecimal digits: "00100020". */
export type JsonDataSet = { [tag: string]: JsonAttribute };

export interface DicomJsonOptions {
  /** Where a value that was left in its file can be fetched; without it such attributes have a VR only. */
  readonly bulkDataUri?: (element: Element) => string | undefined;
}

const INLINE = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "UN"]);
const CHARACTER_SET = 0x00080005;

/**
 * A data set in the DICOM JSON model, which `JSON.stringify` takes as it is. Text is Unicode, and says so. Group lengths
 * are left out. Integers beyond 2^53 are text, as are decimal strings that are no numbers.
 */
export function dicomJson(dataSet: DataSet, options: DicomJsonOptions = {}): JsonDataSet {
  const result: JsonDataSet = {};
  for (const element of [...dataSet.elements.values()].sort((a, b) => a.tag - b.tag)) {
    if ((element.tag & 0xffff) === 0) continue;
    result[hexTag(element.tag)] =
      element.tag === CHARACTER_SET
        ? { vr: "CS", Value: ["ISO_IR 192"] }
        : jsonAttribute(element, dataSet, options);
  }
  return result;
}

function jsonAttribute(
  element: Element,
  dataSet: DataSet,
  options: DicomJsonOptions,
): JsonAttribute {
  const { vr } = element;
  switch (element.kind) {
    case "sequence": {
      const items = element.items.map((item) => dicomJson(item, options));
      return items.length > 0 ? { vr: "SQ", Value: items } : { vr: "SQ" };
    }
    case "left":
    case "fragments": {
      const uri = options.bulkDataUri?.(element);
      return uri === undefined ? { vr } : { vr, BulkDataURI: uri };
    }
    case "value":
      return { vr, ...jsonValue(element, dataSet) };
  }
}

function jsonValue(
  element: ValueElement,
  dataSet: DataSet,
): Pick<JsonAttribute, "Value" | "InlineBinary"> {
  const { vr, bytes } = element;
  if (bytes.length === 0) return {};
  if (INLINE.has(vr)) {
    // F.2.7: the bytes of InlineBinary are little endian.
    return { InlineBinary: base64(inByteOrder(bytes, vr, dataSet.littleEndian, true)) };
  }
  const values = jsonValues(element, dataSet);
  return values.length > 0 ? { Value: values } : {};
}

function jsonValues(element: ValueElement, dataSet: DataSet): JsonValue[] {
  const { vr, bytes } = element;
  if (vr === "SV" || vr === "UV") return longIntegers(bytes, vr, dataSet.littleEndian);
  if (VALUE_REPRESENTATIONS[vr]?.layout === "number") {
    const numbers = readNumbers(vr, bytes, dataSet.littleEndian);
    return vr === "AT" ? numbers.map(hexTag) : numbers.map(finite);
  }
  const texts = textsOfValue(element, dataSet);
  if (vr === "PN") return texts.map((value) => (value === "" ? null : jsonName(value)));
  const isDecimal = vr === "DS" || vr === "IS";
  return texts.map((value) => {
    if (value === "") return null;
    const number = isDecimal ? parseDecimal(value) : Number.NaN;
    return Number.isNaN(number) ? value : number;
  });
}

function jsonName(value: string): JsonName {
  const [Alphabetic = "", Ideographic = "", Phonetic = ""] = value.split("=");
  return {
    ...(Alphabetic !== "" && { Alphabetic }),
    ...(Ideographic !== "" && { Ideographic }),
    ...(Phonetic !== "" && { Phonetic }),
  };
}

/** JSON has no other numbers; F.2.3 has words for them. */
function finite(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
}

function longIntegers(bytes: Uint8Array, vr: string, littleEndian: boolean): (number | string)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => {
    const value =
      vr === "SV" ? view.getBigInt64(8 * i, littleEndian) : view.getBigUint64(8 * i, littleEndian);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  });
}

function hexTag(tag: Tag): string {
  return tag.toString(16).toUpperCase().padStart(8, "0");
}
