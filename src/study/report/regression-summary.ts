// A regression's finding in plain words, its headline figures, and what a statistician would say aloud.

import type { RegressionJudgement } from "../../statistics/index.ts";
import { intervalLabel } from "./figure-table.ts";
import {
  countedCases,
  figureInterval,
  figureValue,
  percent,
  regressionTerms,
  wholePercent,
} from "./figure-terms.ts";
import type { HeadlineFigure, Notice } from "./report.ts";
import type { TableStudy } from "./table-study.ts";

/** The finding in words that need no statistics. */
export function summariseRegression({
  judgement,
  learner,
  target,
  unit = "",
}: Pick<TableStudy<RegressionJudgement>, "judgement" | "learner" | "target" | "unit">): string {
  const { figures, coverage, level } = judgement;
  const cases = countedCases(judgement);
  const suffix = unit && ` ${unit}`;
  const { mae, bias, lowerLimit, upperLimit, r2 } = figures;
  const sentences = [`The ${learner} was judged on ${cases} that it had not seen.`];
  if (mae.value !== null) {
    const interval = figureInterval(mae);
    sentences.push(
      `Its predictions of ${target} were off by ${figureValue(mae)}${suffix} on average${interval && ` (${intervalLabel(level)} ${interval})`}.`,
    );
  }
  if (bias.value !== null && lowerLimit.value !== null && upperLimit.value !== null) {
    sentences.push(
      `About ${wholePercent(coverage)} of the differences lie between ${figureValue(lowerLimit)} and ${figureValue(upperLimit)}${suffix}, around a bias of ${figureValue(bias)}${suffix}.`,
    );
  }
  if (r2.value !== null) {
    sentences.push(`It explains ${percent(Math.max(0, r2.value))} of the variance.`);
  }
  return sentences.join(" ");
}

export function regressionHeadlines(
  { figures, level }: RegressionJudgement,
  unit = "",
): HeadlineFigure[] {
  return (["mae", "rmse", "r2", "concordance"] as const).map((name) => {
    const figure = figures[name];
    const interval = figureInterval(figure);
    const suffix = unit && (name === "mae" || name === "rmse") ? ` ${unit}` : "";
    return {
      label: regressionTerms[name].label,
      value: figureValue(figure) + suffix,
      ...(interval && { interval }),
      note: interval
        ? `${intervalLabel(level)}, N = ${figure.n}`
        : (figure.undefinedBecause ?? `N = ${figure.n}`),
    };
  });
}

export function regressionRemarks({ figures: { r2, bias }, n }: RegressionJudgement): Notice[] {
  const notices: Notice[] = [];
  if (r2.low !== null && r2.low <= 0) {
    notices.push({
      level: "warning",
      title: "Not shown to be better than a constant answer",
      text: `Always predicting the mean has an R² of 0, and the interval of this model's R² (${figureValue(r2)}; ${figureInterval(r2)}) does not lie above that.`,
    });
  }
  if (bias.low !== null && bias.high !== null && (bias.low > 0 || bias.high < 0)) {
    notices.push({
      level: "note",
      title: `Predictions are too ${bias.low > 0 ? "high" : "low"} on the whole`,
      text: `The interval of the bias, ${figureInterval(bias)}, does not hold 0.`,
    });
  }
  if (n < 30) {
    notices.push({
      level: "warning",
      title: "Few cases to judge on",
      text: `There are only ${n}. Figures of so few cases move a lot by chance; their intervals say how much.`,
    });
  }
  return notices;
}
