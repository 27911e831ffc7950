// A classification's finding in plain words, its headline figures, and what a statistician would say aloud.

import type { ClassificationFigure, ClassificationJudgement } from "../../statistics/index.ts";
import { intervalLabel } from "./figure-table.ts";
import {
  classificationTerms,
  countedCases,
  figureInterval,
  figureValue,
  percent,
  percentWithBounds,
  percentWithInterval,
} from "./figure-terms.ts";
import type { HeadlineFigure, Notice } from "./report.ts";
import type { TableStudy } from "./table-study.ts";

type Study = Pick<TableStudy<ClassificationJudgement>, "judgement" | "learner">;

/** Cases of a class below which a figure of it says little. */
const FEW = 20;

const headlines = {
  binary: ["rocAuc", "accuracy", "sensitivity", "specificity"],
  several: ["accuracy", "balancedAccuracy", "rocAucOneVsRest", "kappa"],
} as const satisfies Record<string, readonly ClassificationFigure[]>;

/** The finding in words that need no statistics. */
export function summariseClassification({ judgement, learner }: Study): string {
  const { n, figures, positiveClass, weighted } = judgement;
  const cases = countedCases(judgement);
  const { accuracy } = figures;
  const sentences = [
    accuracy && !weighted && accuracy.value !== null
      ? `Of ${cases} that it had not seen, the ${learner} gave ${Math.round(accuracy.value * n)} their true class: an accuracy of ${percentWithInterval(accuracy)}.`
      : `The ${learner} was judged on ${cases} that it had not seen.`,
  ];
  const common = commonest(judgement);
  sentences.push(`Always answering “${common.name}” would be right in ${percent(common.share)}.`);
  if (positiveClass !== undefined && !weighted)
    sentences.push(...binarySentences(judgement, positiveClass));
  return sentences.join(" ");
}

function binarySentences(
  { classes, confusion, figures }: ClassificationJudgement,
  positiveClass: string,
): string[] {
  const positive = classes.indexOf(positiveClass);
  const negative = 1 - positive;
  const total = (row: number) => confusion[row][0] + confusion[row][1];
  const { sensitivity, specificity, rocAuc } = figures;
  const sentences: string[] = [];
  if (sensitivity?.value != null) {
    sentences.push(
      `It found ${confusion[positive][positive]} of ${total(positive)} cases of “${positiveClass}” (sensitivity ${percentWithBounds(sensitivity)})`,
    );
  }
  if (specificity?.value != null) {
    const clause = `${confusion[negative][negative]} of ${total(negative)} cases of “${classes[negative]}” (specificity ${percentWithBounds(specificity)})`;
    sentences[0] = sentences[0]
      ? `${sentences[0]} and rightly cleared ${clause}.`
      : `It rightly cleared ${clause}.`;
  } else if (sentences[0]) sentences[0] += ".";
  if (rocAuc?.value != null) {
    sentences.push(
      `The area under its ROC curve is ${figureValue(rocAuc)}${figureInterval(rocAuc) && ` (${figureInterval(rocAuc)})`}.`,
    );
  }
  return sentences;
}

function commonest({ classes, counts, n }: ClassificationJudgement): {
  name: string;
  share: number;
} {
  const most = Math.max(...counts);
  return { name: classes[counts.indexOf(most)], share: most / n };
}

export function classificationHeadlines({
  figures,
  positiveClass,
  level,
}: ClassificationJudgement): HeadlineFigure[] {
  const names = positiveClass === undefined ? headlines.several : headlines.binary;
  return names.flatMap((name: ClassificationFigure) => {
    const figure = figures[name];
    if (!figure) return [];
    const interval = figureInterval(figure);
    return [
      {
        label: classificationTerms[name].label,
        value: figureValue(figure),
        ...(interval && { interval }),
        note: interval
          ? `${intervalLabel(level)}, N = ${figure.n}`
          : (figure.undefinedBecause ?? `N = ${figure.n}`),
      },
    ];
  });
}

/** What a statistician would say aloud. */
export function classificationRemarks(judgement: ClassificationJudgement): Notice[] {
  const { classes, counts, figures } = judgement;
  const notices: Notice[] = [];
  const common = commonest(judgement);
  const { accuracy } = figures;
  if (accuracy?.low != null && accuracy.low <= common.share) {
    notices.push({
      level: "warning",
      title: "Not shown to be better than a constant answer",
      text: `Always answering “${common.name}” is right in ${percent(common.share)} of these cases, and the interval of the accuracy (${percentWithInterval(accuracy)}) does not lie above that.`,
    });
  }
  const few = classes.flatMap((name, index) =>
    counts[index] < FEW ? [`${counts[index]} of “${name}”`] : [],
  );
  if (few.length > 0) {
    notices.push({
      level: "warning",
      title: "Few cases to judge on",
      text: `There are only ${few.join(", ")}. Figures of so few cases move a lot by chance; their intervals say how much.`,
    });
  }
  return [...notices, ...calibrationRemarks(judgement)];
}

/** A slope that is surely off 1 (Van Calster et al., 2019). */
function calibrationRemarks({
  figures: { calibrationSlope: slope },
}: ClassificationJudgement): Notice[] {
  if (slope?.low == null || slope.high == null || (slope.low <= 1 && slope.high >= 1)) return [];
  const [title, text] =
    slope.high < 1
      ? ["Probabilities are too extreme", "High ones are too high and low ones too low"]
      : ["Probabilities are too cautious", "High ones could be higher and low ones lower"];
  return [
    {
      level: "note",
      title,
      text: `${text}: the calibration slope is ${figureValue(slope)} (${figureInterval(slope)}), where 1 is right. The order of cases, and so the ROC curve, is not touched by this.`,
    },
  ];
}
