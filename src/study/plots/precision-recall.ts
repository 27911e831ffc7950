// Precision–recall curves (Davis and Goadrich, 2006) as steps: average precision is the area under what is drawn.

import * as Plot from "@observablehq/plot";
import { axis, axisMargins } from "./axes.ts";
import { type Point, visiblePoints } from "./curve.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { type Estimated, withInterval } from "./labels.ts";
import { seriesStyle } from "./palette.ts";

/** The precision–recall curve of a class or model. */
export interface PrecisionRecallSeries {
  readonly label: string;
  /** From the highest threshold (lowest recall) on. */
  readonly points: readonly { readonly precision: number; readonly recall: number }[];
  readonly averagePrecision?: Estimated;
  /** Share of positive cases: the precision of calling everyone positive. */
  readonly prevalence?: number;
}

/** Draws precision against recall; a thin line shows what chance would reach. */
export function precisionRecallPlot(
  curves: readonly PrecisionRecallSeries[],
  { title = "Precision–recall curve", width = 400 }: PlotSize = {},
): string {
  const series = curves.map((curve, index) => ({ ...curve, style: seriesStyle(index) }));
  const legend = series.map(({ label, averagePrecision, style }) => ({
    label: averagePrecision ? `${label}: AP ${withInterval(averagePrecision)}` : label,
    style,
  }));
  return drawFigure({
    title,
    description: `Precision (PPV) against recall (sensitivity). ${legend.map(({ label }) => label).join("; ")}.`,
    width,
    height: width,
    ...axisMargins,
    x: axis("Recall (sensitivity)", [0, 1]),
    y: axis("Precision (PPV)", [0, 1]),
    grid: true,
    legend,
    marks: [
      ...series.map(({ prevalence, style }) =>
        Plot.ruleY(prevalence === undefined ? [] : [prevalence], {
          stroke: style.colour,
          strokeDasharray: "3 4",
        }),
      ),
      ...series.map(({ points, style }) =>
        Plot.line(steps(points), {
          curve: "step-before",
          stroke: style.colour,
          strokeDasharray: style.dash,
          strokeWidth: 2,
        }),
      ),
    ],
  });
}

/** Precision at the first threshold holds from recall 0 on. */
function steps(points: PrecisionRecallSeries["points"]): Point[] {
  if (points.length === 0) return [];
  const drawn = points.map(({ precision, recall }): Point => [recall, precision]);
  return visiblePoints([[0, points[0].precision], ...drawn]);
}
