// The part of a report on whether a classifier's probabilities can be taken at their word.

import type { ClassificationFigure, ClassificationJudgement } from "../../statistics/index.ts";
import { calibrationPlot } from "../plots/calibration.ts";
import { decisionCurvePlot } from "../plots/decision-curve.ts";
import { precisionRecallPlot } from "../plots/precision-recall.ts";
import { figureTable, intervalLabel } from "./figure-table.ts";
import { namedFigures } from "./figure-terms.ts";
import type { Block, ReportFigure, Section } from "./report.ts";

export const probabilityFigures: readonly ClassificationFigure[] = [
  "brier",
  "logLoss",
  "expectedCalibrationError",
  "calibrationIntercept",
  "calibrationSlope",
  "averagePrecision",
  "macroAveragePrecision",
];

/** Classes whose calibration is drawn before the others are folded away. */
const MOST_DRAWN = 6;

export function probabilitySection(judgement: ClassificationJudgement): Section {
  const figures = namedFigures(judgement).filter(({ name }) =>
    (probabilityFigures as readonly string[]).includes(name),
  );
  const reading = `Of the cases given a probability, how many were of the class? On the dashed line, probabilities can be taken at their word. Bars are ${intervalLabel(judgement.level)}s; underneath stands the number of cases.`;
  const [first, ...others] = calibrationFigures(judgement);
  const curves = [precisionRecallFigure(judgement), ...decisionFigure(judgement)];
  const drawn: Block[] =
    others.length === 0 && first
      ? [drawings([{ ...first, caption: `${first.caption}. ${reading}` }, ...curves])]
      : [{ kind: "prose", text: reading }, ...manyClasses([first, ...others]), drawings(curves)];
  return {
    title: "Can its probabilities be trusted",
    blocks: [...drawn, figureTable("Figures of the probabilities", figures, judgement.level)],
  };
}

function drawings(figures: readonly ReportFigure[]): Block {
  return { kind: "figures", figures };
}

/** One diagram a class: several curves with intervals in one can't be read. */
function calibrationFigures({ curves }: ClassificationJudgement): ReportFigure[] {
  return curves.map((curve) => {
    const caption = `Calibration of ${curve.class}`;
    const size = { title: caption, width: curves.length === 1 ? 400 : 280 };
    return {
      svg: calibrationPlot([{ label: curve.class, bins: curve.calibration }], size),
      caption,
    };
  });
}

function manyClasses(figures: readonly ReportFigure[]): Block[] {
  const others = figures.slice(MOST_DRAWN);
  if (others.length === 0) return [drawings(figures)];
  return [
    drawings(figures.slice(0, MOST_DRAWN)),
    {
      kind: "details",
      summary: `Calibration of ${others.length} more classes`,
      blocks: [drawings(others)],
    },
  ];
}

function precisionRecallFigure({
  curves,
  perClass,
  classes,
  counts,
  n,
}: ClassificationJudgement): ReportFigure {
  const series = curves.map((curve) => ({
    label: curve.class,
    points: curve.precisionRecall,
    averagePrecision: perClass.find(({ name }) => name === curve.class)?.figures.averagePrecision,
    prevalence: n > 0 ? counts[classes.indexOf(curve.class)] / n : undefined,
  }));
  return {
    svg: precisionRecallPlot(series),
    caption: `PPV against sensitivity as the threshold falls. ${series.length > 1 ? "Dashed lines are" : "The dashed line is"} guessing.`,
  };
}

function decisionFigure({ curves, positiveClass }: ClassificationJudgement): ReportFigure[] {
  if (positiveClass === undefined || !curves[0]?.decision.length) return [];
  return [
    {
      svg: decisionCurvePlot([{ label: "Act on the model", points: curves[0].decision }], {
        width: 400,
      }),
      caption:
        "Net benefit: worth acting on the model where its line is the highest, for the probability at which one would just act.",
    },
  ];
}
