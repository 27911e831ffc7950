// The part of a report on whom a network for several findings serves better or worse.

import type { LabelSubgroupRow, MultiLabelJudgement } from "../../statistics/index.ts";
import { subgroupPlot } from "../plots/subgroup.ts";
import { crossTable, intervalLabel } from "./figure-table.ts";
import { classificationTerms } from "./figure-terms.ts";
import { mainScores } from "./finding-terms.ts";
import type { FindingSubgroupSummary } from "./image-study.ts";
import type { Block, Section } from "./report.ts";
import { SUBGROUP_CAUTION } from "./subgroup-section.ts";

const groupName = ({ value }: LabelSubgroupRow) => value ?? "(unknown)";

export function findingSubgroupSection({
  subgroups = [],
  judgement,
}: {
  readonly subgroups?: readonly FindingSubgroupSummary[];
  readonly judgement: MultiLabelJudgement;
}): Section | undefined {
  if (subgroups.length === 0) return undefined;
  return {
    title: "For whom it works",
    blocks: [
      { kind: "prose", text: SUBGROUP_CAUTION },
      ...subgroups.flatMap((summary) => columnBlocks(summary, judgement)),
    ],
  };
}

function columnBlocks(
  { column, rows }: FindingSubgroupSummary,
  { macro, level, labels }: MultiLabelJudgement,
): Block[] {
  const figureLabel = `${classificationTerms.rocAuc.label}, mean over findings`;
  const svg = subgroupPlot(
    rows.map((row) => ({
      label: `${column} = ${groupName(row)}`,
      ...row.figures.rocAuc,
      n: row.n,
    })),
    { title: `${figureLabel} by ${column}`, figureLabel, overall: macro.rocAuc },
  );
  const caption = `${figureLabel} by ${column} with ${intervalLabel(level)}s. The dashed line is the figure of all cases.`;
  return [
    { kind: "figures", figures: [{ svg, caption }] },
    ofFindings(`Means over findings by ${column}`, column, level, (row) => row, rows),
    {
      kind: "details",
      summary: `Each finding by ${column}`,
      blocks: labels.map((label, at) =>
        ofFindings(`${label} by ${column}`, column, level, ({ perLabel }) => perLabel[at], rows),
      ),
    },
  ];
}

function ofFindings(
  caption: string,
  first: string,
  level: number,
  of: (row: LabelSubgroupRow) => Pick<LabelSubgroupRow, "n" | "figures">,
  rows: readonly LabelSubgroupRow[],
): Block {
  return crossTable(`${caption}, with ${intervalLabel(level)}s`, {
    first,
    columns: mainScores.map((name) => classificationTerms[name].label),
    rows: rows.map((row) => {
      const { n, figures } = of(row);
      return { label: groupName(row), n, figures: mainScores.map((name) => figures[name]) };
    }),
  });
}
