import { describe, expect, it } from "vitest";
import {
  anyOf,
  checkParameters,
  flag,
  integer,
  number,
  oneOf,
  parameters,
  RoentgenError,
} from "../../src/base/index.ts";

const rules = parameters({
  trees: integer({ min: 1 }).default(100),
  rate: number({ above: 0, max: 1 }).optional(),
  kind: oneOf("gini", "entropy").default("gini"),
  extra: flag().default(false),
  depth: anyOf(
    "a whole number or null",
    integer({ min: 1 }),
    number({ min: 0, below: 1 }),
  ).optional(),
});

describe("parameters", () => {
  it("get their defaults", () => {
    expect(checkParameters(rules, undefined, "forest")).toEqual({
      trees: 100,
      kind: "gini",
      extra: false,
    });
  });

  it.each([
    [{ trees: 0 }, /"trees" of the forest.*whole number of at least 1.*found 0/],
    [{ trees: 1.5 }, /whole number of at least 1, found 1.5/],
    [{ rate: 0 }, /a number above 0 and at most 1, found 0/],
    [{ rate: Number.NaN }, /a number above 0 and at most 1, found NaN/],
    [{ kind: "ginny" }, /one of "gini", "entropy", found "ginny"/],
    [{ extra: "yes" }, /true or false, found "yes"/],
    [{ depth: -1 }, /a whole number or null, found -1/],
    [{ tree: 5 }, /has no option "tree". It has: trees, rate, kind, extra, depth/],
  ])("refuse %j with the rule in words", (given, message) => {
    expect(() => checkParameters(rules, given, "forest")).toThrow(message);
    expect(() => checkParameters(rules, given, "forest")).toThrow(RoentgenError);
  });
});
