// The report of a regression learnt from a table: how far off, how it agrees, why, from what.

import type { RegressionJudgement } from "../../statistics/index.ts";
import { agreementSection } from "./agreement-section.ts";
import { configurationSection } from "./configuration-section.ts";
import { dataSection } from "./data-section.ts";
import { explanationSection } from "./explanation-section.ts";
import { namedFigures } from "./figure-terms.ts";
import { provenanceFacts } from "./provenance-facts.ts";
import {
  regressionHeadlines,
  regressionRemarks,
  summariseRegression,
} from "./regression-summary.ts";
import type { Report } from "./report.ts";
import { stabilitySection } from "./stability-section.ts";
import { studySubtitle, studyTitle } from "./study-title.ts";
import { subgroupSection } from "./subgroup-section.ts";
import type { TableStudy } from "./table-study.ts";

/** Composes the report of a regression; `renderReport` makes it a page. */
export function regressionReport(study: TableStudy<RegressionJudgement>): Report {
  const { judgement, unit } = study;
  const sections = [
    agreementSection(judgement, unit),
    subgroupSection(study),
    explanationSection(study),
    stabilitySection(study),
    dataSection(study),
    configurationSection(study.config),
  ];
  return {
    title: studyTitle(study),
    subtitle: studySubtitle(study),
    lead: { summary: summariseRegression(study), figures: regressionHeadlines(judgement, unit) },
    notices: [...study.findings, ...regressionRemarks(judgement)],
    sections: sections.filter((section) => section !== undefined),
    provenance: provenanceFacts(study),
    glossary: namedFigures(judgement).map(({ label, meaning }) => ({ term: label, meaning })),
  };
}
