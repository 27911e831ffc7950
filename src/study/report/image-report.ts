// The report of a model learnt from images: how good, how honest, for whom, how it learnt, from what.

import type { ClassificationJudgement, RegressionJudgement } from "../../statistics/index.ts";
import { agreementSection } from "./agreement-section.ts";
import {
  classificationHeadlines,
  classificationRemarks,
  summariseClassification,
} from "./classification-summary.ts";
import { configurationSection } from "./configuration-section.ts";
import { type FigureTerm, namedFigures } from "./figure-terms.ts";
import { findingSubgroupSection } from "./finding-subgroups.ts";
import { findingHeadlines, findingRemarks, summariseFindings } from "./finding-summary.ts";
import { labelTerms, wholeTerms } from "./finding-terms.ts";
import { findingCurves, findingsByPatient, findingsSection } from "./findings-section.ts";
import { galleryNotices, gallerySection } from "./gallery-section.ts";
import { gradeFigures, gradeSection } from "./grade-section.ts";
import { imageDataSection, imageSubtitle } from "./image-data-section.ts";
import type { ImageStudy, ImageStudyFacts, JudgedFindings, JudgedScalar } from "./image-study.ts";
import { networkSection } from "./network-section.ts";
import { performanceSection } from "./performance-section.ts";
import { predictionSetSection } from "./prediction-set-section.ts";
import { probabilitySection } from "./probability-section.ts";
import { provenanceFacts } from "./provenance-facts.ts";
import {
  regressionHeadlines,
  regressionRemarks,
  summariseRegression,
} from "./regression-summary.ts";
import type { Report, Section } from "./report.ts";
import { studyTitle } from "./study-title.ts";
import { subgroupSection } from "./subgroup-section.ts";
import { trainingSection } from "./training-section.ts";
import { unusualSection } from "./unusual-section.ts";

/** Composes the report of a classifier or regression of images; `renderReport` makes it a page. */
export function imageReport(study: ImageStudy): Report {
  const { courses } = study;
  const { lead, remarks, sections, subgroups, glossary } = isOfFindings(study)
    ? findingsOf(study)
    : scalarOf(study);
  const all = [
    ...sections,
    gallerySection(study),
    unusualSection(study),
    subgroups,
    trainingSection(courses),
    networkSection(study.network),
    imageDataSection(study),
    configurationSection(study.config),
  ];
  return {
    title: studyTitle(study),
    subtitle: imageSubtitle(study.data),
    lead,
    notices: [...study.findings, ...remarks, ...galleryNotices(study)],
    sections: all.filter((section) => section !== undefined),
    provenance: provenanceFacts(study),
    glossary: glossary.map(({ label, meaning }) => ({ term: label, meaning })),
  };
}

/** Of grades their own words for a figure count. */
function glossaryOf({ judgement, grades }: ScalarStudy): FigureTerm[] {
  const own = grades ? gradeFigures(grades) : [];
  const others = namedFigures(judgement).filter(
    ({ label }) => !own.some((figure) => figure.label === label),
  );
  return [...others, ...own];
}

interface Judged {
  readonly lead: Report["lead"];
  readonly remarks: Report["notices"];
  readonly sections: readonly (Section | undefined)[];
  readonly subgroups: Section | undefined;
  readonly glossary: readonly FigureTerm[];
}

type ScalarStudy = ImageStudyFacts & JudgedScalar;
type FindingStudy = ImageStudyFacts & JudgedFindings;

function isOfFindings(study: ImageStudy): study is FindingStudy {
  return study.judgement.task === "multi-label";
}

function findingsOf(study: FindingStudy): Judged {
  const { judgement, byPatient } = study;
  return {
    lead: { summary: summariseFindings(study), figures: findingHeadlines(judgement) },
    remarks: findingRemarks(judgement),
    sections: [
      findingsSection(judgement),
      findingCurves(judgement),
      byPatient && findingsByPatient(byPatient),
    ],
    subgroups: findingSubgroupSection(study),
    glossary: [...labelTerms, ...Object.values(wholeTerms)],
  };
}

function scalarOf(study: ScalarStudy): Judged {
  const { judgement } = study;
  const judged =
    judgement.task === "classification"
      ? classesOf(study, judgement)
      : measurementOf(study, judgement);
  return { ...judged, subgroups: subgroupSection(study), glossary: glossaryOf(study) };
}

type JudgedParts = Omit<Judged, "subgroups" | "glossary">;

function classesOf(study: ScalarStudy, judgement: ClassificationJudgement): JudgedParts {
  const { learner, byPatient, grades, sets } = study;
  return {
    lead: {
      summary: summariseClassification({ learner, judgement }),
      figures: classificationHeadlines(judgement),
    },
    remarks: classificationRemarks(judgement),
    sections: [
      performanceSection(judgement),
      byPatient && patientSection(byPatient),
      gradeSection(grades),
      probabilitySection(judgement),
      predictionSetSection(sets),
    ],
  };
}

function patientSection(byPatient: ClassificationJudgement): Section {
  const text =
    "Every patient counts once: the probabilities of a patient's images are averaged. This is what matters where a patient, not an image, is treated.";
  const { blocks } = performanceSection(byPatient);
  return { title: "How good it is by patient", blocks: [{ kind: "prose", text }, ...blocks] };
}

function measurementOf(study: ScalarStudy, judgement: RegressionJudgement): JudgedParts {
  const { unit } = study;
  return {
    lead: {
      summary: summariseRegression({ ...study, judgement }),
      figures: regressionHeadlines(judgement, unit),
    },
    remarks: regressionRemarks(judgement),
    sections: [agreementSection(judgement, unit)],
  };
}
