// The figures of a judgement as a bundle states them.

import type { ClassificationJudgement, RegressionJudgement } from "../../statistics/index.ts";
import { namedFigures } from "../report/figure-terms.ts";
import type { BundleMetric } from "./facts.ts";

/** Every figure of a judgement, in the order in which a report lists them. */
export function bundleMetrics(
  judgement: ClassificationJudgement | RegressionJudgement,
): BundleMetric[] {
  return namedFigures(judgement).map(({ name, label, figure }) => {
    const { value, low, high, level, n, method } = figure;
    return { name, label, value, low, high, level, n, method };
  });
}
