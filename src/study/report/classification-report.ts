// The report of a classification learnt from a table: how good, how honest its probabilities, for whom, why, from what.

import type {
  ClassificationFigure,
  ClassificationJudgement,
  Figure,
} from "../../statistics/index.ts";
import { calibrationPlot } from "../plots/calibration.ts";
import { confusionMatrixPlot } from "../plots/confusion-matrix.ts";
import { decisionCurvePlot } from "../plots/decision-curve.ts";
import { precisionRecallPlot } from "../plots/precision-recall.ts";
import { rocPlot } from "../plots/roc.ts";
import { dataSection } from "./data-section.ts";
import { explanationSection } from "./explanation-section.ts";
import { crossTable, figureTable, intervalLabel } from "./figure-table.ts";
import {
  classificationTerms,
  counted,
  figureInterval,
  figureValue,
  namedFigures,
  percent,
  percentWithInterval,
} from "./figure-terms.ts";
import { provenanceFacts } from "./provenance-facts.ts";
import type { Block, HeadlineFigure, Notice, Report, Section } from "./report.ts";
import { stabilitySection } from "./stability-section.ts";
import { subgroupSection } from "./subgroup-section.ts";
import type { TableStudy } from "./table-study.ts";

type Study = TableStudy<ClassificationJudgement>;

/** Cases of a class below which a figure of it says little. */
const FEW = 20;

const headlines = {
  binary: ["rocAuc", "accuracy", "sensitivity", "specificity"],
  several: ["accuracy", "balancedAccuracy", "rocAucOneVsRest", "kappa"],
} as const satisfies Record<string, readonly ClassificationFigure[]>;

const mainFigures: ReadonlySet<string> = new Set<ClassificationFigure>([
  "rocAuc",
  "rocAucOneVsRest",
  "accuracy",
  "balancedAccuracy",
  "sensitivity",
  "specificity",
  "ppv",
  "npv",
  "f1",
  "macroF1",
  "mcc",
]);

/** Composes the report of a classification; `renderReport` makes it a page. */
export function classificationReport(study: Study): Report {
  const { judgement, learner, target, data, findings } = study;
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
    title: study.title ?? `${capitalised(target)}, predicted by a ${learner}`,
    subtitle: `Learnt from ${data.name}: ${counted(data.rows, "row")}, ${counted(data.features, "feature")}${data.patients === undefined ? "" : `, ${counted(data.patients, "patient")}`}`,
    lead: { summary: summarise(study), figures: headlineFigures(judgement) },
    notices: [...findings, ...remarks(judgement)],
    sections: sections.filter((section) => section !== undefined),
    provenance: provenanceFacts(study),
    glossary: namedFigures(judgement).map(({ label, meaning }) => ({ term: label, meaning })),
  };
}

/** The finding in words that need no statistics. */
function summarise({ judgement, learner }: Study): string {
  const { n, patients, figures, positiveClass, weighted } = judgement;
  const cases = `${counted(n, "case")}${patients === undefined ? "" : ` of ${counted(patients, "patient")}`}`;
  const { accuracy } = figures;
  const sentences = [
    accuracy && !weighted && accuracy.value !== null
      ? `Of ${cases} that it had not seen, the ${learner} gave ${Math.round(accuracy.value * n)} their true class: an accuracy of ${percentWithInterval(accuracy)}.`
      : `The ${learner} was judged on ${cases} that it had not seen.`,
  ];
  const common = commonest(judgement);
  sentences.push(`Always answering “${common.name}” would be right in ${percent(common.share)}.`);
  if (positiveClass !== undefined && !weighted)
    sentences.push(...binarySentences(judgement, positiveClass));
  return sentences.join(" ");
}

function binarySentences(
  { classes, confusion, figures }: ClassificationJudgement,
  positiveClass: string,
): string[] {
  const positive = classes.indexOf(positiveClass);
  const negative = 1 - positive;
  const total = (row: number) => confusion[row][0] + confusion[row][1];
  const { sensitivity, specificity, rocAuc } = figures;
  const sentences: string[] = [];
  if (sensitivity?.value != null) {
    sentences.push(
      `It found ${confusion[positive][positive]} of ${total(positive)} cases of “${positiveClass}” (sensitivity ${percentWithInterval(sensitivity)})`,
    );
  }
  if (specificity?.value != null) {
    const clause = `${confusion[negative][negative]} of ${total(negative)} cases of “${classes[negative]}” (specificity ${percentWithInterval(specificity)})`;
    sentences[0] = sentences[0]
      ? `${sentences[0]} and rightly cleared ${clause}.`
      : `It rightly cleared ${clause}.`;
  } else if (sentences[0]) sentences[0] += ".";
  if (rocAuc?.value != null) {
    sentences.push(
      `The area under its ROC curve is ${figureValue(rocAuc)}${figureInterval(rocAuc) && ` (${figureInterval(rocAuc)})`}.`,
    );
  }
  return sentences;
}

function commonest({ classes, counts, n }: ClassificationJudgement): {
  name: string;
  share: number;
} {
  const most = Math.max(...counts);
  return { name: classes[counts.indexOf(most)], share: most / n };
}

function headlineFigures({
  figures,
  positiveClass,
  level,
}: ClassificationJudgement): HeadlineFigure[] {
  const names = positiveClass === undefined ? headlines.several : headlines.binary;
  return names.flatMap((name: ClassificationFigure) => {
    const figure = figures[name];
    if (!figure) return [];
    const interval = figureInterval(figure);
    return [
      {
        label: classificationTerms[name].label,
        value: figureValue(figure),
        ...(interval && { interval }),
        note: interval
          ? `${intervalLabel(level)}, N = ${figure.n}`
          : (figure.undefinedBecause ?? `N = ${figure.n}`),
      },
    ];
  });
}

