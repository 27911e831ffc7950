// The report of a classification learnt from a table: how good, how honest its probabilities, for whom, why, from what.

import type { ClassificationJudgement } from "../../statistics/index.ts";
import {
  classificationHeadlines,
  classificationRemarks,
  summariseClassification,
} from "./classification-summary.ts";
import { configurationSection } from "./configuration-section.ts";
import { dataSection } from "./data-section.ts";
import { explanationSection } from "./explanation-section.ts";
import { namedFigures } from "./figure-terms.ts";
import { performanceSection } from "./performance-section.ts";
import { probabilitySection } from "./probability-section.ts";
import { provenanceFacts } from "./provenance-facts.ts";
import type { Report } from "./report.ts";
import { stabilitySection } from "./stability-section.ts";
import { studySubtitle, studyTitle } from "./study-title.ts";
import { subgroupSection } from "./subgroup-section.ts";
import type { TableStudy } from "./table-study.ts";

/** Composes the report of a classification; `renderReport` makes it a page. */
export function classificationReport(study: TableStudy<ClassificationJudgement>): Report {
  const { judgement, findings } = study;
  const sections = [
    performanceSection(judgement),
    probabilitySection(judgement),
    subgroupSection(study),
    explanationSection(study),
    stabilitySection(study),
    dataSection(study),
    configurationSection(study.config),
  ];
  return {
    title: studyTitle(study),
    subtitle: studySubtitle(study),
    lead: {
      summary: summariseClassification(study),
      figures: classificationHeadlines(judgement),
    },
    notices: [...findings, ...classificationRemarks(judgement)],
    sections: sections.filter((section) => section !== undefined),
    provenance: provenanceFacts(study),
    glossary: namedFigures(judgement).map(({ label, meaning }) => ({ term: label, meaning })),
  };
}
