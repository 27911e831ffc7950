// Curves over the epochs of a training, with the epoch marked whose weights were kept.

import * as Plot from "@observablehq/plot";
import { axis, axisMargins, extent, numberMargin, padded } from "./axes.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { rounded } from "./labels.ts";
import { referenceColour, seriesStyle } from "./palette.ts";

/** A figure epoch by epoch. */
export interface TrainingCurve {
  /** "Training" or "Validation". */
  readonly label: string;
  /** By ascending epoch; those without a finite value leave a gap. */
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

export interface TrainingCurvePlotOptions extends PlotSize {
  /** What is measured: "Loss". */
  valueLabel?: string;
  /** Is marked by a line. */
  bestEpoch?: number;
}

/** Draws each curve as a line. */
export function trainingCurvePlot(
  curves: readonly TrainingCurve[],
  {
    title = "Training",
    width = 440,
    valueLabel = "Value",
    bestEpoch,
  }: TrainingCurvePlotOptions = {},
): string {
  const series = curves.map((curve, index) => ({ ...curve, style: seriesStyle(index) }));
  const all = series.flatMap(({ points }) => points);
  const values = padded(extent(all.map(({ value }) => value)));
  const [first, last] = extent(all.map(({ epoch }) => epoch));
  const marked = bestEpoch === undefined ? [] : [bestEpoch];
  return drawFigure({
    title,
    description: `${valueLabel} by epoch. ${series.map(describe).join(" ")}${marked.map((epoch) => ` The best epoch is ${epoch}.`).join("")}`,
    width,
    height: Math.round(width * 0.6),
    ...axisMargins,
    marginTop: 22,
    marginLeft: numberMargin(values),
    // There is nothing between two epochs.
    x: {
      ...axis("Epoch", [first, last]),
      tickFormat: "d",
      ticks: Math.min(5, Math.max(1, last - first)),
    },
    y: axis(valueLabel, values),
    grid: true,
    legend: series.length > 1 ? series : [],
    marks: [
      Plot.ruleX(marked, { stroke: referenceColour, strokeDasharray: "4 3" }),
      Plot.text(marked, {
        x: (epoch: number) => epoch,
        text: (epoch: number) => `best: ${epoch}`,
        frameAnchor: "top",
        dy: -14,
        fill: "currentColor",
      }),
      ...series.flatMap(({ points, style }) => lineMarks(points, style)),
    ],
  });
}

function lineMarks(
  points: TrainingCurve["points"],
  { colour, dash, symbol }: ReturnType<typeof seriesStyle>,
) {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const place = { x: "epoch", y: "value" } as const;
  return [
    Plot.line(points, { ...place, stroke: colour, strokeDasharray: dash, strokeWidth: 2 }),
    // Many dots would hide the line.
    Plot.dot(finite.length > 40 ? [] : finite, { ...place, fill: colour, symbol, r: 3 }),
  ];
}

function describe({ label, points }: TrainingCurve): string {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  if (finite.length === 0) return `${label}: no values.`;
  const values = finite.map(({ value }) => value);
  const [first, last] = [values[0], values[values.length - 1]].map((value) => rounded(value));
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => rounded(value));
  return `${label}: from ${first} to ${last}, between ${low} and ${high}.`;
}
