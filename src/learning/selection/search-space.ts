// What a search varies, as data: a grid of values, or distributions to draw from
// (Bergstra and Bengio: "Random search for hyper-parameter optimization", JMLR 13, 2012).

import { type RandomStream, RoentgenError, randomStream } from "../../base/index.ts";
import type { PipelinePlan } from "../pipeline.ts";

/**
 * Values by name of option: `c` or `maxDepth` is the learner's, `preprocessing.impute` the
 * preprocessing's.
 */
export type Candidate = Readonly<Record<string, unknown>>;

/** Every combination of these values is tried; of several grids, those of each. */
export type Grid = Readonly<Record<string, readonly unknown[]>>;

/** How a value is drawn. Bounds are inclusive. */
export type Distribution =
  | { readonly kind: "list"; readonly values: readonly unknown[] }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "log-uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "integer"; readonly low: number; readonly high: number };

/** Distribution that each option is drawn from, by the option's name. */
export type SearchSpace = Readonly<Record<string, Distribution>>;

/** All combinations, the last option varying fastest. */
export function gridCandidates(grid: Grid | readonly Grid[]): Candidate[] {
  const grids: readonly Grid[] = Array.isArray(grid) ? grid : [grid as Grid];
  return grids.flatMap((one) =>
    Object.entries(one).reduce<Candidate[]>(
      (candidates, [name, values]) => {
        if (values.length === 0) refuse(name, "at least one value", "an empty list");
        return candidates.flatMap((rest) => values.map((value) => ({ ...rest, [name]: value })));
      },
      [{}],
    ),
  );
}

/** Independent draws; equal seeds give equal candidates, and more draws begin with the same ones. */
export function randomCandidates(space: SearchSpace, draws: number, seed: number): Candidate[] {
  for (const [name, distribution] of Object.entries(space)) checkDistribution(name, distribution);
  return Array.from({ length: draws }, (_, sample) => {
    const random = randomStream({ seed, purpose: "selection/search", sample });
    return Object.fromEntries(
      Object.entries(space).map(([name, distribution]) => [name, draw(distribution, random)]),
    );
  });
}

function draw(distribution: Distribution, random: RandomStream): unknown {
  switch (distribution.kind) {
    case "list":
      return distribution.values[random.integer(distribution.values.length)];
    case "uniform":
      return distribution.low + random.uniform() * (distribution.high - distribution.low);
    case "log-uniform": {
      const { low, high } = distribution;
      return Math.min(high, Math.max(low, low * (high / low) ** random.uniform()));
    }
    case "integer":
      return distribution.low + random.integer(distribution.high - distribution.low + 1);
    default:
      return distribution satisfies never;
  }
}

function checkDistribution(name: string, distribution: Distribution): void {
  if (distribution.kind === "list") {
    if (distribution.values.length === 0) refuse(name, "at least one value", "an empty list");
    return;
  }
  const { kind, low, high } = distribution;
  if (!["uniform", "log-uniform", "integer"].includes(kind)) {
    refuse(name, 'a distribution "list", "uniform", "log-uniform" or "integer"', `"${kind}"`);
  }
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    refuse(name, "low and high, low not above high", `${low} and ${high}`);
  }
  if (kind === "log-uniform" && low <= 0) refuse(name, "low above 0", `${low}`);
  if (kind === "integer" && !(Number.isInteger(low) && Number.isInteger(high))) {
    refuse(name, "whole numbers for low and high", `${low} and ${high}`);
  }
}

function refuse(name: string, expected: string, found: string): never {
  throw new RoentgenError("bad-option", {
    problem: `Cannot search over "${name}"`,
    expected,
    found,
    subject: name,
  });
}

/** The plan with a candidate's values in place. */
export function planOf(plan: PipelinePlan, candidate: Candidate): PipelinePlan {
  const options: Record<string, unknown> = { ...plan.options };
  const preprocessing: Record<string, unknown> = { ...plan.preprocessing };
  for (const [name, value] of Object.entries(candidate)) {
    if (name.startsWith("preprocessing."))
      preprocessing[name.slice("preprocessing.".length)] = value;
    else options[name] = value;
  }
  return { learner: plan.learner, options, preprocessing };
}
