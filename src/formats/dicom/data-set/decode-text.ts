// Text of a value by its character sets, code extensions included: PS3.5 sections 6.1.2.4 and 6.1.2.5.

import { type CodeTable, characterSet, ESCAPES } from "./character-sets.ts";

const ESC = 0x1b;
/** After these the sets of the first term hold again: TAB, LF, FF, CR. */
const CONTROLS = [0x09, 0x0a, 0x0c, 0x0d];
const BACKSLASH = 0x5c;
const NAME_DELIMITERS = [BACKSLASH, 0x5e, 0x3d]; // \ ^ =
const UNDIVIDED = new Set(["ST", "LT", "UT"]);

/** Arguments that a call can surely take. */
const MOST_ARGUMENTS = 8192;

const LATIN: CodeTable = { label: "latin1", width: 1 };
const decoders = new Map<string, TextDecoder>();

/**
 * Text of bytes under the terms of Specific Character Set. What can't be decoded becomes U+FFFD; bytes above 127 under
 * no or an unknown term are taken for ISO 8859-1.
 * @param vr tells the delimiters at which code extensions are reset
 */
export function decodeText(bytes: Uint8Array, terms: readonly string[], vr: string): string {
  if (isPlain(bytes)) return latin1(bytes);
  const first = characterSet(terms[0] ?? "") ?? { kind: "extensible" };
  if (first.kind === "whole") {
    return decode(first.label, bytes);
  }
  return decodeExtended(bytes, first.upper, delimitersOf(vr));
}

function delimitersOf(vr: string): ReadonlySet<number> {
  if (vr === "PN") return new Set([...CONTROLS, ...NAME_DELIMITERS]);
  return new Set(UNDIVIDED.has(vr) ? CONTROLS : [...CONTROLS, BACKSLASH]);
}

/** ISO 2022 with two sets in force: G0 for bytes below 128, G1 above. */
function decodeExtended(
  bytes: Uint8Array,
  initialUpper: CodeTable | undefined,
  delimiters: ReadonlySet<number>,
): string {
  let lower = LATIN;
  let upper = initialUpper ?? LATIN;
  let result = "";
  let run: number[] = [];
  let runTable = LATIN;
  const flush = () => {
    if (run.length > 0) result += decode(runTable.label, Uint8Array.from(run));
    run = [];
  };
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === ESC) {
      const designation = escapeAt(bytes, at + 1);
      if (designation) {
        if (designation.side === "lower") lower = designation.table;
        else upper = designation.table;
        at += 1 + designation.code.length;
        continue;
      }
    }
    // In a two-byte set a delimiter's code is half a character, unless it stands alone.
    const table = tableFor(byte, lower, upper);
    if (table !== runTable) {
      flush();
      runTable = table;
    }
    if (table.width === 1 && delimiters.has(byte)) {
      lower = LATIN;
      // Without an initial set, codes above 127 mean nothing here; some writers escape only once.
      upper = initialUpper ?? upper;
    }
    if (table.prefix !== undefined) run.push(table.prefix);
    for (const part of bytes.subarray(at, at + table.width)) {
      run.push(table.raised ? part | 0x80 : part);
    }
    at += table.width;
  }
  flush();
  return result;
}

/** Control characters and spaces belong to no two-byte set. */
function tableFor(byte: number, lower: CodeTable, upper: CodeTable): CodeTable {
  if (byte >= 0x80) return byte >= 0xa0 || upper.width === 2 ? upper : LATIN;
  return byte > 0x20 && byte < 0x7f ? lower : LATIN;
}

function escapeAt(bytes: Uint8Array, at: number): (typeof ESCAPES)[number] | undefined {
  const ahead = latin1(bytes.subarray(at, at + 3));
  return ESCAPES.find(({ code }) => ahead.startsWith(code));
}

function decode(label: string, bytes: Uint8Array): string {
  if (label === "latin1") return latin1(bytes);
  let decoder = decoders.get(label);
  if (!decoder) {
    decoder = new TextDecoder(label, { ignoreBOM: true });
    decoders.set(label, decoder);
  }
  return decoder.decode(bytes);
}

/** ASCII without escapes, which is the same in all sets. */
function isPlain(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] >= 0x80 || bytes[i] === ESC) return false;
  }
  return true;
}

function latin1(bytes: Uint8Array): string {
  // Not spread: `apply` takes an array as it is, several times faster, and a listing reads a hundred values a file.
  if (bytes.length <= MOST_ARGUMENTS) return String.fromCharCode.apply(null, bytes as never);
  let result = "";
  for (let at = 0; at < bytes.length; at += MOST_ARGUMENTS) {
    result += String.fromCharCode.apply(null, bytes.subarray(at, at + MOST_ARGUMENTS) as never);
  }
  return result;
}