/** What a statistician would say aloud. */
function remarks(judgement: ClassificationJudgement): Notice[] {
  const { classes, counts, figures } = judgement;
  const notices: Notice[] = [];
  const common = commonest(judgement);
  const { accuracy } = figures;
  if (accuracy?.low != null && accuracy.low <= common.share) {
    notices.push({
      level: "warning",
      title: "Not shown to be better than a constant answer",
      text: `Always answering “${common.name}” is right in ${percent(common.share)} of these cases, and the interval of the accuracy (${percentWithInterval(accuracy)}) does not lie above that.`,
    });
  }
  const few = classes.flatMap((name, index) =>
    counts[index] < FEW ? [`${counts[index]} of “${name}”`] : [],
  );
  if (few.length > 0) {
    notices.push({
      level: "warning",
      title: "Few cases to judge on",
      text: `There are only ${few.join(", ")}. Figures of so few cases move a lot by chance; their intervals say how much.`,
    });
  }
  return notices;
}

function performanceSection(judgement: ClassificationJudgement): Section {
  const { classes, confusion, perClass, level, positiveClass, threshold } = judgement;
  const figures = namedFigures(judgement);
  const main = figures.filter(({ name }) => mainFigures.has(name));
  const blocks: Block[] = [
    {
      kind: "figures",
      figures: [
        {
          svg: confusionMatrixPlot({ classes, counts: confusion }),
          caption: `Rows are true classes, columns what the model said${threshold === undefined ? "" : ` at a threshold of ${threshold}`}. Percentages are shares of the true class.`,
        },
        ...rocFigure(judgement),
      ],
    },
    figureTable(
      `Figures on cases not learnt from${positiveClass === undefined ? "" : `; positive means “${positiveClass}”`}`,
      main,
      level,
    ),
  ];
  if (positiveClass === undefined) blocks.push(classTable(perClass, level));
  const others = figures.filter(({ name }) => !mainFigures.has(name));
  blocks.push({
    kind: "details",
    summary: `All other figures (${others.length})`,
    blocks: [figureTable("Further figures", others, level)],
  });
  return { title: "How good it is", blocks };
}

function classTable(perClass: ClassificationJudgement["perClass"], level: number): Block {
  const shown = ["sensitivity", "specificity", "ppv", "rocAuc"] as const;
  return crossTable(`Each class against all others, with ${intervalLabel(level)}s`, {
    first: "Class",
    columns: shown.map((name) => classificationTerms[name].label),
    rows: perClass.map(({ name, n, figures }) => ({
      label: name,
      n,
      figures: shown.map((figure) => figures[figure]),
    })),
  });
}

function classFigure(
  { perClass }: ClassificationJudgement,
  name: string,
  figure: "rocAuc" | "averagePrecision",
): Figure | undefined {
  return perClass.find((each) => each.name === name)?.figures[figure];
}

function rocFigure(judgement: ClassificationJudgement) {
  const curves = judgement.curves.filter(({ roc }) => roc.length > 0);
  if (curves.length === 0) return [];
  const { sensitivity, specificity } = judgement.figures;
  const series = curves.map((curve) => ({
    label: curve.class,
    points: curve.roc,
    auc: classFigure(judgement, curve.class, "rocAuc"),
    ...(sensitivity?.value != null &&
      specificity?.value != null && {
        operatingPoint: {
          falsePositiveRate: 1 - specificity.value,
          truePositiveRate: sensitivity.value,
        },
      }),
  }));
  const marked = series.some(({ operatingPoint }) => operatingPoint);
  const caption = `ROC curve${series.length > 1 ? "s, each class against all others" : ""}. The dashed line is guessing${marked ? "; the symbol is the threshold that was used" : ""}.`;
  return [{ svg: rocPlot(series), caption }];
}

function probabilitySection(judgement: ClassificationJudgement): Section {
  const curves = judgement.curves;
  const binary = judgement.positiveClass !== undefined;
  const calibration = calibrationPlot(
    curves.map((curve) => ({ label: curve.class, bins: curve.calibration })),
  );
  const precisionRecall = precisionRecallPlot(
    curves.map((curve) => ({
      label: curve.class,
      points: curve.precisionRecall,
      averagePrecision: classFigure(judgement, curve.class, "averagePrecision"),
      prevalence: shareOf(judgement, curve.class),
    })),
  );
  const figures = [
    {
      svg: calibration,
      caption: `Of the cases given a probability, how many were of the class? On the dashed line, probabilities can be taken at their word. Bars are ${intervalLabel(judgement.level)}s${curves.length === 1 ? "; underneath, the number of cases" : ""}.`,
    },
    {
      svg: precisionRecall,
      caption: "PPV against sensitivity as the threshold falls. The dashed line is guessing.",
    },
  ];
  if (binary && curves[0]?.decision.length) {
    figures.push({
      svg: decisionCurvePlot([{ label: "Act on the model", points: curves[0].decision }]),
      caption:
        "Net benefit: worth acting on the model where its line is the highest, for the probability at which one would just act.",
    });
  }
  return {
    title: "Can its probabilities be trusted",
    blocks: [{ kind: "figures", figures }],
  };
}

function shareOf(
  { classes, counts, n }: ClassificationJudgement,
  name: string,
): number | undefined {
  return n > 0 ? counts[classes.indexOf(name)] / n : undefined;
}

/** Settings that run the study again, as in config.json. */
export function configurationSection(config: unknown): Section {
  return {
    title: "Settings",
    blocks: [
      {
        kind: "details",
        summary: "All settings, defaults included; given again they give the same",
        blocks: [{ kind: "code", text: JSON.stringify(config, null, 2) ?? "" }],
      },
    ],
  };
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
