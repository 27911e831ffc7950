// Windows that move over images: their lengths along each axis, and the padding around.

import { anyOf, integer, type OptionsOf, oneOf, RoentgenError, rules } from "../../base/index.ts";
import { type Attribute, type Dimension, ints, type Term, text } from "../../onnx/index.ts";
import type { LayerScope } from "./layer.ts";

/** A whole number for all spatial axes, or one for each. */
export const lengths = ({ min }: { min: number }) =>
  anyOf(
    `a whole number of at least ${min}, or one for each spatial axis`,
    integer({ min }),
    rules.array(integer({ min })).readonly(),
  );

/** One length for all spatial axes, or one for each. */
type Lengths = OptionsOf<ReturnType<typeof lengths>>;

/** "valid" adds none; "same" keeps the size (divided by the stride), the odd one after; or zeros on both sides. */
export const padding = () =>
  anyOf(
    '"valid", "same", or how many zeros on both sides',
    oneOf("valid", "same"),
    lengths({ min: 0 }),
  );

/** Spatial axes and channels of [N, C, size…]. */
export function imageShape(
  scope: LayerScope,
  x: Term,
): { rank: number; channels: number; size: readonly Dimension[] } {
  const [, channels, ...size] = scope.shapeOf(x);
  if (typeof channels === "number" && size.length > 0) return { rank: size.length, channels, size };
  throw new RoentgenError("shape-mismatch", {
    problem: "it takes images",
    expected: "[batch, channels, size…] with a known number of channels",
    found: `[${scope.shapeOf(x).join(", ")}]`,
  });
}

/** A length for each of `rank` axes. */
export function perAxis(given: Lengths, rank: number): number[] {
  if (typeof given === "number") return new Array(rank).fill(given);
  if (given.length === rank) return [...given];
  throw new RoentgenError("bad-option", {
    problem: "its lengths do not fit its input",
    expected: `one for all or one for each of ${rank} spatial axes`,
    found: `[${given.join(", ")}]`,
  });
}

/** Refuses groups that do not part channels evenly. */
export function checkGroups(groups: number, counts: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(counts)) {
    if (count % groups === 0) continue;
    throw new RoentgenError("bad-option", {
      problem: "its groups are not of one size",
      expected: `a number of groups that divides the ${what}`,
      found: `${count} ${what} and ${groups} groups`,
      subject: "groups",
    });
  }
}

/** The attribute that says how many zeros are added, for windows that reach over so many elements beyond the first. */
export function paddingAttribute(
  given: OptionsOf<ReturnType<typeof padding>>,
  strides: readonly number[],
  reach: readonly number[],
): Record<string, Attribute> {
  if (given === "valid") return {};
  if (given !== "same") {
    const pads = perAxis(given, strides.length);
    return { pads: ints([...pads, ...pads]) };
  }
  // With stride 1 the padding does not depend on the size.
  if (strides.some((stride) => stride > 1)) return { auto_pad: text("SAME_UPPER") };
  const before = reach.map((length) => Math.floor(length / 2));
  return { pads: ints([...before, ...reach.map((length, axis) => length - before[axis])]) };
}
