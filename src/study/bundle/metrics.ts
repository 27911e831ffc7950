// The figures of a judgement as a bundle states them.

import type {
  ClassificationJudgement,
  LabelSubgroupRow,
  MultiLabelJudgement,
  RegressionJudgement,
} from "../../statistics/index.ts";
import { type NamedFigure, namedFigures } from "../report/figure-terms.ts";
import { ownFindingFigures, wholeFindingFigures } from "../report/finding-terms.ts";
import type { BundleMetric } from "./facts.ts";

/** Every figure of a judgement, in the order in which a report lists them; of findings, then those of each. */
export function bundleMetrics(
  judgement: ClassificationJudgement | RegressionJudgement | MultiLabelJudgement,
): BundleMetric[] {
  if (judgement.task !== "multi-label") return namedFigures(judgement).map(metricOf);
  const figures = [...wholeFindingFigures(judgement), ...ownFindingFigures(judgement.perLabel)];
  return figures.map(metricOf);
}

/** Of findings in a subgroup, the areas under their ROC curves. */
export function subgroupMetrics({ figures, perLabel }: LabelSubgroupRow): BundleMetric[] {
  const mean = { name: "macro.rocAuc", label: "ROC AUC, mean over findings" };
  const areas = ownFindingFigures(perLabel, ["rocAuc"]);
  return [{ ...mean, figure: figures.rocAuc }, ...areas].map(metricOf);
}

function metricOf({ name, label, figure }: Pick<NamedFigure, "name" | "label" | "figure">) {
  const { value, low, high, level, n, method } = figure;
  return { name, label, value, low, high, level, n, method };
}
