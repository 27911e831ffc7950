// The report of a model learnt from images: how good, how honest, for whom, how it learnt, from what.

import type { ClassificationJudgement, RegressionJudgement } from "../../statistics/index.ts";
import { agreementSection } from "./agreement-section.ts";
import {
  classificationHeadlines,
  classificationRemarks,
  summariseClassification,
} from "./classification-summary.ts";
import { configurationSection } from "./configuration-section.ts";
import { namedFigures } from "./figure-terms.ts";
import { galleryNotices, gallerySection } from "./gallery-section.ts";
import { gradeFigures, gradeSection } from "./grade-section.ts";
import { imageDataSection, imageSubtitle } from "./image-data-section.ts";
import type { ImageStudy } from "./image-study.ts";
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
  const { judgement, history, bestEpoch } = study;
  const { lead, remarks, sections } =
    judgement.task === "classification"
      ? classesOf(study, judgement)
      : measurementOf(study, judgement);
  const all = [
    ...sections,
    gallerySection(study),
    unusualSection(study),
    subgroupSection(study),
    trainingSection(history, { bestEpoch }),
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
    glossary: glossaryOf(study),
  };
}

/** Of grades their own words for a figure count. */
function glossaryOf({ judgement, grades }: ImageStudy): Report["glossary"] {
  const own = grades ? gradeFigures(grades) : [];
  const others = namedFigures(judgement).filter(
    ({ label }) => !own.some((figure) => figure.label === label),
  );
  return [...others, ...own].map(({ label, meaning }) => ({ term: label, meaning }));
}

interface Judged {
  readonly lead: Report["lead"];
  readonly remarks: Report["notices"];
  readonly sections: readonly (Section | undefined)[];
}

function classesOf(study: ImageStudy, judgement: ClassificationJudgement): Judged {
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

function measurementOf(study: ImageStudy, judgement: RegressionJudgement): Judged {
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
