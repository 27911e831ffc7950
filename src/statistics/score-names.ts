// The names of a classification's scores, and where each stands in the vector that resampling fills.

/** Scores of the classification as a whole. */
const overallScores = [
  "accuracy",
  "balancedAccuracy",
  "macroF1",
  "weightedF1",
  "microF1",
  "mcc",
  "kappa",
  "linearKappa",
  "quadraticKappa",
  "rocAucOneVsRest",
  "rocAucOneVsRestWeighted",
  "rocAucOneVsOne",
  "rocAucOneVsOneWeighted",
  "macroAveragePrecision",
  "weightedAveragePrecision",
  "brier",
  "logLoss",
  "expectedCalibrationError",
  "equalMassCalibrationError",
  "maximumCalibrationError",
  "netBenefit",
] as const;

/** Scores of one class against the others. */
export const classScores = [
  "sensitivity",
  "specificity",
  "ppv",
  "npv",
  "positiveLikelihoodRatio",
  "negativeLikelihoodRatio",
  "f1",
  "rocAuc",
  "averagePrecision",
] as const;

/** A score of all classes together. */
export type OverallScore = (typeof overallScores)[number];

/** A score of one class against the rest. */
export type ClassScore = (typeof classScores)[number];

/** Where a score of the whole stands in the vector of scores. */
export const overallAt = (name: OverallScore): number => overallScores.indexOf(name);

/** Where a score of a class stands in the vector of scores. */
export const classAt = (index: number, name: ClassScore): number =>
  overallScores.length + index * classScores.length + classScores.indexOf(name);

/** Length of the vector of scores. */
export const scoreCount = (classCount: number): number =>
  overallScores.length + classCount * classScores.length;

/** With two classes these repeat the area or average precision of the positive class, or mix it with the other's. */
const severalClassesOnly: readonly OverallScore[] = [
  "rocAucOneVsRest",
  "rocAucOneVsRestWeighted",
  "rocAucOneVsOne",
  "rocAucOneVsOneWeighted",
  "macroAveragePrecision",
  "weightedAveragePrecision",
];

/** The scores of the whole that mean something for two classes, or for more. */
export function overallScoresFor(binary: boolean): OverallScore[] {
  return overallScores.filter((name) =>
    binary ? !severalClassesOnly.includes(name) : name !== "netBenefit",
  );
}

/** The headline: scores of the whole and, of two classes, of the positive one, each with its place in the vector. */
export function headlineScores(
  positive: number | undefined,
): { name: OverallScore | ClassScore; at: number }[] {
  const whole = overallScoresFor(positive !== undefined);
  const overall = whole.map((name) => ({ name, at: overallAt(name) }));
  if (positive === undefined) return overall;
  return [...overall, ...classScores.map((name) => ({ name, at: classAt(positive, name) }))];
}
