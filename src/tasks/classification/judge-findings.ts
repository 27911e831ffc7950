// How good predictions of several findings are: by image and by patient, whole and by subgroups.

import type { Column, WorkOptions } from "../../base/index.ts";
import {
  byPatient,
  judgeMultiLabel,
  type LabelSubgroupRow,
  labelSubgroupTable,
  type MultiLabelJudgement,
} from "../../statistics/index.ts";
import { type JudgeSettings, subgroupValues } from "../tables/judge.ts";

/** Findings by the value of a column. */
export interface FindingSubgroups {
  readonly column: string;
  readonly rows: readonly LabelSubgroupRow[];
}

export interface FindingsJudgement {
  /** Every image counts once; intervals know which are of one patient. */
  readonly byImage: MultiLabelJudgement;
  /**
   * A patient has a finding, and is called to have it, if any of the images is; where some patient has several. The mean of
   * probabilities would call fewer, since one image with a finding is enough.
   */
  readonly byPatient?: MultiLabelJudgement;
  readonly subgroups: readonly FindingSubgroups[];
}

/** Tells a judgement of findings from one of classes or a measurement. */
export function judgesFindings<Other extends { readonly byImage: { readonly task: string } }>(
  judgement: Other | FindingsJudgement,
): judgement is FindingsJudgement {
  return judgement.byImage.task === "multi-label";
}

export interface PredictedFindings {
  readonly labels: readonly string[];
  /** A finding is given from its own probability on. */
  readonly thresholds: readonly number[];
  /** [rows, labels]: 1 found, 0 not found, NaN unknown. */
  readonly truth: Float64Array;
  /** [rows, labels]. */
  readonly probabilities: Float64Array;
  /** Patient of each row as a number. */
  readonly groups: Int32Array;
}

/** @param columns subgroups, a value a row */
export async function judgeFindings(
  predicted: PredictedFindings,
  columns: readonly Column[],
  settings: JudgeSettings,
  work: WorkOptions = {},
): Promise<FindingsJudgement> {
  const { labels, thresholds, truth, probabilities, groups } = predicted;
  const shared = { labels, thresholds, ...settings };
  const patients = byPatient(
    { probabilities, truth, groups },
    { columns: labels.length, kind: "labels", combine: "max" },
  );
  const hasSeveral = patients.images.some((count) => count > 1);
  const ofPatients = { truth: patients.truth ?? [], probabilities: patients.probabilities };
  const subgroups: FindingSubgroups[] = [];
  for (const column of columns) {
    const rows = await labelSubgroupTable(
      { ...shared, truth, probabilities, groups, ...subgroupValues(column) },
      work,
    );
    subgroups.push({ column: column.name, rows });
  }
  return {
    byImage: await judgeMultiLabel({ ...shared, truth, probabilities, groups }, work),
    ...(hasSeveral && { byPatient: await judgeMultiLabel({ ...shared, ...ofPatients }, work) }),
    subgroups,
  };
}
