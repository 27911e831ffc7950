// Chooses the model's options by a search inside the training side, if one was asked for.

import { RoentgenError, type WorkOptions } from "../../base/index.ts";
import {
  type Distribution,
  type Grid,
  gridSearch,
  type PipelinePlan,
  randomSearch,
  type SearchResult,
  type SearchSpace,
} from "../../learning/index.ts";
import type { TrainingSettings } from "./settings.ts";
import type { Side } from "./sides.ts";

export interface Tuned {
  readonly plan: PipelinePlan;
  /** What was tried, where a search was asked for. */
  readonly search?: SearchResult;
}

/** A grid or distributions, as `nestedCrossValidate` takes them too. */
export type SearchPlan =
  | { readonly grid: Grid }
  | { readonly space: SearchSpace; readonly draws: number };

/** The plan as it is, or with the best values that the search found on the training side. */
export async function tunePlan(
  { features, target, weights, groups }: Side,
  plan: PipelinePlan,
  settings: TrainingSettings,
  work: WorkOptions & { seed: number },
): Promise<Tuned> {
  const planned = searchPlan(settings);
  if (!planned) return { plan };
  const options = { ...plan, weights, groups, folds: settings.searchFolds, refit: false };
  const search =
    "grid" in planned
      ? await gridSearch(features, target, { ...options, ...planned }, work)
      : await randomSearch(features, target, { ...options, ...planned }, work);
  return { plan: search.plan, search };
}

/**
 * What the settings ask to search; undefined for nothing.
 * @throws RoentgenError "bad-option" where a grid holds something else than lists
 */
export function searchPlan({ search, searchDraws }: TrainingSettings): SearchPlan | undefined {
  if (Object.keys(search).length === 0) return undefined;
  const entries = Object.entries(search);
  if (searchDraws > 0) {
    const space = entries.map(([name, values]) => [
      name,
      Array.isArray(values) ? { kind: "list", values } : values,
    ]);
    return { space: Object.fromEntries(space) as Record<string, Distribution>, draws: searchDraws };
  }
  for (const [name, values] of entries) {
    if (Array.isArray(values)) continue;
    throw new RoentgenError("bad-option", {
      problem: `Cannot search "${name}"`,
      expected: "a list of values, such as [1, 5, 20]",
      found: JSON.stringify(values),
      remedy: "Distributions need a number of draws (--draws).",
      subject: name,
    });
  }
  return { grid: search as Grid };
}
