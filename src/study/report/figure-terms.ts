// What each figure is called and means, in one line, and how it is rounded.

import { counted } from "../../base/index.ts";
import type {
  ClassificationFigure,
  ClassificationJudgement,
  Figure,
  RegressionJudgement,
} from "../../statistics/index.ts";
import { fixed, rounded, span } from "../plots/labels.ts";

/** A figure's name and meaning in words. */
export interface FigureTerm {
  readonly label: string;
  /** For readers who know medicine better than statistics. */
  readonly meaning: string;
}

type RegressionFigure = keyof RegressionJudgement["figures"];

/** In the order in which a report lists them. */
export const classificationTerms: Readonly<Record<ClassificationFigure, FigureTerm>> = {
  rocAuc: {
    label: "ROC AUC",
    meaning:
      "Chance that a case of the class gets a higher probability than a case that is not of it: 0.5 is guessing, 1 is perfect. It does not depend on a threshold.",
  },
  accuracy: { label: "Accuracy", meaning: "Share of cases given their true class." },
  balancedAccuracy: {
    label: "Balanced accuracy",
    meaning:
      "Mean of the sensitivities of the classes, so that a rare class counts as much as a common one.",
  },
  sensitivity: {
    label: "Sensitivity",
    meaning: "Share of the cases of the class that were found (recall).",
  },
  specificity: {
    label: "Specificity",
    meaning: "Share of the cases not of the class that were rightly not called it.",
  },
  ppv: {
    label: "PPV",
    meaning:
      "Positive predictive value (precision): share of right ones among cases called the class. It depends on how common the class is in these data.",
  },
  npv: {
    label: "NPV",
    meaning:
      "Negative predictive value: share of right ones among cases not called the class. It depends on how common the class is in these data.",
  },
  positiveLikelihoodRatio: {
    label: "Likelihood ratio +",
    meaning:
      "How many times the odds of the class grow with a positive call; above 10 is strong evidence.",
  },
  negativeLikelihoodRatio: {
    label: "Likelihood ratio −",
    meaning:
      "What the odds of the class are multiplied by with a negative call; below 0.1 is strong evidence.",
  },
  f1: { label: "F1", meaning: "Harmonic mean of sensitivity and PPV." },
  averagePrecision: {
    label: "Average precision",
    meaning: "Area under the precision–recall curve; guessing gives the share of the class.",
  },
  rocAucOneVsRest: {
    label: "ROC AUC, one vs rest",
    meaning: "Mean over classes of the AUC of each class against all others.",
  },
  rocAucOneVsRestWeighted: {
    label: "ROC AUC, one vs rest, weighted",
    meaning: "The same, each class weighted by its cases.",
  },
  rocAucOneVsOne: {
    label: "ROC AUC, one vs one",
    meaning: "Mean over pairs of classes of the AUC of one against the other (Hand and Till).",
  },
  rocAucOneVsOneWeighted: {
    label: "ROC AUC, one vs one, weighted",
    meaning: "The same, each pair weighted by its cases.",
  },
  macroAveragePrecision: {
    label: "Average precision, macro",
    meaning: "Mean over classes of the average precision.",
  },
  weightedAveragePrecision: {
    label: "Average precision, weighted",
    meaning: "The same, each class weighted by its cases.",
  },
  macroF1: { label: "F1, macro", meaning: "Mean over classes of F1." },
  weightedF1: { label: "F1, weighted", meaning: "The same, each class weighted by its cases." },
  microF1: {
    label: "F1, micro",
    meaning: "F1 of all calls pooled; with one class a case it is the accuracy.",
  },
  mcc: {
    label: "MCC",
    meaning:
      "Matthews correlation of true and predicted class: 0 is chance, 1 perfect, −1 all wrong.",
  },
  kappa: {
    label: "Cohen's kappa",
    meaning: "Agreement beyond chance: 0 is chance, 1 perfect.",
  },
  linearKappa: {
    label: "Kappa, linear weights",
    meaning: "Kappa for ordered classes: an error counts by how many classes it is off.",
  },
  quadraticKappa: {
    label: "Kappa, quadratic weights",
    meaning:
      "Kappa for ordered classes: an error counts by the square of how many classes it is off.",
  },
  brier: {
    label: "Brier score",
    meaning: "Mean squared error of the probabilities: 0 is perfect, lower is better.",
  },
  logLoss: {
    label: "Log loss",
    meaning: "Mean surprise at the true class: 0 is perfect; confident errors cost most.",
  },
  expectedCalibrationError: {
    label: "Calibration error",
    meaning: "Mean gap between predicted probability and observed share, in bins of equal width.",
  },
  equalMassCalibrationError: {
    label: "Calibration error, equal bins",
    meaning: "The same, in bins of equally many cases.",
  },
  maximumCalibrationError: {
    label: "Largest calibration error",
    meaning: "The gap of the worst bin.",
  },
  calibrationIntercept: {
    label: "Calibration intercept",
    meaning: "0 if probabilities are right on the whole; below 0 they are too high, above too low.",
  },
  calibrationSlope: {
    label: "Calibration slope",
    meaning:
      "1 if probabilities spread as they should; below 1 they are too extreme, above too cautious.",
  },
  netBenefit: {
    label: "Net benefit",
    meaning:
      "True positives per case, less false positives weighed by the odds of the threshold: what acting on the model gains.",
  },
};

