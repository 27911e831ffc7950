// The part of a report on sets of classes: what they promise, and what they did on images not learnt from.

import type { Coverage } from "../../statistics/index.ts";
import { figureTable } from "./figure-table.ts";
import { percent } from "./figure-terms.ts";
import type { PredictionSetSummary } from "./image-study.ts";
import type { Block, Section } from "./report.ts";

export function predictionSetSection(sets: PredictionSetSummary | undefined): Section | undefined {
  if (!sets) return undefined;
  const { promise, coverage } = sets;
  const reading =
    "Beside the most probable class, the model gives a set of classes: several where it is not sure.";
  return {
    title: "When it is not sure",
    blocks: [
      { kind: "prose", text: `${reading} ${promise}` },
      coverageTable(coverage),
      sizeTable(coverage),
    ],
  };
}

function coverageTable({
  coverage,
  perClass,
  meanSize,
  singletons,
  singletonsRight,
}: Coverage): Block {
  const figures = [
    { label: "Sets that hold the true class", figure: coverage },
    ...perClass.map((each) => ({ label: `… of “${each.class}”`, figure: each.coverage })),
    { label: "Sets of one class", figure: singletons },
    { label: "… of these right", figure: singletonsRight },
    { label: "Classes in a set, mean", figure: meanSize },
  ];
  return figureTable("Sets on cases not learnt from", figures, coverage.level);
}

function sizeTable({ sizes, n }: Coverage): Block {
  const rows = [...sizes.entries()].filter(([, count]) => count > 0);
  return {
    kind: "table",
    caption: "How large the sets are",
    columns: [
      { label: "Classes in the set" },
      { label: "Cases", align: "end" },
      { label: "Share", align: "end" },
    ],
    rows: rows.map(([size, count]) => [
      String(size),
      count.toLocaleString("en-US"),
      percent(count / n),
    ]),
  };
}
