// Constraints as data: a parameter's rule is written once and gives its type, its default,
// the message when it is broken, and the help text.

import { z } from "zod";
import { RoentgenError } from "./errors.ts";

/** Named rules; zod's object schema, made by `parameters`. */
export type Parameters<Shape extends z.ZodRawShape = z.ZodRawShape> = z.ZodObject<Shape>;

/** What a caller may give: anything with a default can be left out. */
export type OptionsOf<P extends z.ZodType> = z.input<P>;

/** What the code works with: every default filled in. */
export type SettingsOf<P extends z.ZodType> = z.output<P>;

/** A closed set of named parameters; an unknown name is refused, not ignored. */
export function parameters<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape);
}

/** A whole number, at least `min` and at most `max`. */
export function integer({ min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {}) {
  const rule = describeRange("a whole number", min, max);
  return z.int({ error: rule }).min(min, { error: rule }).max(max, { error: rule });
}

/** A finite number within [min, max]; `above` and `below` exclude the bound. */
export function number({
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  above = Number.NEGATIVE_INFINITY,
  below = Number.POSITIVE_INFINITY,
} = {}) {
  const rule = describeRange("a number", min, max, above, below);
  let schema = z.number({ error: rule }).min(min, { error: rule }).max(max, { error: rule });
  if (above > Number.NEGATIVE_INFINITY) schema = schema.gt(above, { error: rule });
  if (below < Number.POSITIVE_INFINITY) schema = schema.lt(below, { error: rule });
  return schema;
}

/** One of a closed set of words. */
export function oneOf<const Words extends readonly string[]>(...words: Words) {
  return z.enum(words, { error: `one of ${words.map((word) => `"${word}"`).join(", ")}` });
}

/** True or false. */
export function flag() {
  return z.boolean({ error: "true or false" });
}

/** Text of any length. */
export function words() {
  return z.string({ error: "text" });
}

/** Any of several rules. */
export function anyOf<const Rules extends readonly [z.ZodType, z.ZodType, ...z.ZodType[]]>(
  expectation: string,
  ...rules: Rules
) {
  return z.union(rules, { error: expectation });
}

export { z as rules };

/**
 * Fills in the defaults and refuses what breaks a rule.
 * @param subject what the parameters belong to, for the message: "random forest"
 * @throws RoentgenError "bad-option"
 */
export function checkParameters<P extends z.ZodType>(
  schema: P,
  given: unknown,
  subject: string,
): SettingsOf<P> {
  const result = schema.safeParse(given ?? {});
  if (result.success) return result.data;
  // A misspelt name explains the missing value beside it.
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue.code === "unrecognized_keys") {
    const known = "shape" in schema ? Object.keys(schema.shape as object).join(", ") : "";
    throw new RoentgenError("bad-option", {
      problem: `The ${subject} has no option "${issue.keys[0]}"`,
      remedy: known && `It has: ${known}.`,
      subject: issue.keys[0],
    });
  }
  const name = issue.path.join(".");
  throw new RoentgenError("bad-option", {
    problem: `Option "${name}" of the ${subject} does not fit`,
    expected: issue.message,
    found: show(valueAt(given, issue.path)),
    subject: name,
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  return JSON.stringify(value) ?? String(value);
}

function describeRange(
  kind: string,
  min: number,
  max: number,
  above = Number.NEGATIVE_INFINITY,
  below = Number.POSITIVE_INFINITY,
): string {
  const bounds: string[] = [];
  if (above > Number.NEGATIVE_INFINITY) bounds.push(`above ${above}`);
  if (min > Number.MIN_SAFE_INTEGER) bounds.push(`of at least ${min}`);
  if (below < Number.POSITIVE_INFINITY) bounds.push(`below ${below}`);
  if (max < Number.MAX_SAFE_INTEGER) bounds.push(`at most ${max}`);
  return [kind, bounds.join(" and ")].filter(Boolean).join(" ");
}
