// The judgement of a multi-label classification: every label with its figures, N and curves, means over
// labels, and all labels together.

import { bootstrap, numberUnits } from "../bootstrap.ts";
import { type ClassCurves, classificationCurves } from "../classification-curves.ts";
import type { Figure } from "../figure.ts";
import type { JudgementWork } from "../judgement-work.ts";
import {
  type LabelScore,
  type PreparedLabels,
  placesOf,
  prepareLabels,
  scoreLabels,
  type WholeScore,
} from "./label-scores.ts";
import {
  averageFigures,
  type JudgedLabels,
  type KnownLabel,
  knownLabel,
  labelFigures,
  wholeFigures,
} from "./multilabel-figures.ts";
import {
  type MultiLabelInput,
  type MultiLabelRows,
  type MultiLabelSettings,
  readMultiLabel,
  readMultiLabelSettings,
} from "./multilabel-input.ts";

/** The input and the settings in one object. */
export type MultiLabelToJudge = MultiLabelInput & Partial<MultiLabelSettings>;

/** One label. */
export interface LabelJudgement {
  readonly name: string;
  /** Rows whose truth is known; only they are judged. */
  readonly n: number;
  readonly unknown: number;
  readonly positives: number;
  /** Known rows that were given the label. */
  readonly given: number;
  readonly threshold: number;
  readonly figures: Readonly<Record<LabelScore, Figure>>;
  readonly curves: ClassCurves;
}

/** Plain data: what is known about how well a multi-label classifier does. */
export interface MultiLabelJudgement {
  readonly task: "multi-label";
  /** Rows judged. */
  readonly n: number;
  /** Patients, where given. */
  readonly patients?: number;
  readonly labels: readonly string[];
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly weighted: boolean;
  /** "subsetAccuracy": rows given all labels rightly, among those of which all are known; "hammingLoss": share of known labels given wrongly. */
  readonly figures: Readonly<Record<WholeScore, Figure>>;
  /** Rows of which a label is unknown. */
  readonly incomplete: number;
  /** Means over labels. */
  readonly macro: Readonly<Record<LabelScore, Figure>>;
  /** Labels that the macro means leave out, since no case has them, or every case. */
  readonly leftOutOfMacro: readonly string[];
  /** Scores of all known pairs of row and label together. */
  readonly micro: Readonly<Record<LabelScore, Figure>>;
  readonly perLabel: readonly LabelJudgement[];
}

/**
 * Judges predicted probabilities of several labels.
 *
 * Where rows are independent (no weights, no patient with more than one row), areas under ROC curves have DeLong's
 * interval and proportions Wilson's; where rows share patients, proportions have Korn and Graubard's. All else has
 * bootstrap intervals with patients resampled whole, the same resamples for all labels.
 * @throws RoentgenError "shape-mismatch", "value-invalid", "bad-option" or "cancelled"
 */
export async function judgeMultiLabel(
  { labels, truth, probabilities, thresholds, groups, weights, ...options }: MultiLabelToJudge,
  work: JudgementWork = {},
): Promise<MultiLabelJudgement> {
  const input = readMultiLabel({ labels, truth, probabilities, thresholds, groups, weights });
  const settings = readMultiLabelSettings(options);
  const prepared = prepareLabels(input);
  const judged = await resample(input, settings, prepared, work);
  const averaged = new Set(prepared.averaged);
  const noneAveraged = "no label has cases with and without it";
  return {
    task: "multi-label",
    n: input.rows,
    ...(groups && { patients: judged.replicates.unitCount }),
    labels,
    level: settings.level,
    resamples: settings.resamples,
    seed: settings.seed,
    weighted: weights !== undefined,
    figures: wholeFigures(judged, prepared.allRight),
    incomplete: prepared.allRight.filter(Number.isNaN).length,
    macro: averageFigures(
      judged,
      "macro",
      averaged.size === 0 ? noneAveraged : "undefined for one of the labels",
    ),
    leftOutOfMacro: labels.filter((_, index) => !averaged.has(index)),
    micro: averageFigures(judged, "micro", "there are no cases of one kind"),
    perLabel: labels.map((_, index) => judgeLabel(judged, knownLabel(input, index))),
  };
}

async function resample(
  input: MultiLabelRows,
  settings: MultiLabelSettings,
  prepared: PreparedLabels,
  work: JudgementWork,
): Promise<JudgedLabels> {
  const { rows, groups, weights, labels } = input;
  const { unitCount } = numberUnits(rows, groups);
  const replicates = await bootstrap((rowWeights, out) => scoreLabels(prepared, rowWeights, out), {
    rowCount: rows,
    size: placesOf(labels.length).count,
    groups,
    weights,
    resamples: unitCount < 2 ? 0 : settings.resamples,
    seed: settings.seed,
    purpose: "statistics/judge-labels",
    ...work,
  });
  const independent = weights === undefined && unitCount === rows;
  return { input, settings, replicates, independent };
}

function judgeLabel(judged: JudgedLabels, label: KnownLabel): LabelJudgement {
  const { input, settings } = judged;
  const { name, index, rows, positive, probabilities, given } = label;
  const [curves] = classificationCurves(
    {
      classes: ["", name],
      labels: Int32Array.from(positive),
      probabilities: Float64Array.from(probabilities.flatMap((p) => [1 - p, p])),
      weights:
        input.weights && Float64Array.from(rows, (row) => (input.weights as Float64Array)[row]),
    },
    { positive: 1, level: settings.level, bins: settings.bins },
  );
  return {
    name,
    n: rows.length,
    unknown: input.rows - rows.length,
    positives: sum(positive),
    given: sum(given),
    threshold: input.thresholds[index],
    figures: labelFigures(judged, label),
    curves,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
