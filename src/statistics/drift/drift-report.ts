// Does a new batch look like the cases that a model was validated on? One report over several tests: features
// one by one and together, unusualness, and the classes predicted. After Rabanser, Günnemann & Lipton,
// Failing loudly, NeurIPS 2019.

import {
  checkParameters,
  integer,
  number,
  type OptionsOf,
  oneOf,
  openCheckpoint,
  parameters,
  type SettingsOf,
} from "../../base/index.ts";
import { columnOf } from "../columns.ts";
import type { TestResult } from "../figure.ts";
import type { JudgementWork } from "../judgement-work.ts";
import { adjustPValues } from "../multiple-testing.ts";
import { checkSamples, type DriftSample, independentRows } from "./drift-sample.ts";
import { kolmogorovSmirnovTest } from "./kolmogorov-smirnov.ts";
import { type ClassShares, estimateClassShares, predictedClassTest } from "./label-shift.ts";
import { meanDiscrepancyTest } from "./mean-discrepancy.ts";

const driftParameters = parameters({
  /** Chance of finding drift where there is none. */
  alpha: number({ above: 0, below: 1 }).default(0.05),
  /** How p values of single features are corrected for their number. */
  correction: oneOf("bonferroni", "benjamini-hochberg").default("bonferroni"),
  /** Permutations of the test of all features together. */
  permutations: integer({ min: 19, max: 100_000 }).default(500),
  /** Cases of each side that it looks at; of more so many are drawn. */
  most: integer({ min: 10, max: 5000 }).default(500),
  seed: integer({ min: 0 }).default(0),
});

/** One test of the report. */
export interface DriftTest extends TestResult {
  readonly what: "features one by one" | "features together" | "unusualness" | "predicted classes";
  /** p corrected for the number of tests in the report (Holm). */
  readonly adjustedPValue: number | null;
}

/** A feature that differs. */
export interface ChangedFeature {
  /** Its place among the features. */
  readonly feature: number;
  /** Greatest distance between distribution functions, 0 … 1. */
  readonly statistic: number;
  readonly pValue: number;
  readonly adjustedPValue: number;
}

/** Plain data. */
export interface DriftReport {
  /** Cases compared: patients, where given. */
  readonly n: { readonly reference: number; readonly batch: number };
  readonly alpha: number;
  readonly tests: readonly DriftTest[];
  /** null where no test could be made. */
  readonly drifted: boolean | null;
  /** Features that differ, the most different first, at most 20. */
  readonly changedFeatures: readonly ChangedFeature[];
  /** Shares of the true classes that the predictions point to, where the reference has labels. */
  readonly classShares: ClassShares | null;
  readonly sentence: string;
}

/** The report's settings and the number of classes. */
export type DriftOptions = OptionsOf<typeof driftParameters> & {
  /** Classes that `predicted` and `labels` number; needed with them. */
  readonly classCount?: number;
};

const mostFeaturesListed = 20;

/**
 * Compares a batch with a reference, such as the validation cases. Not to have found drift is no proof that
 * there is none: a small batch shows large changes only, and the sentence says how many cases there were.
 * @throws RoentgenError "shape-mismatch", "value-invalid", "bad-option" or "cancelled"
 */
export async function driftReport(
  reference: DriftSample,
  batch: DriftSample,
  { classCount = 2, ...options }: DriftOptions = {},
  work: JudgementWork = {},
): Promise<DriftReport> {
  const settings = checkParameters(driftParameters, options, "drift report");
  const dimension = checkSamples([reference, batch], classCount);
  const before = independentRows(reference, dimension, { side: "reference", seed: settings.seed });
  const after = independentRows(batch, dimension, { side: "batch", seed: settings.seed });
  const features =
    before.features && after.features
      ? await compareFeatures(before, after, { dimension, ...settings }, work)
      : [];
  const tests = await runTests(before, after, { features, dimension, classCount, settings }, work);
  const n = { reference: before.rows, batch: after.rows };
  const known = tests.filter(({ adjustedPValue }) => adjustedPValue !== null);
  const drifted =
    known.length === 0
      ? null
      : known.some(({ adjustedPValue }) => (adjustedPValue as number) < settings.alpha);
  return {
    n,
    alpha: settings.alpha,
    tests,
    drifted,
    changedFeatures: features
      .filter(({ adjustedPValue }) => adjustedPValue < settings.alpha)
      .sort((a, b) => a.pValue - b.pValue || b.statistic - a.statistic)
      .slice(0, mostFeaturesListed),
    classShares:
      before.labels && before.predicted && after.predicted
        ? estimateClassShares(
            { labels: before.labels, predicted: before.predicted },
            after.predicted,
            { classCount },
          )
        : null,
    sentence: sentenceOf(tests, n, settings.alpha),
  };
}

