// Rules that several transforms of space share.

import { anyOf, flag, integer, number, oneOf, rules, type Triple } from "../../base/index.ts";
import type { Sampling } from "../transform.ts";

/** Three whole numbers along i, j, k. */
export function wholeTriple({ min }: { min: number }) {
  const error = `three whole numbers of at least ${min} along i, j, k`;
  return rules.tuple([integer({ min }), integer({ min }), integer({ min })], { error });
}

/** Three numbers along i, j, k, or one for all. */
export function numberOrTriple(range: Parameters<typeof number>[0] = {}) {
  return anyOf(
    "a number, or three along i, j, k",
    number(range),
    rules.tuple([number(range), number(range), number(range)]),
  );
}

/** Three whole numbers along i, j, k, or one for all. */
export function wholeOrTriple({ min }: { min: number }) {
  return anyOf(
    `a whole number of at least ${min}, or three along i, j, k`,
    integer({ min }),
    wholeTriple({ min }),
  );
}

export function asTriple(value: number | Triple): Triple {
  return typeof value === "number" ? [value, value, value] : value;
}

/** What stands outside the image. */
export function outsideRule() {
  return anyOf('a number, "edge" or "mirror"', number(), oneOf("edge", "mirror"));
}

/** What every transform takes that may put voxels between others. */
export const samplingRules = {
  interpolation: oneOf("nearest", "linear", "cubic", "label").default("linear"),
  outside: outsideRule().default("edge"),
};

/** As `samplingRules`, with smoothing before coarser grids. */
export const griddingRules = { ...samplingRules, antialias: flag().default(false) };

export function samplingOf({ interpolation, outside }: Sampling): Sampling {
  return { interpolation, outside };
}
