// The out-of-bag score of a forest as a figure.

import { type Figure, proportionFigure } from "../../statistics/index.ts";
import { forestOf } from "./explain.ts";
import type { TrainedTable } from "./train.ts";

/**
 * Accuracy (with Wilson's interval) or R² on the training rows, each by the trees that did not see it. No interval
 * where rows are weighted or patients have several, since rows are not independent then.
 */
export function outOfBagFigure({
  fitted,
  sides: { training },
  settings: { level },
}: Pick<TrainedTable, "fitted" | "sides" | "settings">): Figure | undefined {
  const outOfBag = forestOf(fitted.pipeline)?.outOfBag;
  if (!outOfBag) return undefined;
  const { score, rowCount: n } = outOfBag;
  const { target, groups, weights } = training;
  const independent = !weights && (!groups || new Set(groups).size === groups.length);
  if (target.task === "classification" && independent && Number.isFinite(score)) {
    return proportionFigure(Math.round(score * n), n, { level });
  }
  const value = Number.isFinite(score) ? score : null;
  return { value, low: null, high: null, level, n, method: "no interval" };
}
