// What the figures of findings that go together are called and mean.

import {
  type Figure,
  type LabelJudgement,
  type LabelScore,
  labelScores,
  type MultiLabelJudgement,
} from "../../statistics/index.ts";
import { classificationTerms, type FigureTerm, type NamedFigure } from "./figure-terms.ts";

/** Scores that are shown where there is no room for all. */
export const mainScores = labelScores.slice(0, 4);

/** Figures of one finding. */
export const labelTerms: readonly FigureTerm[] = labelScores.map(
  (score) => classificationTerms[score],
);

/** What a mean over findings, or all pairs of case and finding, is called. */
const averages = {
  macro: { suffix: "mean over findings", meaning: "The mean of the findings' own." },
  micro: {
    suffix: "all findings pooled",
    meaning: "Of all pairs of case and finding together, so that common findings count more.",
  },
} as const;

/** Figures of all findings together. */
export const wholeTerms: Readonly<Record<keyof MultiLabelJudgement["figures"], FigureTerm>> = {
  subsetAccuracy: {
    label: "All findings right",
    meaning: "Share of the cases of which every finding is known whose findings are all right.",
  },
  hammingLoss: {
    label: "Findings wrong",
    meaning: "Share of all known pairs of case and finding that are wrong.",
  },
};

/** Means over findings, scores of all pairs, and what is said of cases as wholes, in the order in which a report lists them. */
export function wholeFindingFigures(judgement: MultiLabelJudgement): NamedFigure[] {
  const { macro, micro, figures } = judgement;
  const averaged = (kind: "macro" | "micro", of: Readonly<Record<LabelScore, Figure>>) =>
    labelScores.map((score) => {
      const { suffix, meaning } = averages[kind];
      const { label } = classificationTerms[score];
      return { name: `${kind}.${score}`, label: `${label}, ${suffix}`, meaning, figure: of[score] };
    });
  const whole = Object.entries(wholeTerms).map(([name, term]) => {
    return { name, ...term, figure: figures[name as keyof typeof wholeTerms] };
  });
  return [...averaged("macro", macro), ...whole, ...averaged("micro", micro)];
}

/** Some figures of each finding; by default all. */
export function ownFindingFigures(
  perLabel: readonly Pick<LabelJudgement, "name" | "figures">[],
  scores: readonly LabelScore[] = labelScores,
): NamedFigure[] {
  return perLabel.flatMap(({ name, figures }) =>
    scores.map((score) => {
      const { label, meaning } = classificationTerms[score];
      return {
        name: `${name}.${score}`,
        label: `${name}: ${label}`,
        meaning,
        figure: figures[score],
      };
    }),
  );
}
