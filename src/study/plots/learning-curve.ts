// Learning curves: a score against the number of training rows, on the rows learnt from and on others.

import * as Plot from "@observablehq/plot";
import { axis, axisMargins, extent, numberMargin, padded } from "./axes.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { type Estimated, withInterval } from "./labels.ts";
import { seriesStyle } from "./palette.ts";

/** A score against the number of rows learnt from. */
export interface LearningSeries {
  /** "Training rows" or "Held-out rows". */
  readonly label: string;
  /** By ascending number of rows learnt from. */
  readonly points: readonly (Estimated & { readonly rows: number })[];
}

/** Size of the drawing and what it measures. */
export interface LearningCurvePlotOptions extends PlotSize {
  /** What is measured: "Accuracy". */
  scoreLabel?: string;
}

/** Draws each series with a band for its spread. */
export function learningCurvePlot(
  curves: readonly LearningSeries[],
  { title = "Learning curve", width = 440, scoreLabel = "Score" }: LearningCurvePlotOptions = {},
): string {
  const series = curves.map(({ label, points }, index) => ({
    label,
    points: points.filter(({ value }) => value !== null),
    style: seriesStyle(index),
  }));
  const all = series.flatMap(({ points }) => points);
  const scores = padded(extent(all.flatMap(({ value, low, high }) => [value, low, high])));
  return drawFigure({
    title,
    description: `${scoreLabel} against the number of rows learnt from. ${series.map(describe).join(" ")}`,
    width,
    height: Math.round(width * 0.72),
    ...axisMargins,
    marginLeft: numberMargin(scores),
    x: axis("Rows learnt from", padded(extent(all.map(({ rows }) => rows)), 0.02)),
    y: axis(scoreLabel, scores),
    grid: true,
    legend: series,
    marks: series.flatMap(({ points, style }) => [
      Plot.areaY(
        points.filter(({ low, high }) => low != null && high != null),
        {
          x: "rows",
          y1: "low",
          y2: "high",
          fill: style.colour,
          fillOpacity: 0.15,
        },
      ),
      Plot.line(points, {
        x: "rows",
        y: "value",
        stroke: style.colour,
        strokeDasharray: style.dash,
        strokeWidth: 2,
      }),
      Plot.dot(points, { x: "rows", y: "value", fill: style.colour, symbol: style.symbol, r: 4 }),
    ]),
  });
}

function describe({ label, points }: LearningSeries): string {
  return `${label}: ${points.map((point) => `${point.rows} rows ${withInterval(point)}`).join(", ")}.`;
}
