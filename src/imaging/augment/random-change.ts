// A random change made from what it draws: every one takes a probability, and draws it first.

import { number, parameters, type RandomStream, rules } from "../../base/index.ts";
import type { DrawSubject, RandomKind, TransformStep } from "../transform.ts";

/** What a random change asks for beside its probability. */
interface Change<Shape extends rules.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly parameters: Shape;
  /** Whether the draw looks at voxels. */
  readonly looks?: boolean;
  draw(
    random: RandomStream,
    settings: rules.output<rules.ZodObject<Shape>>,
    subject: DrawSubject,
  ): TransformStep | readonly TransformStep[];
}

export function randomChange<Shape extends rules.ZodRawShape>({
  name,
  title,
  parameters: shape,
  looks = false,
  draw,
}: Change<Shape>): RandomKind {
  const probability = number({ min: 0, max: 1 }).default(1);
  return {
    name,
    title,
    parameters: parameters({ ...shape, probability }),
    looks,
    draw: (random, { probability: chance, ...settings }, subject) => {
      if (random.uniform() >= (chance as number)) return [];
      const steps = draw(random, settings as rules.output<rules.ZodObject<Shape>>, subject);
      return Array.isArray(steps) ? [...steps] : [steps as TransformStep];
    },
  };
}

/** Bounds between which a value is drawn with equal likelihood. */
export type Range = readonly [number, number];

/** A rule for a range whose ends both obey `limits`. */
export function rangeRule(limits: Parameters<typeof number>[0] = {}) {
  return rules
    .tuple([number(limits), number(limits)], { error: "a range: [lowest, highest]" })
    .refine(([low, high]) => low <= high, { error: "a range: the lowest first" });
}

/** A number within a range. */
export function within(random: RandomStream, [low, high]: Range): number {
  return low + (high - low) * random.uniform();
}

/** A whole number within a range, its ends included. */
export function wholeWithin(random: RandomStream, [low, high]: Range): number {
  return low + random.integer(high - low + 1);
}
