// The part of a report on grades: how far off they are, not only how often they are right.

import type { OrdinalJudgement, OrdinalScore } from "../../statistics/index.ts";
import { figureTable } from "./figure-table.ts";
import type { FigureTerm, NamedFigure } from "./figure-terms.ts";
import type { Section } from "./report.ts";

const gradeTerms: Readonly<Record<OrdinalScore, FigureTerm>> = {
  quadraticKappa: {
    label: "Kappa, quadratic weights",
    meaning:
      "Agreement of grades beyond chance, an error counting by the square of how many grades it is off: 0 is chance, 1 perfect.",
  },
  linearKappa: {
    label: "Kappa, linear weights",
    meaning: "The same, an error counting by how many grades it is off.",
  },
  meanAbsoluteError: {
    label: "Mean absolute error, grades",
    meaning: "How many grades predictions are off on average.",
  },
  meanError: {
    label: "Mean error, grades",
    meaning: "Predicted less true grade on average: above 0, grades are given too high.",
  },
  accuracy: { label: "Right grade", meaning: "Share of cases given their true grade." },
  withinOne: {
    label: "Right or next grade",
    meaning: "Share of cases given their true grade or one next to it.",
  },
};

/** The judgement's figures with their names. */
export function gradeFigures({ figures }: OrdinalJudgement): NamedFigure[] {
  return Object.entries(gradeTerms).map(([name, term]) => ({
    ...{ name, ...term, figure: figures[name as OrdinalScore] },
  }));
}

export function gradeSection(grades: OrdinalJudgement | undefined): Section | undefined {
  if (!grades) return undefined;
  const text = "Grades have an order: a case given the next grade is less wrong than one far off.";
  return {
    title: "How far off its grades are",
    blocks: [
      { kind: "prose", text },
      figureTable("Figures of the grades", gradeFigures(grades), grades.level),
    ],
  };
}
