// The part of a report on how well each of several findings is told: a table of all, and the curves of each.

import type { LabelJudgement, MultiLabelJudgement } from "../../statistics/index.ts";
import { calibrationPlot } from "../plots/calibration.ts";
import { confusionMatrixPlot } from "../plots/confusion-matrix.ts";
import { precisionRecallPlot } from "../plots/precision-recall.ts";
import { rocPlot } from "../plots/roc.ts";
import { subgroupPlot } from "../plots/subgroup.ts";
import { crossTable, figureTable, intervalLabel } from "./figure-table.ts";
import { classificationTerms, figureInterval, figureValue } from "./figure-terms.ts";
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
    "Every patient counts once: the probabilities of a patient's images are averaged, and a patient has a finding that any of the images has.";
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
    {
      kind: "table",
      caption: "Cases of each finding",
      columns: [
        { label: "Finding" },
        ...["With it", "Without it", "Unknown", "Given", "From"].map((label) => {
          return { label, align: "end" as const };
        }),
      ],
      rows: perLabel.map(({ name, n, positives, unknown, given, threshold }) => [
        name,
        ...[positives, n - positives, unknown, given].map((count) => count.toLocaleString("en-US")),
        String(Number(threshold.toPrecision(3))),
      ]),
    },
    table("How its probabilities rank cases", ["rocAuc", "averagePrecision", "brier"]),
    table("At its threshold", ["sensitivity", "specificity", "ppv", "npv", "f1"]),
  ];
}

/** The curves and calls of each finding. */
export function findingCurves(judgement: MultiLabelJudgement): Section {
  const { perLabel, level } = judgement;
  const text = `Of each finding: how many cases with it are found at the price of how many false calls (the dashed line is guessing, the symbol the threshold that was used), how often what is called is there, whether its probabilities can be taken at their word (on the dashed line they can; bars are ${intervalLabel(level)}s), and the calls at the threshold.`;
  return {
    title: "Finding by finding",
    blocks: [
      { kind: "prose", text },
      ...perLabel.flatMap((label, at): Block[] => {
        const { rocAuc } = label.figures;
        const interval = figureInterval(rocAuc);
        const title = `${label.name}: ROC AUC ${figureValue(rocAuc)}${interval && ` (${interval})`}`;
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
  const { sensitivity, specificity, averagePrecision, rocAuc } = figures;
  const operatingPoint = {
    falsePositiveRate: 1 - (specificity.value ?? 1),
    truePositiveRate: sensitivity.value ?? 0,
  };
  const drawn = [
    rocPlot([{ label: name, points: curves.roc, auc: rocAuc, operatingPoint }], size("ROC curve")),
    precisionRecallPlot(
      [
        {
          label: name,
          points: curves.precisionRecall,
          averagePrecision,
          prevalence: positives / n,
        },
      ],
      size("Precision–recall curve"),
    ),
    calibrationPlot([{ label: name, bins: curves.calibration }], size("Calibration")),
    confusionMatrixPlot({ classes: [`not ${name}`, name], counts: callsOf(label) }, size("Calls")),
  ];
  const captions = ["ROC curve", "Precision–recall curve", "Calibration", "Calls"];
  return [
    {
      kind: "figures",
      figures: drawn.map((svg, at) => ({ svg, caption: `${captions[at]} of ${name}.` })),
    },
    {
      kind: "details",
      summary: `All figures of ${name}`,
      blocks: [figureTable(`Figures of ${name}`, ownFindingFigures([label]), level)],
    },
  ];
}

/** [true][called] of the cases of which it is known. */
function callsOf({ n, positives, given, figures }: LabelJudgement): number[][] {
  const found = Math.round((figures.sensitivity.value ?? 0) * positives);
  const falsely = given - found;
  return [
    [n - positives - falsely, falsely],
    [positives - found, found],
  ];
}
