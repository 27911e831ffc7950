// Tables of figures: value, interval, number of cases and how the interval was found.

import type { Figure } from "../../statistics/index.ts";
import { figureInterval, figureValue, type NamedFigure, wholePercent } from "./figure-terms.ts";
import type { ReportTable } from "./report.ts";

/** A row a figure. An undefined one says why. */
export function figureTable(
  caption: string,
  figures: readonly Pick<NamedFigure, "label" | "figure">[],
  level: number,
): ReportTable {
  return {
    kind: "table",
    caption,
    columns: [
      { label: "Figure" },
      { label: "Value", align: "end" },
      { label: intervalLabel(level), align: "end" },
      { label: "N", align: "end" },
      { label: "Interval by" },
    ],
    rows: figures.map(({ label, figure }) => [
      label,
      figureValue(figure),
      figureInterval(figure),
      figure.n.toLocaleString("en-US"),
      figure.undefinedBecause ? `${figure.method}; ${figure.undefinedBecause}` : figure.method,
    ]),
  };
}

/** A row a class or subgroup, a column a figure; intervals stand in the same cell. */
export function crossTable(
  caption: string,
  {
    first,
    columns,
    rows,
  }: {
    first: string;
    columns: readonly string[];
    rows: readonly { label: string; n: number; figures: readonly (Figure | undefined)[] }[];
  },
): ReportTable {
  return {
    kind: "table",
    caption,
    columns: [
      { label: first },
      { label: "N", align: "end" },
      ...columns.map((label) => ({ label, align: "end" as const })),
    ],
    rows: rows.map(({ label, n, figures }) => [
      label,
      n.toLocaleString("en-US"),
      ...figures.map((figure) => (figure ? valueAndInterval(figure) : "")),
    ]),
  };
}

/** "0.930 (0.851–0.974)". */
export function valueAndInterval(figure: Figure): string {
  const interval = figureInterval(figure);
  return interval ? `${figureValue(figure)} (${interval})` : figureValue(figure);
}

export function intervalLabel(level: number): string {
  return `${wholePercent(level)} interval`;
}
