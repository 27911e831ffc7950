// The part of a report on how often a classifier is right.

import type {
  ClassificationFigure,
  ClassificationJudgement,
  Figure,
} from "../../statistics/index.ts";
import { confusionMatrixPlot } from "../plots/confusion-matrix.ts";
import { rocPlot } from "../plots/roc.ts";
import { crossTable, figureTable, intervalLabel } from "./figure-table.ts";
import { classificationTerms, namedFigures } from "./figure-terms.ts";
import { probabilityFigures } from "./probability-section.ts";
import type { Block, Section } from "./report.ts";

/** Figures that come first; those of the probabilities have their own section, all others are folded away. */
const mainFigures: readonly ClassificationFigure[] = [
  "rocAuc",
  "rocAucOneVsRest",
  "accuracy",
  "balancedAccuracy",
  "sensitivity",
  "specificity",
  "ppv",
  "npv",
  "f1",
  "mcc",
];
export function performanceSection(judgement: ClassificationJudgement): Section {
  const { classes, confusion, perClass, level, positiveClass, threshold } = judgement;
  const figures = namedFigures(judgement);
  const among = (names: readonly string[]) => figures.filter(({ name }) => names.includes(name));
  const blocks: Block[] = [
    {
      kind: "figures",
      figures: [
        {
          svg: confusionMatrixPlot({ classes, counts: confusion }),
          caption: `Rows are true classes, columns what the model said${threshold === undefined ? "" : ` at a threshold of ${Number(threshold.toPrecision(4))}`}. Percentages are shares of the true class.`,
        },
        ...rocFigure(judgement),
      ],
    },
    figureTable(
      `Figures on cases not learnt from${positiveClass === undefined ? "" : `; positive means “${positiveClass}”`}`,
      among(mainFigures),
      level,
    ),
  ];
  if (positiveClass === undefined) blocks.push(classTable(perClass, level));
  const shown: readonly string[] = [...mainFigures, ...probabilityFigures];
  const others = figures.filter(({ name }) => !shown.includes(name));
  blocks.push({
    kind: "details",
    summary: `All other figures (${others.length})`,
    blocks: [figureTable("Further figures", others, level)],
  });
  return { title: "How good it is", blocks };
}

function classTable(perClass: ClassificationJudgement["perClass"], level: number): Block {
  const shown = ["sensitivity", "specificity", "ppv", "rocAuc"] as const;
  return crossTable(`Each class against all others, with ${intervalLabel(level)}s`, {
    first: "Class",
    columns: shown.map((name) => classificationTerms[name].label),
    rows: perClass.map(({ name, n, figures }) => ({
      label: name,
      n,
      figures: shown.map((figure) => figures[figure]),
    })),
  });
}

function classFigure(
  { perClass }: ClassificationJudgement,
  name: string,
  figure: "rocAuc" | "averagePrecision",
): Figure | undefined {
  return perClass.find((each) => each.name === name)?.figures[figure];
}

function rocFigure(judgement: ClassificationJudgement) {
  const curves = judgement.curves.filter(({ roc }) => roc.length > 0);
  if (curves.length === 0) return [];
  const { sensitivity, specificity } = judgement.figures;
  const series = curves.map((curve) => ({
    label: curve.class,
    points: curve.roc,
    auc: classFigure(judgement, curve.class, "rocAuc"),
    ...(sensitivity?.value != null &&
      specificity?.value != null && {
        operatingPoint: {
          falsePositiveRate: 1 - specificity.value,
          truePositiveRate: sensitivity.value,
        },
      }),
  }));
  const marked = series.some(({ operatingPoint }) => operatingPoint);
  const caption = `ROC curve${series.length > 1 ? "s, each class against all others" : ""}. The dashed line is guessing${marked ? "; the symbol is the threshold that was used" : ""}.`;
  return [{ svg: rocPlot(series), caption }];
}
