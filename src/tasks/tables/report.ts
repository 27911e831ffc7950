// Tells a training as a report: what the study's report wants to know, taken from what was found.

import type { Table, Target } from "../../base/index.ts";
import type { Finding } from "../../datasets/index.ts";
import type { LearningCurve, ScoreSummary as Spread } from "../../learning/index.ts";
import type { ClassificationJudgement, RegressionJudgement } from "../../statistics/index.ts";
import {
  classificationReport,
  classificationTerms,
  type FigureTerm,
  type Notice,
  regressionReport,
  regressionTerms,
  renderReport,
  type ScoreSummary,
  type SideSummary,
  type TableStudy,
} from "../../study/index.ts";
import { forestOf } from "./explain.ts";
import { outOfBagFigure } from "./out-of-bag.ts";
import type { Side } from "./sides.ts";
import type { TrainedTable } from "./train.ts";

/** The report as one HTML page. */
export function studyReport(trained: TrainedTable): string {
  const { judgement } = trained;
  const report =
    judgement.task === "classification"
      ? classificationReport(describeStudy(trained, judgement))
      : regressionReport(describeStudy(trained, judgement));
  return renderReport(report);
}

function describeStudy<J extends ClassificationJudgement | RegressionJudgement>(
  trained: TrainedTable,
  judgement: J,
): TableStudy<J> {
  const { settings, view, subgroups, explanation, provenance, findings, startedAt, endedAt } =
    trained;
  const { permutation, impurity, shapley } = explanation;
  return {
    learner: learnerInWords(trained),
    target: view.targetName,
    unit: view.target.task === "regression" ? view.target.unit : undefined,
    data: describeData(trained),
    split: describeSplit(trained),
    findings: findings.map(noticeOf),
    judgement,
    subgroups,
    permutation: permutation && {
      score: figureName(permutation.metric),
      repeats: permutation.repeats,
      features: permutation.columns.map(({ name, mean, low, high }) => ({
        label: name,
        value: mean,
        low,
        high,
      })),
    },
    impurity: impurity?.names.map((label, index) => ({
      label,
      value: impurity.values[index],
      low: Math.max(0, impurity.values[index] - impurity.deviations[index]),
      high: impurity.values[index] + impurity.deviations[index],
    })),
    shapley,
    learningCurve: trained.learningCurve && describeCurve(trained.learningCurve),
    crossValidation: describeCrossValidation(trained),
    outOfBag: outOfBagScores(trained),
    config: settings,
    command: "roentgen train --config config.json --out again",
    provenance,
    startedAt,
    endedAt,
  };
}

/** "random forest of 100 trees". */
function learnerInWords({ settings, fitted }: TrainedTable): string {
  const forest = forestOf(fitted.pipeline);
  const names: Record<TrainedTable["settings"]["model"], string> = {
    forest: "random forest",
    "extra-trees": "forest of extremely randomised trees",
    logistic: "logistic regression",
    ridge: "ridge regression",
    "elastic-net": "elastic-net regression",
  };
  const name = names[settings.model];
  return forest ? `${name} of ${forest.roots.length - 1} trees` : name;
}

function describeData({ view, settings, notes }: TrainedTable): TableStudy["data"] {
  const { features, target, groups } = view;
  const files = [settings.data, settings.labels].filter((path) => path !== undefined);
  return {
    name: files.map((path) => path.split(/[\\/]/).at(-1)).join(" and "),
    rows: features.rowCount,
    features: features.columns.length,
    ...(groups ? { patients: groups.names.length } : {}),
    ...(target.task === "classification"
      ? { classes: countClasses(target) }
      : { range: rangeOf(target.values) }),
    missing: countMissing(features),
    notes,
  };
}

function countClasses(target: Target & { task: "classification" }) {
  const counts = classCounts(target);
  return target.classes.map((name, index) => ({ name, rows: counts[index] }));
}

function classCounts({ classes, labels }: Target & { task: "classification" }): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label] += 1;
  return counts;
}

