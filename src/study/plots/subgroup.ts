// A forest plot of subgroups: dot and interval of one figure for each, beside the figure of all cases.

import * as Plot from "@observablehq/plot";
import { axis, extent, labelMargin, padded } from "./axes.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { type Estimated, shortened, withInterval } from "./labels.ts";
import { mainColour, referenceColour } from "./palette.ts";
import { FONT_SIZE } from "./svg.ts";

/** A figure of a subgroup, with its interval. */
export interface SubgroupEstimate extends Estimated {
  /** "site = A". */
  readonly label: string;
  /** Cases. */
  readonly n: number;
}

/** Size of the drawing, what is measured, and the figure of all. */
export interface SubgroupPlotOptions extends PlotSize {
  /** What is measured: "Sensitivity". */
  figureLabel?: string;
  /** The figure of all cases, drawn as a line. */
  overall?: Estimated;
}

/** Room for "0.930 (0.851–0.974)" and "n = 1234" beside the drawing. */
const TEXT_ROOM = 215;

/** Draws subgroups from top to bottom as given; one without a value keeps its row, so that none drops out unseen. */
export function subgroupPlot(
  rows: readonly SubgroupEstimate[],
  { title = "Subgroups", width = 640, figureLabel = "Figure", overall }: SubgroupPlotOptions = {},
): string {
  const indexed = rows.map((row, index) => ({ ...row, index }));
  const labels = rows.map(({ label }) => label);
  const marginLeft = labelMargin(labels, { most: width * 0.3 });
  const values = [...rows, ...(overall ? [overall] : [])];
  const domain = padded(extent(values.flatMap(({ value, low, high }) => [value, low, high])));
  const beside = { x: domain[1], y: "index", textAnchor: "start" } as const;
  return drawFigure({
    title,
    description: `${figureLabel} by subgroup. ${rows.map((row) => `${row.label}: ${withInterval(row)}, ${row.n} cases`).join("; ")}.`,
    width,
    height: 60 + 24 * Math.max(1, rows.length),
    marginLeft,
    marginTop: 8,
    marginRight: TEXT_ROOM,
    marginBottom: 44,
    x: { ...axis(figureLabel, domain), grid: true },
    y: {
      type: "band",
      domain: indexed.map(({ index }) => index),
      label: null,
      tickSize: 0,
      tickFormat: (index: number) => shortened(labels[index], marginLeft - 14, FONT_SIZE),
    },
    marks: [
      Plot.ruleX(overall?.value == null ? [] : [overall.value], {
        stroke: referenceColour,
        strokeDasharray: "3 4",
      }),
      Plot.ruleY(
        indexed.filter(({ low, high }) => low != null && high != null),
        {
          x1: "low",
          x2: "high",
          y: "index",
          stroke: mainColour,
          strokeWidth: 2,
        },
      ),
      Plot.dot(
        indexed.filter(({ value }) => value !== null),
        {
          x: "value",
          y: "index",
          fill: mainColour,
          r: 4.5,
          symbol: "square",
        },
      ),
      Plot.text(indexed, { ...beside, dx: 12, text: (row) => withInterval(row) }),
      Plot.text(indexed, { ...beside, dx: 152, text: ({ n }) => `n = ${n}` }),
    ],
  });
}
