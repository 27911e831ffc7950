// The report of a regression learnt from a table: how far off, how it agrees, why, from what.

import type { RegressionJudgement } from "../../statistics/index.ts";
import { blandAltmanPlot } from "../plots/bland-altman.ts";
import { predictedVersusTruePlot } from "../plots/predicted-versus-true.ts";
import { configurationSection } from "./configuration-section.ts";
import { dataSection } from "./data-section.ts";
import { explanationSection } from "./explanation-section.ts";
import { figureTable, intervalLabel } from "./figure-table.ts";
import {
  countedCases,
  figureInterval,
  figureValue,
  namedFigures,
  percent,
  regressionTerms,
  wholePercent,
} from "./figure-terms.ts";
import { provenanceFacts } from "./provenance-facts.ts";
import type { HeadlineFigure, Notice, Report, Section } from "./report.ts";
import { stabilitySection } from "./stability-section.ts";
import { studySubtitle, studyTitle } from "./study-title.ts";
import { subgroupSection } from "./subgroup-section.ts";
import type { TableStudy } from "./table-study.ts";

type Study = TableStudy<RegressionJudgement>;

/** Composes the report of a regression; `renderReport` makes it a page. */
export function regressionReport(study: Study): Report {
  const { judgement, unit } = study;
  const sections = [
    performanceSection(judgement, unit),
    subgroupSection(study),
    explanationSection(study),
    stabilitySection(study),
    dataSection(study),
    configurationSection(study.config),
  ];
  return {
    title: studyTitle(study),
    subtitle: studySubtitle(study),
    lead: { summary: summarise(study), figures: headlineFigures(judgement, unit) },
    notices: [...study.findings, ...remarks(judgement)],
    sections: sections.filter((section) => section !== undefined),
    provenance: provenanceFacts(study),
    glossary: namedFigures(judgement).map(({ label, meaning }) => ({ term: label, meaning })),
  };
}

function summarise({ judgement, learner, target, unit = "" }: Study): string {
  const { figures, coverage, level } = judgement;
  const cases = countedCases(judgement);
  const suffix = unit && ` ${unit}`;
  const { mae, bias, lowerLimit, upperLimit, r2 } = figures;
  const sentences = [`The ${learner} was judged on ${cases} that it had not seen.`];
  if (mae.value !== null) {
    const interval = figureInterval(mae);
    sentences.push(
      `Its predictions of ${target} were off by ${figureValue(mae)}${suffix} on average${interval && ` (${intervalLabel(level)} ${interval})`}.`,
    );
  }
  if (bias.value !== null && lowerLimit.value !== null && upperLimit.value !== null) {
    sentences.push(
      `About ${wholePercent(coverage)} of the differences lie between ${figureValue(lowerLimit)} and ${figureValue(upperLimit)}${suffix}, around a bias of ${figureValue(bias)}${suffix}.`,
    );
  }
  if (r2.value !== null) {
    sentences.push(`It explains ${percent(Math.max(0, r2.value))} of the variance.`);
  }
  return sentences.join(" ");
}

function headlineFigures({ figures, level }: RegressionJudgement, unit = ""): HeadlineFigure[] {
  return (["mae", "rmse", "r2", "concordance"] as const).map((name) => {
    const figure = figures[name];
    const interval = figureInterval(figure);
    const suffix = unit && (name === "mae" || name === "rmse") ? ` ${unit}` : "";
    return {
      label: regressionTerms[name].label,
      value: figureValue(figure) + suffix,
      ...(interval && { interval }),
      note: interval
        ? `${intervalLabel(level)}, N = ${figure.n}`
        : (figure.undefinedBecause ?? `N = ${figure.n}`),
    };
  });
}

function remarks({ figures: { r2, bias }, n }: RegressionJudgement): Notice[] {
  const notices: Notice[] = [];
  if (r2.low !== null && r2.low <= 0) {
    notices.push({
      level: "warning",
      title: "Not shown to be better than a constant answer",
      text: `Always predicting the mean has an R² of 0, and the interval of this model's R² (${figureValue(r2)}; ${figureInterval(r2)}) does not lie above that.`,
    });
  }
  if (bias.low !== null && bias.high !== null && (bias.low > 0 || bias.high < 0)) {
    notices.push({
      level: "note",
      title: `Predictions are too ${bias.low > 0 ? "high" : "low"} on the whole`,
      text: `The interval of the bias, ${figureInterval(bias)}, does not hold 0.`,
    });
  }
  if (n < 30) {
    notices.push({
      level: "warning",
      title: "Few cases to judge on",
      text: `There are only ${n}. Figures of so few cases move a lot by chance; their intervals say how much.`,
    });
  }
  return notices;
}

function performanceSection(judgement: RegressionJudgement, unit: string | undefined): Section {
  const { points, figures, level, coverage } = judgement;
  const truth = points.map((point) => point.truth);
  const predicted = points.map((point) => point.predicted);
  const shown =
    points.length < judgement.n ? ` ${points.length} of ${judgement.n} cases are drawn.` : "";
  return {
    title: "How good it is",
    blocks: [
      {
        kind: "figures",
        figures: [
          {
            svg: predictedVersusTruePlot({ truth, predicted }, { unit }),
            caption: `Predicted against true value. On the dashed line both agree.${shown}`,
          },
          {
            svg: blandAltmanPlot(
              {
                means: truth.map((value, index) => (value + predicted[index]) / 2),
                differences: truth.map((value, index) => predicted[index] - value),
                ...figures,
              },
              { unit },
            ),
            caption: `Bland–Altman plot: about ${wholePercent(coverage)} of the differences lie between the limits of agreement. Bands are ${intervalLabel(level)}s.`,
          },
        ],
      },
      figureTable("Figures on cases not learnt from", namedFigures(judgement), level),
    ],
  };
}
