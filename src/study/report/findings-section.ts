// The part of a report on how well each of several findings is told: a table of all, and the curves of each.

import type { LabelJudgement, MultiLabelJudgement } from "../../statistics/index.ts";
import { calibrationPlot } from "../plots/calibration.ts";
import { precisionRecallPlot } from "../plots/precision-recall.ts";
import { rocPlot } from "../plots/roc.ts";
import { subgroupPlot } from "../plots/subgroup.ts";
import { crossTable, figureTable, intervalLabel, valueAndInterval } from "./figure-table.ts";
import { classificationTerms } from "./figure-terms.ts";
import { ownFindingFigures, wholeFindingFigures } from "./finding-terms.ts";
import type { Block, Section } from "./report.ts";

/** Findings whose curves are drawn before the others are folded away. */
const MOST_OPEN = 3;

/** All findings side by side. */
export function findingsSection(judgement: MultiLabelJudgement): Section {
  const { perLabel, level, macro } = judgement;
  const areas = perLabel.map(({ name, positives, figures }) => {
    return { label: name, ...figures.rocAuc, n: positives };
  });
  const { label } = classificationTerms.rocAuc;
  const svg = subgroupPlot(areas, {
    title: `${label} of each finding`,
    figureLabel: label,
    overall: macro.rocAuc,
  });
  const caption = `${label} of each finding with ${intervalLabel(level)}s; n counts the cases with it. The dashed line is the mean.`;
  return {
    title: "How good it is",
    blocks: [
      { kind: "figures", figures: [{ svg, caption }] },
      ...findingTables(judgement),
      {
        kind: "details",
        summary: "Means over findings, and all findings together",
        blocks: [figureTable("Figures of all findings", wholeFindingFigures(judgement), level)],
      },
    ],
  };
}

/** The same, every patient counted once. */
export function findingsByPatient(byPatient: MultiLabelJudgement): Section {
  const text =
    "Every patient counts once: a patient has a finding that any of the images has, with the greatest probability that any of them got.";
  return {
    title: "How good it is by patient",
    blocks: [{ kind: "prose", text }, ...findingTables(byPatient)],
  };
}

function findingTables({ perLabel, level }: MultiLabelJudgement): Block[] {
  const table = (caption: string, shown: readonly (keyof LabelJudgement["figures"])[]) =>
    crossTable(`${caption}, with ${intervalLabel(level)}s`, {
      first: "Finding",
      columns: shown.map((name) => classificationTerms[name].label),
      rows: perLabel.map(({ name, n, figures }) => ({
        label: name,
        n,
        figures: shown.map((figure) => figures[figure]),
      })),
    });
  return [
    callTable(perLabel),
    table("How its probabilities rank cases", ["rocAuc", "averagePrecision", "brier"]),
    table("At its threshold", ["sensitivity", "specificity", "ppv", "npv"]),
  ];
}

/** The confusion matrix of each finding, in a row of its own. */
function callTable(perLabel: readonly LabelJudgement[]): Block {
  const columns = ["Found", "Missed", "Falsely found", "Rightly not found", "Unknown", "Threshold"];
  return {
    kind: "table",
    caption:
      "Calls of each finding: of cases with it those found and missed, of cases without it those falsely and rightly called",
    columns: [{ label: "Finding" }, ...columns.map((label) => ({ label, align: "end" as const }))],
    rows: perLabel.map((label) => {
      const { name, n, positives, given, unknown, threshold, figures } = label;
      const found = Math.round((figures.sensitivity.value ?? 0) * positives);
      const falsely = given - found;
      const counts = [found, positives - found, falsely, n - positives - falsely, unknown];
      const cells = counts.map((count) => count.toLocaleString("en-US"));
      return [name, ...cells, String(Number(threshold.toPrecision(3)))];
    }),
  };
}

/** The curves of each finding. */
export function findingCurves(judgement: MultiLabelJudgement): Section {
  const { perLabel, level } = judgement;
  const text = `Of each finding: how many cases with it are found at the price of how many false calls (the dashed line is guessing, the symbol the threshold that was used), how often what is called is there, and whether its probabilities can be taken at their word (on the dashed line they can; bars are ${intervalLabel(level)}s, underneath stands the number of cases).`;
  return {
    title: "Finding by finding",
    blocks: [
      { kind: "prose", text },
      ...perLabel.flatMap((label, at): Block[] => {
        const title = `${label.name}: ROC AUC ${valueAndInterval(label.figures.rocAuc)}`;
        const blocks = ofFinding(label, level);
        if (at < MOST_OPEN) return [{ kind: "prose", text: title }, ...blocks];
        return [{ kind: "details", summary: title, blocks }];
      }),
    ],
  };
}

const WIDTH = 280;

function ofFinding(label: LabelJudgement, level: number): Block[] {
  const { name, curves, figures, positives, n } = label;
  if (curves.roc.length === 0) {
    const text = figures.rocAuc.undefinedBecause ?? "It could not be judged.";
    return [{ kind: "prose", text: `No curves: ${text}.` }];
  }
  const size = (title: string) => ({ title: `${title} of ${name}`, width: WIDTH });
  const { sensitivity, specificity, averagePrecision, rocAuc, brier } = figures;
  const operatingPoint = {
    falsePositiveRate: 1 - (specificity.value ?? 1),
    truePositiveRate: sensitivity.value ?? 0,
  };
  const precisionRecall = {
    label: name,
    points: curves.precisionRecall,
    prevalence: positives / n,
  };
  const drawn = [
    {
      svg: rocPlot([{ label: name, points: curves.roc, operatingPoint }], size("ROC curve")),
      caption: `ROC curve: AUC ${valueAndInterval(rocAuc)}.`,
    },
    {
      svg: precisionRecallPlot([precisionRecall], size("Precision–recall curve")),
      caption: `Precision–recall curve: average precision ${valueAndInterval(averagePrecision)}.`,
    },
    {
      svg: calibrationPlot([{ label: name, bins: curves.calibration }], size("Calibration")),
      caption: `Calibration: Brier score ${valueAndInterval(brier)}.`,
    },
  ];
  return [
    { kind: "figures", figures: drawn },
    {
      kind: "details",
      summary: `All figures of ${name}`,
      blocks: [figureTable(`Figures of ${name}`, ownFindingFigures([label]), level)],
    },
  ];
}