function rangeOf(values: Float64Array) {
  const sorted = values.slice().sort();
  return {
    low: sorted[0],
    median: sorted[Math.floor(sorted.length / 2)],
    high: sorted[sorted.length - 1],
  };
}

function countMissing(table: Table) {
  return table.columns.flatMap(({ name, values }) => {
    let rows = 0;
    for (const value of values) if (value === null || Number.isNaN(value)) rows += 1;
    return rows > 0 ? [{ column: name, rows }] : [];
  });
}

function describeSplit({ view, sides, settings }: TrainedTable): TableStudy["split"] {
  const share = `${Math.round(settings.test * 100)} % of the rows`;
  const strata =
    view.task === "classification" ? view.targetName : `quantiles of ${view.targetName}`;
  const whole = view.groups ? `; rows of one ${view.groups.column} stay on one side` : "";
  return {
    description: `${share} were held out before anything was learnt, stratified by ${strata}${whole}.`,
    train: describeSide(sides.training),
    test: describeSide(sides.testing),
  };
}

function describeSide({ features, target, groups }: Side): SideSummary {
  return {
    rows: features.rowCount,
    ...(groups ? { patients: new Set(groups).size } : {}),
    ...(target.task === "classification" ? { classes: classCounts(target) } : {}),
  };
}

const titles: Record<Finding["kind"], string> = {
  "duplicate-rows": "Duplicate rows",
  "near-duplicate-rows": "Nearly equal rows",
  "conflicting-labels": "Equal rows with different labels",
  "shared-group": "Patients on both sides",
  "telling-column": "A column knows the answer",
  "telling-missingness": "Missing values know the answer",
  "identifier-column": "An identifier among the features",
  "not-checked": "Not checked",
};

function noticeOf({ kind, severity, message }: Finding): Notice {
  return { level: severity === "note" ? "note" : "warning", title: titles[kind], text: message };
}

/** What a metric is called in reports. */
export function figureName(metric: string): string {
  const terms: Readonly<Record<string, FigureTerm>> = {
    ...classificationTerms,
    ...regressionTerms,
  };
  return terms[metric]?.label ?? metric;
}

function describeCurve({ metric, points }: LearningCurve): TableStudy["learningCurve"] {
  const series = (label: string, side: "train" | "test") => ({
    label,
    points: points.map((point) => ({ rows: point.trainCount, ...spreadOf(point[side]) })),
  });
  return {
    score: figureName(metric),
    series: [series("Rows learnt from", "train"), series("Rows not learnt from", "test")],
  };
}

function spreadOf({ mean, standardDeviation }: Spread) {
  if (mean === null || standardDeviation === null) return { value: mean };
  return { value: mean, low: mean - standardDeviation, high: mean + standardDeviation };
}

function describeCrossValidation({
  crossValidation,
  settings,
  view,
}: TrainedTable): TableStudy["crossValidation"] {
  if (!crossValidation) return undefined;
  const { folds, repeats } = settings;
  const repeated = repeats > 1 ? `, repeated ${repeats} times` : "";
  const together = view.groups ? `; rows of one ${view.groups.column} kept together` : "";
  const nested =
    "chosen" in crossValidation ? " The search ran anew inside each training side." : "";
  return {
    description: `${folds} folds over all rows${repeated}${together}.${nested}`,
    scores: Object.entries(crossValidation.summary).map(([metric, { folds: spread }]) =>
      scoreOf(metric, spread),
    ),
  };
}

function scoreOf(metric: string, { mean, standardDeviation, n }: Spread): ScoreSummary {
  return {
    label: figureName(metric),
    value: mean,
    ...(standardDeviation === null ? {} : { deviation: standardDeviation }),
    of: `${n} folds`,
  };
}

function outOfBagScores(trained: TrainedTable): TableStudy["outOfBag"] {
  const figure = outOfBagFigure(trained);
  if (!figure) return undefined;
  const label = figureName(trained.judgement.task === "classification" ? "accuracy" : "r2");
  const { value, low, high, n } = figure;
  return [{ label, value, low, high, of: `${n} rows` }];
}
