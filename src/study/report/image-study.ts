// All that a report of learning from images tells: plain data, filled in by who ran the study.

import type {
  ClassificationJudgement,
  Coverage,
  LabelSubgroupRow,
  MultiLabelJudgement,
  OrdinalJudgement,
  RegressionJudgement,
} from "../../statistics/index.ts";
import type { Provenance } from "../provenance.ts";
import type { Fact, Notice, ReportPicture } from "./report.ts";
import type { SplitRow } from "./split-table.ts";
import type { DataSummary, SubgroupSummary } from "./table-study.ts";
import type { TrainingCourse } from "./training-section.ts";

/** All that a report tells of a model of images. */
export type ImageStudy = ImageStudyFacts & (JudgedScalar | JudgedFindings);

/** How good it is at classes, grades or a measurement. */
export interface JudgedScalar {
  /** On images that were not learnt from, every image counted once. */
  readonly judgement: ClassificationJudgement | RegressionJudgement;
  /** The same images, every patient counted once. */
  readonly byPatient?: ClassificationJudgement;
  /** Of grades: how far off they are. */
  readonly grades?: OrdinalJudgement;
  readonly subgroups?: readonly SubgroupSummary[];
}

/** How good it is at findings that go together. */
export interface JudgedFindings {
  readonly judgement: MultiLabelJudgement;
  readonly byPatient?: MultiLabelJudgement;
  readonly subgroups?: readonly FindingSubgroupSummary[];
}

/** Figures of each group that a column makes. */
export interface FindingSubgroupSummary {
  readonly column: string;
  readonly rows: readonly LabelSubgroupRow[];
}

/** What a report tells beside how good the model is. */
export interface ImageStudyFacts {
  /** What learnt, as in a sentence: "network ResNet-18". */
  readonly learner: string;
  /** What is predicted. */
  readonly target: string;
  /** Unit of the target, of a measurement: "mm". */
  readonly unit?: string;
  readonly data: ImageDataSummary;
  readonly split: ImageSplitSummary;
  /** Unreadable images, classes without images and the like. */
  readonly findings: readonly Notice[];
  /** Of each network; several where their mean is judged. */
  readonly courses: readonly TrainingCourse[];
  readonly sets?: PredictionSetSummary;
  readonly unusual?: UnusualSummary;
  readonly network: NetworkSummary;
  readonly gallery?: GallerySummary;
  /** As in config.json. */
  readonly config: unknown;
  /** The command that runs the study again. */
  readonly command?: string;
  readonly provenance: Provenance;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
}

/** What was learnt from. */
export interface ImageDataSummary extends Pick<DataSummary, "name" | "patients" | "range"> {
  readonly images: number;
  readonly classes?: readonly { readonly name: string; readonly images: number }[];
  /** Findings, of which an image may have several, with the images that have each. */
  readonly labels?: readonly { readonly name: string; readonly images: number }[];
  /** Size and channels that images were brought to: "64 × 64, one channel". */
  readonly input: string;
  /** What was guessed, set aside or dropped, a sentence each. */
  readonly notes: readonly string[];
}

/** How the images were split. */
export interface ImageSplitSummary {
  readonly description: string;
  readonly sides: readonly SplitRow[];
}

/** Sets of classes that hold the true one as often as promised. */
export interface PredictionSetSummary {
  /** What is promised and what not, in a sentence. */
  readonly promise: string;
  /** What the sets of the images held out did. */
  readonly coverage: Coverage;
}

/** Images unlike those learnt from. */
export interface UnusualSummary {
  /** Share of images like those held out that shall not be called unusual. */
  readonly usual: number;
  /** An image is unusual where its distance is above; null where too few were held out. */
  readonly threshold: number | null;
  readonly thresholdMissingBecause?: string;
  /** Images judged on that were called unusual, of all of them. */
  readonly above: number;
  readonly of: number;
}

/** Images judged on, with what the model looked at. */
export interface GallerySummary {
  /** What the pictures show, in a sentence or two. */
  readonly reading: string;
  readonly groups: readonly {
    readonly title: string;
    readonly pictures: readonly ReportPicture[];
  }[];
}

/** What was trained and how. */
export interface NetworkSummary {
  readonly facts: readonly Fact[];
  /** Random changes of images learnt from, as they serialise. */
  readonly augmentation: readonly unknown[];
}
