// All that a report of learning from a table tells: plain data, filled in by who ran the study.

import type {
  ClassificationJudgement,
  RegressionJudgement,
  RegressionSubgroupRow,
  SubgroupRow,
} from "../../statistics/index.ts";
import type { ImportanceBar } from "../plots/importance.ts";
import type { LearningSeries } from "../plots/learning-curve.ts";
import type { ShapleyFeature } from "../plots/shapley.ts";
import type { Provenance } from "../provenance.ts";
import type { Notice } from "./report.ts";

/** All that a report tells of a model of a table. */
export interface TableStudy<Judgement = ClassificationJudgement | RegressionJudgement> {
  /** By default the learner and the target. */
  readonly title?: string;
  /** What learnt, as in a sentence: "random forest of 100 trees". */
  readonly learner: string;
  /** Column that is predicted. */
  readonly target: string;
  /** Unit of the target, of a regression: "mm". */
  readonly unit?: string;
  readonly data: DataSummary;
  readonly split: SplitSummary;
  /** Leak suspects, duplicates, patients on both sides and the like. */
  readonly findings: readonly Notice[];
  /** On rows that were not learnt from. */
  readonly judgement: Judgement;
  readonly subgroups?: readonly SubgroupSummary[];
  readonly permutation?: PermutationSummary;
  /** Impurity (or other built-in) importance of each feature. */
  readonly impurity?: readonly ImportanceBar[];
  readonly shapley?: ShapleySummary;
  readonly learningCurve?: LearningCurveSummary;
  readonly crossValidation?: CrossValidationSummary;
  /** Figures on the rows that each tree did not see. */
  readonly outOfBag?: readonly ScoreSummary[];
  /** As in config.json. */
  readonly config: unknown;
  /** The command that runs the study again. */
  readonly command?: string;
  readonly provenance: Provenance;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
}

/** What was learnt from. */
export interface DataSummary {
  /** File or folder: "wdbc.csv". */
  readonly name: string;
  readonly rows: number;
  /** Columns learnt from. */
  readonly features: number;
  readonly patients?: number;
  /** Rows of each class, of a classification. */
  readonly classes?: readonly { readonly name: string; readonly rows: number }[];
  /** Of the target, of a regression. */
  readonly range?: { readonly low: number; readonly median: number; readonly high: number };
  /** Columns with missing values. */
  readonly missing: readonly { readonly column: string; readonly rows: number }[];
  /** What was guessed, set aside or dropped, a sentence each. */
  readonly notes: readonly string[];
}

/** How the rows were split. */
export interface SplitSummary {
  /** "A fifth of the rows was held out, stratified by class." */
  readonly description: string;
  readonly train: SideSummary;
  readonly test: SideSummary;
}

/** One side of a split. */
export interface SideSummary {
  readonly rows: number;
  readonly patients?: number;
  /** Rows of each class, in the order of the judgement's classes. */
  readonly classes?: readonly number[];
}

/** Figures of each group that a column makes. */
export interface SubgroupSummary {
  readonly column: string;
  readonly rows: readonly (SubgroupRow | RegressionSubgroupRow)[];
}

/** Permutation importance, for a report. */
export interface PermutationSummary {
  /** The score that is lost: "ROC AUC". */
  readonly score: string;
  readonly repeats: number;
  /** Mean loss and its spread over repeats. */
  readonly features: readonly ImportanceBar[];
}

/** Shapley values of the rows explained, for a report. */
export interface ShapleySummary {
  /** What is moved: "probability of malignant". */
  readonly of: string;
  /** Rows explained. */
  readonly rows: number;
  readonly features: readonly ShapleyFeature[];
}

/** A learning curve, for a report. */
export interface LearningCurveSummary {
  /** "Accuracy". */
  readonly score: string;
  readonly series: readonly LearningSeries[];
}

/** Scores of a cross-validation, for a report. */
export interface CrossValidationSummary {
  /** "10 folds, repeated 5 times; patients kept together." */
  readonly description: string;
  readonly scores: readonly ScoreSummary[];
}

/** A score over folds or repeats; null where it is undefined. */
export interface ScoreSummary {
  readonly label: string;
  readonly value: number | null;
  /** Standard deviation over folds or repeats. */
  readonly deviation?: number;
  readonly low?: number | null;
  readonly high?: number | null;
  /** Rows or folds that it is made of, in words: "50 folds". */
  readonly of?: string;
}
