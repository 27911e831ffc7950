// Which features matter, most important first: bars with the spread over repeats.

import * as Plot from "@observablehq/plot";
import { axis, extent, labelMargin } from "./axes.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { type Estimated, shortened, withInterval } from "./labels.ts";
import { mainColour } from "./palette.ts";
import { FONT_SIZE } from "./svg.ts";

/** Importance of a feature, with its interval or spread. */
export interface ImportanceBar extends Estimated {
  /** Feature. */
  readonly label: string;
}

/** Size of the drawing, number of bars and what they measure. */
export interface ImportancePlotOptions extends PlotSize {
  /** Most bars to draw; 20 by default. */
  limit?: number;
  /** What the value is: "Loss of AUC when shuffled". */
  axisLabel?: string;
}

/** Draws features as bars, the most important first; whiskers show the spread where there is one. */
export function importancePlot(
  features: readonly ImportanceBar[],
  {
    title = "Feature importance",
    width = 520,
    limit = 20,
    axisLabel = "Importance",
  }: ImportancePlotOptions = {},
): string {
  const bars = features
    .filter(({ value }) => value !== null && Number.isFinite(value))
    .sort((a, b) => (b.value as number) - (a.value as number))
    .slice(0, limit);
  const labels = bars.map(({ label }) => label);
  const marginLeft = labelMargin(labels, { most: width * 0.42 });
  const [low, high] = extent([0, ...bars.flatMap((bar) => [bar.value, bar.low, bar.high])]);
  const indexed = bars.map((bar, index) => ({ ...bar, index }));
  return drawFigure({
    title,
    description: `${axisLabel}. ${bars.map((bar) => `${bar.label}: ${withInterval(bar)}`).join("; ")}.`,
    width,
    height: 60 + 22 * Math.max(1, bars.length),
    marginLeft,
    marginTop: 8,
    marginRight: 20,
    marginBottom: 44,
    x: { ...axis(axisLabel, [low, high]), nice: true, grid: true },
    y: {
      domain: indexed.map(({ index }) => index),
      label: null,
      tickSize: 0,
      tickFormat: (index: number) => shortened(labels[index], marginLeft - 14, FONT_SIZE),
    },
    marks: [
      Plot.barX(indexed, {
        x: "value",
        y: "index",
        fill: mainColour,
        fillOpacity: 0.75,
        insetTop: 2,
        insetBottom: 2,
        title: (bar) => `${bar.label}: ${withInterval(bar)}`,
      }),
      ...whiskers(indexed.filter((bar) => bar.low != null && bar.high != null)),
      Plot.ruleX([0]),
    ],
  });
}

function whiskers(bars: readonly (ImportanceBar & { index: number })[]) {
  const cap = { y: "index", insetTop: 6, insetBottom: 6, strokeWidth: 1.5 };
  return [
    Plot.ruleY(bars, { x1: "low", x2: "high", y: "index", strokeWidth: 1.5 }),
    Plot.tickX(bars, { ...cap, x: "low" }),
    Plot.tickX(bars, { ...cap, x: "high" }),
  ];
}
