// Plain values into the bytes of an element, little endian: PS3.5 sections 6.2 and 7.3.

import { RoentgenError } from "../../../base/index.ts";
import { decimalString } from "./decimal-string.ts";
import { VALUE_REPRESENTATIONS } from "./value-representations.ts";
import { allowsCount, brokenRule, INTEGER_RANGES } from "./value-rules.ts";

/** A value as programs have it; dates and UIDs are text. */
export type Scalar = string | number | bigint;

/** What the bytes are for: for rules and messages. */
export interface Target {
  /** "(0010,0020) PatientID". */
  readonly attribute: string;
  readonly vr: string;
  readonly multiplicity: string;
  /** Defined term of (0008,0005) that text is encoded in. */
  readonly characterSet: string;
}

/** VRs in which a backslash is text, so that there is one value only. */
const UNDIVIDED = new Set(["ST", "LT", "UT", "UR"]);

type Setter = (view: DataView, at: number, value: number | bigint) => void;

const set16: Setter = (view, at, value) => view.setUint16(at, Number(value), true);
const set32: Setter = (view, at, value) => view.setUint32(at, Number(value), true);
const set64: Setter = (view, at, value) => view.setBigUint64(at, BigInt(value), true);
const setFloat: Setter = (view, at, value) => view.setFloat32(at, Number(value), true);
const setDouble: Setter = (view, at, value) => view.setFloat64(at, Number(value), true);

/** Two's complement makes signed and unsigned integers the same bytes. */
const SETTERS: Readonly<Record<string, Setter>> = {
  US: set16,
  SS: set16,
  OW: set16,
  UL: set32,
  SL: set32,
  OL: set32,
  UV: set64,
  SV: set64,
  OV: set64,
  FL: setFloat,
  OF: setFloat,
  FD: setDouble,
  OD: setDouble,
  AT(view, at, value) {
    view.setUint16(at, Math.floor(Number(value) / 65536), true);
    view.setUint16(at + 2, Number(value) % 65536, true);
  },
};

/**
 * Encodes values and checks them against the rules of their VR; text is padded to even length.
 * @throws RoentgenError "value-invalid" naming the attribute
 */
export function encodeValues(values: readonly Scalar[], target: Target): Uint8Array {
  if (!allowsCount(target.multiplicity, values.length)) {
    const wanted = target.multiplicity === "1" ? "one value" : `${target.multiplicity} values`;
    throw invalid(target, wanted, String(values.length));
  }
  const layout = VALUE_REPRESENTATIONS[target.vr]?.layout;
  if (layout === "number") return encodeNumbers(values, target);
  if (layout === "text") return encodeTexts(values, target);
  if (values.length === 0) return new Uint8Array(0);
  throw invalid(target, "bytes", show(values[0]));
}

function encodeTexts(values: readonly Scalar[], target: Target): Uint8Array {
  const { vr } = target;
  const texts = values.map((value) => textOf(value, target));
  for (const text of texts) {
    const form = brokenRule(vr, text);
    if (form !== undefined) throw invalid(target, form, show(text));
    if (text.includes("\\") && !UNDIVIDED.has(vr)) {
      throw invalid(target, "text without \\, which parts values", show(text));
    }
  }
  if (UNDIVIDED.has(vr) && texts.length > 1) throw invalid(target, "one value", `${texts.length}`);
  return padEven(encodeText(texts.join("\\"), target), vr === "UI" ? 0 : 0x20);
}

function textOf(value: Scalar, target: Target): string {
  if (typeof value === "string") return value;
  const isNumber = target.vr === "DS" || target.vr === "IS";
  const number = Number(value);
  if (!isNumber || !Number.isFinite(number)) {
    throw invalid(target, isNumber ? "a finite number" : "text", show(value));
  }
  if (target.vr === "DS") return decimalString(number);
  checkInteger(value, "IS", target);
  return String(value);
}

function encodeText(text: string, target: Target): Uint8Array {
  const { characterSet } = target;
  if (isBelow(text, 0x80) || characterSet === "ISO_IR 192") return new TextEncoder().encode(text);
  if (characterSet === "ISO_IR 100" && isBelow(text, 0x100)) {
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }
  throw invalid(target, `text in the character set ${characterSet || "ISO_IR 6"}`, show(text));
}

/** Whether all code units of a text are below a limit: 0x80 for ASCII. */
export function isBelow(text: string, limit: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= limit) return false;
  return true;
}

function encodeNumbers(values: readonly Scalar[], target: Target): Uint8Array {
  const { vr } = target;
  const size = vr === "AT" ? 4 : VALUE_REPRESENTATIONS[vr].wordBytes;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    if (typeof value === "string") throw invalid(target, "a number", show(value));
    if (INTEGER_RANGES[vr]) checkInteger(value, vr, target);
    SETTERS[vr](view, index * size, value);
  });
  return bytes;
}

function checkInteger(value: number | bigint | string, vr: string, target: Target): void {
  const [least, most] = INTEGER_RANGES[vr];
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (isWhole && BigInt(value) >= least && BigInt(value) <= most) return;
  throw invalid(target, `a whole number from ${least} to ${most}`, show(value));
}

/** Appends one byte where the length is odd (PS3.5 section 7.1.1). */
export function padEven(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  padded[bytes.length] = padding;
  return padded;
}

function show(value: Scalar): string {
  const shown = typeof value === "string" ? `"${value}"` : String(value);
  return shown.length > 80 ? `${shown.slice(0, 80)}… (${shown.length} characters)` : shown;
}

function invalid({ attribute, vr }: Target, expected: string, found: string): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: `Cannot set ${attribute} (${vr})`,
    expected,
    found,
    subject: attribute,
  });
}
