// Reliability diagram: the share of positive cases against the probability predicted for them, with the number
// of cases underneath (Van Calster et al., "Calibration: the Achilles heel of predictive analytics", 2019).

import * as Plot from "@observablehq/plot";
import { axis, axisMargins } from "./axes.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { type Estimated, withInterval } from "./labels.ts";
import { referenceColour, seriesStyle } from "./palette.ts";

/** Cases of similar predicted probability. */
export interface CalibrationPlotBin {
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of positive cases, and how many cases there are. */
  readonly observed: Estimated & { readonly n: number };
}

/** The bins of a class or model, by ascending probability. */
export interface CalibrationSeries {
  readonly label: string;
  readonly bins: readonly CalibrationPlotBin[];
}

/** Where the numbers of cases stand, below the diagram's own 0 … 1. */
const floor = { bottom: -0.3, top: -0.1 };

/** Draws observed against predicted with intervals; cases are counted underneath if there is one series. */
export function calibrationPlot(
  curves: readonly CalibrationSeries[],
  { title = "Calibration", width = 400 }: PlotSize = {},
): string {
  const series = curves.map((curve, index) => ({
    bins: curve.bins.filter(({ observed }) => observed.value !== null),
    label: curve.label,
    style: seriesStyle(index),
  }));
  const counted = series.length === 1 ? series[0].bins : [];
  return drawFigure({
    title,
    description: `Observed share of positive cases against predicted probability. ${describe(series)}`,
    width,
    height: counted.length > 0 ? Math.round(width * 1.2) : width,
    ...axisMargins,
    x: axis("Predicted probability", [0, 1]),
    y: {
      ...axis("Observed share", [counted.length > 0 ? floor.bottom : 0, 1]),
      ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
    },
    grid: true,
    legend: series.length > 1 ? series : [],
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: referenceColour, strokeDasharray: "3 4" },
      ),
      ...caseCounts(counted),
      ...series.flatMap(({ bins, style }) => [
        Plot.ruleX(bins.filter(hasInterval), {
          x: "predicted",
          y1: ({ observed }) => observed.low,
          y2: ({ observed }) => observed.high,
          stroke: style.colour,
          strokeOpacity: 0.6,
          strokeWidth: 1.5,
        }),
        Plot.line(bins, {
          x: "predicted",
          y: ({ observed }) => observed.value,
          stroke: style.colour,
          strokeDasharray: style.dash,
        }),
        Plot.dot(bins, {
          x: "predicted",
          y: ({ observed }) => observed.value,
          fill: style.colour,
          symbol: style.symbol,
          r: 4,
          title: ({ predicted, observed }) =>
            `predicted ${predicted.toFixed(2)}, observed ${withInterval(observed)}, ${observed.n} cases`,
        }),
      ]),
    ],
  });
}

function caseCounts(bins: readonly CalibrationPlotBin[]) {
  if (bins.length === 0) return [];
  const most = Math.max(...bins.map(({ observed }) => observed.n));
  const top = ({ observed }: CalibrationPlotBin) =>
    floor.bottom + ((floor.top - floor.bottom) * observed.n) / most;
  return [
    Plot.ruleY([0], { strokeOpacity: 0.4 }),
    Plot.text(["Cases"], {
      x: 0,
      y: (floor.bottom + floor.top) / 2,
      dx: -8,
      textAnchor: "end",
      fontSize: 11,
    }),
    Plot.ruleX(bins, {
      x: "predicted",
      y1: floor.bottom,
      y2: top,
      stroke: referenceColour,
      strokeWidth: 9,
    }),
    Plot.text(bins, {
      x: "predicted",
      y: top,
      dy: -7,
      fontSize: 10,
      text: ({ observed }) => String(observed.n),
    }),
  ];
}

const hasInterval = ({ observed }: CalibrationPlotBin): boolean =>
  observed.low != null && observed.high != null;

function describe(series: readonly CalibrationSeries[]): string {
  return series
    .map(({ label, bins }) => {
      const pairs = bins.map(
        ({ predicted, observed }) => `${predicted.toFixed(2)}: ${observed.value?.toFixed(2)}`,
      );
      return `${label}, predicted and observed: ${pairs.join(", ")}.`;
    })
    .join(" ");
}
