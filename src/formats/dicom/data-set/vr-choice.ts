// The value representation of an element whose header does not say it: PS3.6, and PS3.5 sections 7.8 and A.1.

import type { Tag } from "./data-set.ts";
import { lookUpTag } from "./dictionary.ts";

/** What choices such as "US or SS" depend on. */
export interface ChoiceContext {
  /** (0028,0103): 1 where pixels are signed; of this data set or of one around it. */
  readonly signedPixels: boolean;
  /** First value of the LUT Descriptor beside LUT Data. */
  readonly tableEntries?: number;
}

/** The VR that the dictionary gives; "UN" where it does not know the tag. */
export function dictionaryVr(tag: Tag, context: ChoiceContext): string {
  const element = tag & 0xffff;
  if ((tag >>> 16) % 2 === 1) return privateVr(element);
  if (element === 0) return "UL"; // group length, retired but for group 2
  return resolveChoice(lookUpTag(tag)?.vr ?? "UN", context);
}

/** One VR for a choice of the dictionary. */
export function resolveChoice(vr: string, { signedPixels, tableEntries }: ChoiceContext): string {
  switch (vr) {
    case "us":
      return signedPixels ? "SS" : "US";
    case "ux":
      return signedPixels ? "SS" : "US";
    // PS3.3 C.11.1.1.1: a table of one entry has US, all others may be longer than 64 KB.
    case "uw":
      return tableEntries === 1 ? "US" : "OW";
    case "ob":
      return "OW"; // PS3.5 A.1: implicit VR has OW
    case "??":
      return "UN";
    default:
      return vr;
  }
}

/** Of private elements only the creator is known: PS3.5 section 7.8.1. */
function privateVr(element: number): string {
  if (element === 0) return "UL";
  return element >= 0x10 && element <= 0xff ? "LO" : "UN";
}
