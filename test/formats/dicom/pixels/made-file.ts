// DICOM files made in memory for tests: attributes and pixels in, what `readDicom` would give out.

import { type ByteSource, memorySource } from "../../../../src/base/index.ts";
import type {
  DataSet,
  DicomFile,
  Element,
} from "../../../../src/formats/dicom/data-set/data-set.ts";

export const EXPLICIT = "1.2.840.10008.1.2.1";
export const BIG_ENDIAN = "1.2.840.10008.1.2.2";

/** Tag to value: numbers as US (or as DS where they are no whole 16-bit ones), text as CS, bytes as OW, items as SQ. */
export type Attributes = Record<
  number,
  number | readonly number[] | string | Uint8Array | DataSet[]
>;

export interface Made {
  readonly file: DicomFile;
  readonly source: ByteSource;
}

export interface Pixels {
  syntax?: string;
  /** VR and tag of the pixels; OW and (7FE0,0010) unless said. */
  vr?: string;
  tag?: number;
  bytes?: Uint8Array;
  fragments?: readonly Uint8Array[];
  /** Basic offset table. */
  offsets?: readonly number[];
}

/** A 1 × 1 grey image of 8 bits unless attributes say otherwise. */
export function madeFile(attributes: Attributes, pixels: Pixels): Made {
  const { syntax = EXPLICIT, vr = "OW", tag = 0x7fe00010 } = pixels;
  const dataSet = madeDataSet(
    {
      2621442: 1,
      2621444: "MONOCHROME2",
      2621456: 1,
      2621457: 1,
      2621696: 8,
      ...attributes,
    },
    syntax !== BIG_ENDIAN,
  );
  const elements = new Map(dataSet.elements);
  let stored: Uint8Array = new Uint8Array(0);
  if (pixels.fragments) {
    const laid = layFragments(pixels.fragments);
    stored = laid.bytes;
    elements.set(tag, {
      kind: "fragments",
      tag,
      vr: "OB",
      offsets: pixels.offsets ?? [],
      fragments: laid.fragments,
    });
  } else if (pixels.bytes) {
    stored = pixels.bytes;
    elements.set(tag, { kind: "left", tag, vr, offset: 0, length: stored.byteLength });
  }
  const meta: DataSet = { elements: new Map(), littleEndian: true, characterSets: [] };
  const file = {
    name: "made.dcm",
    meta,
    dataSet: { ...dataSet, elements },
    transferSyntax: syntax,
    notes: [],
  };
  return { file, source: memorySource(stored, "made.dcm") };
}

export function madeDataSet(attributes: Attributes, littleEndian = true): DataSet {
  const elements = new Map<number, Element>();
  for (const [key, value] of Object.entries(attributes)) {
    const tag = Number(key);
    elements.set(tag, madeElement(tag, value, littleEndian));
  }
  return { elements, littleEndian, characterSets: [] };
}

function madeElement(tag: number, value: Attributes[number], littleEndian: boolean): Element {
  if (typeof value === "string") return valueElement(tag, "CS", new TextEncoder().encode(value));
  if (value instanceof Uint8Array) return valueElement(tag, "OW", value);
  const several = Array.isArray(value) ? value : [value];
  if (several.every((one) => typeof one === "object")) {
    return { kind: "sequence", tag, vr: "SQ", items: several as DataSet[] };
  }
  const numbers = several as number[];
  const small = numbers.every((one) => Number.isInteger(one) && one >= -32_768 && one < 65_536);
  if (!small) return valueElement(tag, "DS", new TextEncoder().encode(numbers.join("\\")));
  const negative = numbers.some((one) => one < 0);
  const bytes = new Uint8Array(numbers.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [at, one] of numbers.entries()) view.setUint16(at * 2, one, littleEndian);
  return valueElement(tag, negative ? "SS" : "US", bytes);
}

function valueElement(tag: number, vr: string, bytes: Uint8Array): Element {
  return { kind: "value", tag, vr, bytes };
}

/** Fragments one after another, each behind the eight bytes of its item tag and length. */
function layFragments(parts: readonly Uint8Array[]) {
  const total = parts.reduce((sum, part) => sum + 8 + part.byteLength, 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  const fragments = parts.map((part) => {
    bytes.set(part, at + 8);
    const fragment = { offset: at + 8, length: part.byteLength };
    at += 8 + part.byteLength;
    return fragment;
  });
  return { bytes, fragments };
}
