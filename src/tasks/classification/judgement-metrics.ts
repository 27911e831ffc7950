// A judgement of images as figures for metrics.json: by image, by patient and by subgroup.

import type { MultiLabelJudgement } from "../../statistics/index.ts";
import { judgementMetrics, type Metrics } from "../tables/metrics.ts";
import { judgesFindings } from "./judge-findings.ts";
import type { ImagesJudgement } from "./judge-images.ts";

/** Plain JSON; the points of curves are left to the report. */
export function imageJudgementMetrics(judgement: ImagesJudgement): Metrics {
  if (judgesFindings(judgement)) {
    const { byImage, byPatient, subgroups } = judgement;
    return {
      ...{ test: findingFigures(byImage), subgroups },
      ...(byPatient && { testByPatient: findingFigures(byPatient) }),
    };
  }
  const { byImage, byPatient, grades, subgroups } = judgement;
  return {
    ...judgementMetrics(byImage, subgroups),
    ...(byPatient && { testByPatient: judgementMetrics(byPatient, []).test }),
    ...(grades && { grades }),
  };
}

function findingFigures(judgement: MultiLabelJudgement): Metrics {
  const perLabel = judgement.perLabel.map(({ curves: _curves, ...figures }) => figures);
  return { ...judgement, perLabel };
}