/** Names and meanings of the figures of a regression. */
export const regressionTerms: Readonly<Record<RegressionFigure, FigureTerm>> = {
  mae: {
    label: "Mean absolute error",
    meaning: "How far predictions are off on average, in the unit of the target.",
  },
  rmse: {
    label: "RMSE",
    meaning: "Root of the mean squared error, in the unit of the target; large errors count more.",
  },
  medianAbsoluteError: {
    label: "Median absolute error",
    meaning: "Half of the predictions are off by less.",
  },
  r2: {
    label: "R²",
    meaning:
      "Share of the variance that is explained: 1 is perfect, 0 no better than always giving the mean.",
  },
  concordance: {
    label: "Concordance (Lin)",
    meaning:
      "Agreement of predicted and true value: 1 if they are equal; offsets and scale errors lower it.",
  },
  pearson: {
    label: "Pearson correlation",
    meaning: "Strength of a straight-line relation; blind to offsets and scale.",
  },
  spearman: { label: "Spearman correlation", meaning: "Strength of agreement in order." },
  bias: { label: "Bias", meaning: "Mean of predicted − true (Bland and Altman)." },
  lowerLimit: {
    label: "Lower limit of agreement",
    meaning: "About 95 % of the differences lie between the limits.",
  },
  upperLimit: {
    label: "Upper limit of agreement",
    meaning: "About 95 % of the differences lie between the limits.",
  },
};

/** A figure with its name, in the order in which a report lists them. */
export interface NamedFigure extends FigureTerm {
  readonly name: string;
  readonly figure: Figure;
}

/** The judgement's figures of the whole with their names. */
export function namedFigures(
  judgement: ClassificationJudgement | RegressionJudgement,
): NamedFigure[] {
  const terms: Readonly<Record<string, FigureTerm>> =
    judgement.task === "classification" ? classificationTerms : regressionTerms;
  const figures: Readonly<Record<string, Figure | undefined>> = judgement.figures;
  return Object.entries(terms).flatMap(([name, term]) => {
    const figure = figures[name];
    return figure ? [{ name, ...term, figure }] : [];
  });
}

/** The value alone, rounded. */
export function figureValue({ value }: Pick<Figure, "value">): string {
  return value === null ? "not defined" : rounded(value);
}

/** "0.901–0.981"; empty where there is none. */
export function figureInterval({ low, high }: Pick<Figure, "low" | "high">): string {
  return low === null || high === null ? "" : span(low, high);
}

/** "95.6 %". */
export function percent(share: number): string {
  return `${fixed(share * 100, 1)} %`;
}

/** "95.6 % (95 % interval 90.1–98.1 %)". */
export function percentWithInterval({ value, low, high, level }: Figure): string {
  if (value === null) return "not defined";
  if (low === null || high === null) return percent(value);
  return `${percent(value)} (${fixed(level * 100, 0)} % interval ${span(low * 100, high * 100, 1)} %)`;
}

/** "95 %": of levels, which are round as a rule. */
export function wholePercent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** "95.6 %, 90.1–98.1 %". */
export function percentWithBounds({ value, low, high }: Figure): string {
  if (value === null) return "not defined";
  return low === null || high === null
    ? percent(value)
    : `${percent(value)}, ${span(low * 100, high * 100, 1)} %`;
}

/** "120 cases of 100 patients". */
export function countedCases({ n, patients }: { n: number; patients?: number }): string {
  if (patients === undefined) return counted(n, "case");
  return patients === n
    ? `${counted(n, "case")}, one a patient,`
    : `${counted(n, "case")} of ${counted(patients, "patient")}`;
}
