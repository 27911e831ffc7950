// What a network for several findings found, in plain words, its headline figures, and what a statistician would say aloud.

import type { LabelJudgement, MultiLabelJudgement } from "../../statistics/index.ts";
import { intervalLabel } from "./figure-table.ts";
import { classificationTerms, countedCases, figureInterval, figureValue } from "./figure-terms.ts";
import { mainScores } from "./finding-terms.ts";
import type { HeadlineFigure, Notice } from "./report.ts";

/** Cases with a finding below which a figure of it says little. */
const FEW = 20;

/** The finding in words that need no statistics. */
export function summariseFindings({
  judgement,
  learner,
}: {
  readonly judgement: MultiLabelJudgement;
  readonly learner: string;
}): string {
  const { labels, macro, perLabel, level } = judgement;
  const cases = countedCases(judgement);
  const sentences = [
    `The ${learner} looked for ${labels.length} findings in ${cases} that it had not seen.`,
  ];
  const { rocAuc } = macro;
  if (rocAuc.value !== null) {
    const interval = figureInterval(rocAuc);
    sentences.push(
      `A case with a finding got a higher probability of it than one without in ${figureValue(rocAuc)} of the comparisons, on average over findings${interval && ` (${intervalLabel(level)} ${interval})`}: guessing gives 0.5.`,
    );
  }
  const [best, ...others] = byArea(perLabel);
  const worst = others.at(-1);
  if (best && worst) {
    const area = ({ name, figures }: LabelJudgement) =>
      `“${name}” (${figureValue(figures.rocAuc)})`;
    sentences.push(`It told ${area(best)} best and ${area(worst)} worst.`);
  }
  return sentences.join(" ");
}

function byArea(perLabel: readonly LabelJudgement[]): LabelJudgement[] {
  const area = ({ figures }: LabelJudgement) => figures.rocAuc.value ?? 0;
  return perLabel
    .filter(({ figures }) => figures.rocAuc.value !== null)
    .sort((a, b) => area(b) - area(a));
}

export function findingHeadlines({ macro, level }: MultiLabelJudgement): HeadlineFigure[] {
  return mainScores.map((name) => {
    const figure = macro[name];
    const interval = figureInterval(figure);
    return {
      label: `${classificationTerms[name].label}, mean over findings`,
      value: figureValue(figure),
      ...(interval && { interval }),
      note: interval
        ? `${intervalLabel(level)}, N = ${figure.n}`
        : (figure.undefinedBecause ?? `N = ${figure.n}`),
    };
  });
}

/** What a statistician would say aloud. */
export function findingRemarks({ perLabel, leftOutOfMacro, macro }: MultiLabelJudgement): Notice[] {
  const notices: Notice[] = [];
  const guessed = perLabel.filter(
    ({ figures: { rocAuc } }) => rocAuc.low !== null && rocAuc.low <= 0.5,
  );
  if (guessed.length > 0) {
    notices.push({
      level: "warning",
      title: "Not shown to be better than guessing",
      text: `The interval of the ROC AUC reaches 0.5 for ${listed(guessed)}.`,
    });
  }
  const few = perLabel.filter(({ positives }) => positives > 0 && positives < FEW);
  if (few.length > 0) {
    const counts = few.map(({ name, positives }) => `${positives} with “${name}”`).join(", ");
    notices.push({
      level: "warning",
      title: "Few cases to judge on",
      text: `There are only ${counts}. Figures of so few cases move a lot by chance; their intervals say how much.`,
    });
  }
  if (leftOutOfMacro.length > 0 && macro.rocAuc.value !== null) {
    notices.push({
      level: "warning",
      title: "Findings that could not be judged",
      text: `No case judged on is known to have, or none to lack, ${leftOutOfMacro.map((name) => `“${name}”`).join(", ")}; the means are over the other findings.`,
    });
  }
  return notices;
}

function listed(perLabel: readonly LabelJudgement[]): string {
  return perLabel.map(({ name }) => `“${name}”`).join(", ");
}
