// The part of a report on how much the result depends on chance and on the number of rows.

import { rounded } from "../plots/labels.ts";
import { learningCurvePlot } from "../plots/learning-curve.ts";
import { figureInterval } from "./figure-terms.ts";
import type { Block, ReportTable, Section } from "./report.ts";
import type { ScoreSummary, TableStudy } from "./table-study.ts";

export function stabilitySection({
  crossValidation,
  outOfBag,
  learningCurve,
}: TableStudy): Section | undefined {
  const blocks: Block[] = [];
  if (crossValidation) {
    blocks.push(
      { kind: "prose", text: crossValidation.description },
      scoreTable("Cross-validation", crossValidation.scores),
    );
  }
  if (outOfBag && outOfBag.length > 0) {
    blocks.push(
      scoreTable("Out of bag: on the rows that each tree did not see while it grew", outOfBag),
    );
  }
  if (learningCurve) {
    const { score, series } = learningCurve;
    const svg = learningCurvePlot(series, { scoreLabel: score });
    const caption = `${score} against the number of rows learnt from. Bands show the spread. While the curve of unseen rows still rises, more data will help; a wide gap between the curves means that the model remembers its rows.`;
    blocks.push({ kind: "figures", figures: [{ svg, caption }] });
  }
  return blocks.length > 0
    ? { title: "Does it hold, and would more data help", blocks }
    : undefined;
}

const details: readonly { label: string; of: (score: ScoreSummary) => string }[] = [
  {
    label: "Standard deviation",
    of: ({ deviation }) => (deviation === undefined ? "" : rounded(deviation)),
  },
  { label: "Interval", of: ({ low = null, high = null }) => figureInterval({ low, high }) },
  { label: "Of", of: ({ of = "" }) => of },
];

/** Columns that would be empty are left out. */
function scoreTable(caption: string, scores: readonly ScoreSummary[]): ReportTable {
  const shown = details.filter(({ of }) => scores.some((score) => of(score) !== ""));
  const labels = ["Value", ...shown.map(({ label }) => label)];
  return {
    kind: "table",
    caption,
    columns: [{ label: "Figure" }, ...labels.map((label) => ({ label, align: "end" as const }))],
    rows: scores.map((score) => [
      score.label,
      score.value === null ? "not defined" : rounded(score.value),
      ...shown.map(({ of }) => of(score)),
    ]),
  };
}
