// The header of a data element: PS3.5 section 7.1, and what is made of broken ones.

import { truncated } from "../../damage.ts";
import type { Tag } from "./data-set.ts";
import { formatTag, ITEM_DELIMITER, SEQUENCE_DELIMITER, showTag } from "./tag-text.ts";
import { VALUE_REPRESENTATIONS } from "./value-representations.ts";
import { type ChoiceContext, dictionaryVr } from "./vr-choice.ts";
import type { Encoding, Window } from "./window.ts";

export const UNDEFINED_LENGTH = 0xffffffff;

export interface ElementHeader {
  readonly tag: Tag;
  readonly vr: string;
  /** Bytes of the value, or `UNDEFINED_LENGTH`. */
  readonly length: number;
  readonly valueAt: number;
}

/** Reads a header; `end` is where the item or file around it ends. */
export function readElementHeader(
  window: Window,
  at: number,
  context: ChoiceContext & { readonly encoding: Encoding },
  end: number,
): ElementHeader {
  const { explicit, littleEndian } = context.encoding;
  if (at + 8 > end) {
    throw truncated(window.name, {
      expected: `an element at position ${at}`,
      found: `the end at ${end}`,
    });
  }
  const tag = window.tagAt(at, littleEndian);
  if (!explicit || tag >>> 16 === 0xfffe) return implicitHeader(window, at, tag, context);
  const vr = window.hasVr(at + 4)
    ? String.fromCharCode(window.byte(at + 4), window.byte(at + 5))
    : "";
  const known = VALUE_REPRESENTATIONS[vr];
  if (!known) return guessedHeader(window, at, { tag, vr }, context, end);
  if (!known.longHeader) {
    return named(tag, vr, window.uint16(at + 6, littleEndian), at + 8, context);
  }
  if (at + 12 > end) {
    throw truncated(window.name, {
      expected: `the length of ${formatTag(tag)} at position ${at}`,
      found: `the end at ${end}`,
    });
  }
  return named(tag, vr, window.uint32(at + 8, littleEndian), at + 12, context);
}

/** UN of a tag that the standard knows has the standard's VR, as long as its bytes mean the same. */
function named(
  tag: Tag,
  vr: string,
  length: number,
  valueAt: number,
  context: ChoiceContext & { readonly encoding: Encoding },
): ElementHeader {
  if (vr !== "UN" || length === UNDEFINED_LENGTH || !context.encoding.littleEndian) {
    return { tag, vr, length, valueAt };
  }
  const known = dictionaryVr(tag, context);
  return { tag, vr: known === "SQ" ? vr : known, length, valueAt };
}

function implicitHeader(
  window: Window,
  at: number,
  tag: Tag,
  context: ChoiceContext & { readonly encoding: Encoding },
): ElementHeader {
  const length = window.uint32(at + 4, context.encoding.littleEndian);
  // Fragments are bytes, whatever the dictionary says of native pixels (PS3.5 A.4).
  const isFragments = length === UNDEFINED_LENGTH && tag === 0x7fe00010;
  const vr = isFragments ? "OB" : dictionaryVr(tag, context);
  return { tag, vr, length, valueAt: at + 8 };
}

/**
 * A VR that the standard does not have. Writers disagree what follows: a short length as for most VRs, a long one
 * as the standard asks of future VRs, or no VR at all. The first that leads to a sensible next element counts.
 */
function guessedHeader(
  window: Window,
  at: number,
  { tag, vr }: { tag: Tag; vr: string },
  context: ChoiceContext & { readonly encoding: Encoding },
  end: number,
): ElementHeader {
  const { littleEndian } = context.encoding;
  const short = { length: window.uint16(at + 6, littleEndian), valueAt: at + 8 };
  const implicit = { length: window.uint32(at + 4, littleEndian), valueAt: at + 8 };
  const long =
    at + 12 <= end && short.length === 0
      ? { length: window.uint32(at + 8, littleEndian), valueAt: at + 12 }
      : undefined;
  const candidates = vr ? [long, short, implicit] : [implicit, long, short];
  const found = candidates.find(
    (one) => one !== undefined && leadsOn(window, one.valueAt + one.length, tag, littleEndian, end),
  );
  window.note(
    `${showTag(tag)} at position ${at} has no valid value representation${vr ? ` ("${vr}")` : ""}.`,
  );
  const { length, valueAt } = found ?? (vr ? short : implicit);
  return { tag, vr: dictionaryVr(tag, context), length, valueAt };
}

/** Whether an element could begin there: the end, a delimiter, or a tag that comes later than this one. */
function leadsOn(
  window: Window,
  next: number,
  tag: Tag,
  littleEndian: boolean,
  end: number,
): boolean {
  if (next === end) return true;
  if (next + 8 > end || !window.has(next, 4)) return false;
  const following = window.tagAt(next, littleEndian);
  const isDelimiter = following === ITEM_DELIMITER || following === SEQUENCE_DELIMITER;
  return isDelimiter || (following > tag && following >>> 16 <= (tag >>> 16) + 0x100);
}
