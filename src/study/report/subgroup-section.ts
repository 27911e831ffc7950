// The part of a report on whom the model serves better or worse.

import type {
  ClassificationFigure,
  ClassificationJudgement,
  Figure,
  RegressionJudgement,
} from "../../statistics/index.ts";
import { subgroupPlot } from "../plots/subgroup.ts";
import { crossTable, intervalLabel } from "./figure-table.ts";
import { classificationTerms, type FigureTerm, regressionTerms } from "./figure-terms.ts";
import type { Block, Section } from "./report.ts";
import type { SubgroupSummary, TableStudy } from "./table-study.ts";

export const SUBGROUP_CAUTION =
  "With several subgroups some differ by chance, and small ones by a lot: read the intervals, and take a difference for a question to ask of more data.";

export function subgroupSection({
  subgroups = [],
  judgement,
}: Pick<TableStudy, "subgroups" | "judgement">): Section | undefined {
  if (subgroups.length === 0) return undefined;
  return {
    title: "For whom it works",
    blocks: [
      { kind: "prose", text: SUBGROUP_CAUTION },
      ...subgroups.flatMap((summary) => subgroupBlocks(summary, judgement)),
    ],
  };
}

function subgroupBlocks(
  { column, rows }: SubgroupSummary,
  judgement: ClassificationJudgement | RegressionJudgement,
): Block[] {
  const terms: Readonly<Record<string, FigureTerm>> =
    judgement.task === "classification" ? classificationTerms : regressionTerms;
  const shown = shownFigures(judgement);
  const named = rows.map(({ value, n, figures }) => ({
    label: value ?? "(unknown)",
    n,
    figures: figures as Readonly<Record<string, Figure | undefined>>,
  }));
  const [drawn] = shown;
  const { label: figureLabel } = terms[drawn];
  const overall = (judgement.figures as Readonly<Record<string, Figure | undefined>>)[drawn];
  const svg = subgroupPlot(
    named.map(({ label, n, figures }) => ({
      label: `${column} = ${label}`,
      ...(figures[drawn] ?? { value: null }),
      n,
    })),
    { title: `${figureLabel} by ${column}`, figureLabel, overall },
  );
  return [
    {
      kind: "figures",
      figures: [
        {
          svg,
          caption: `${figureLabel} by ${column} with ${intervalLabel(judgement.level)}s. The dashed line is the figure of all cases.`,
        },
      ],
    },
    crossTable(`Figures by ${column}, with ${intervalLabel(judgement.level)}s`, {
      first: column,
      columns: shown.map((name) => terms[name].label),
      rows: named.map(({ label, n, figures }) => ({
        label,
        n,
        figures: shown.map((name) => figures[name]),
      })),
    }),
  ];
}

/** The first is drawn, all are listed. */
function shownFigures(judgement: ClassificationJudgement | RegressionJudgement): string[] {
  if (judgement.task === "regression") {
    return ["mae", "rmse", "bias", "r2"] satisfies (keyof RegressionJudgement["figures"])[];
  }
  const shown: ClassificationFigure[] = judgement.positiveClass
    ? ["rocAuc", "sensitivity", "specificity", "accuracy"]
    : ["accuracy", "balancedAccuracy", "rocAucOneVsRest"];
  return shown;
}