/** The tests for which both sides have data, corrected for their number. */
async function runTests(
  before: DriftSample,
  after: DriftSample,
  {
    features,
    dimension,
    classCount,
    settings,
  }: {
    features: readonly ChangedFeature[];
    dimension: number;
    classCount: number;
    settings: SettingsOf<typeof driftParameters>;
  },
  work: JudgementWork,
): Promise<DriftTest[]> {
  const { permutations, most, seed } = settings;
  const n = before.rows + after.rows;
  const tests: { what: DriftTest["what"]; result: TestResult }[] = [];
  if (before.features && after.features) {
    const result = onlyOneByOne(features, n, settings.correction);
    tests.push({ what: "features one by one", result });
    const options = { dimension, permutations, most, seed };
    const together = await meanDiscrepancyTest(before.features, after.features, options, work);
    tests.push({ what: "features together", result: together });
  }
  if (before.scores && after.scores) {
    tests.push({ what: "unusualness", result: kolmogorovSmirnovTest(before.scores, after.scores) });
  }
  if (before.predicted && after.predicted) {
    const result = predictedClassTest(before.predicted, after.predicted, { classCount, seed });
    tests.push({ what: "predicted classes", result });
  }
  const adjusted = adjustPValues(tests.map(({ result }) => result.pValue));
  return tests.map(({ what, result }, at) => ({ what, ...result, adjustedPValue: adjusted[at] }));
}

/** The feature that differs most, its p corrected for the number of features. */
function onlyOneByOne(
  features: readonly ChangedFeature[],
  n: number,
  correction: "bonferroni" | "benjamini-hochberg",
): TestResult {
  const name = correction === "bonferroni" ? "Bonferroni" : "Benjamini–Hochberg";
  const method = `Kolmogorov–Smirnov of ${features.length} features, ${name}`;
  if (features.length === 0) {
    return { statistic: null, pValue: null, n, method, undefinedBecause: "a sample has no cases" };
  }
  const statistic = features.reduce((most, feature) => Math.max(most, feature.statistic), 0);
  const pValue = features.reduce((least, feature) => Math.min(least, feature.adjustedPValue), 1);
  return { statistic, pValue, n, method };
}

async function compareFeatures(
  before: DriftSample,
  after: DriftSample,
  { dimension, correction }: { dimension: number; correction: "bonferroni" | "benjamini-hochberg" },
  { signal, onProgress }: JudgementWork,
): Promise<ChangedFeature[]> {
  if (before.rows === 0 || after.rows === 0) return [];
  const checkpoint = openCheckpoint(signal, "Comparing features");
  const results: TestResult[] = [];
  for (let done = 0; done < dimension; done++) {
    await checkpoint();
    const [first, second] = [before, after].map(({ features }) =>
      columnOf(features as ArrayLike<number>, done, dimension),
    );
    results.push(kolmogorovSmirnovTest(first, second));
    const stage = "Comparing features";
    onProgress?.({ stage, done: done + 1, total: dimension, unit: "features" });
  }
  const adjusted = adjustPValues(
    results.map(({ pValue }) => pValue),
    { correction },
  );
  return results.map(({ statistic, pValue }, feature) => ({
    feature,
    statistic: statistic as number,
    pValue: pValue as number,
    adjustedPValue: adjusted[feature] as number,
  }));
}

function sentenceOf(
  tests: readonly DriftTest[],
  { reference, batch }: { reference: number; batch: number },
  alpha: number,
): string {
  const sizes = `${batch} new cases against ${reference} of the reference`;
  const known = tests.filter(({ adjustedPValue }) => adjustedPValue !== null);
  if (known.length === 0) {
    const reason = tests[0]?.undefinedBecause ?? "nothing is known of both sides";
    return `Whether ${sizes} have drifted can't be told: ${reason}.`;
  }
  const shown = ({ what, adjustedPValue }: DriftTest) =>
    `${what} (p ${inWords(adjustedPValue as number)})`;
  const found = known.filter(({ adjustedPValue }) => (adjustedPValue as number) < alpha);
  if (found.length > 0) return `Drift: ${sizes} differ in ${found.map(shown).join(", ")}.`;
  return `No drift found in ${sizes}: ${known.map(shown).join(", ")}. Few cases show large changes only.`;
}

function inWords(p: number): string {
  return p < 0.001 ? "< 0.001" : `= ${p.toPrecision(2)}`;
}
