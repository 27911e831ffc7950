// ROC curves (Fawcett, "An introduction to ROC analysis", 2006): sensitivity against 1 − specificity.

import * as Plot from "@observablehq/plot";
import { axis, axisMargins } from "./axes.ts";
import { visiblePoints } from "./curve.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { type Estimated, withInterval } from "./labels.ts";
import { referenceColour, seriesStyle } from "./palette.ts";

/** Rates at one threshold, each in [0, 1]. */
export interface RocPlotPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** The ROC curve of a class or model. */
export interface RocSeries {
  /** Class or model that the curve is of. */
  readonly label: string;
  /** From (0, 0) to (1, 1). */
  readonly points: readonly RocPlotPoint[];
  readonly auc?: Estimated;
  /** Where the decision threshold puts the classifier. */
  readonly operatingPoint?: RocPlotPoint;
}

/** Draws ROC curves with their areas; a symbol marks the operating point. */
export function rocPlot(
  curves: readonly RocSeries[],
  { title = "ROC curve", width = 400 }: PlotSize = {},
): string {
  const series = curves.map((curve, index) => ({ ...curve, style: seriesStyle(index) }));
  const legend = series.map(({ label, auc, style }) => ({
    label: auc ? `${label}: AUC ${withInterval(auc)}` : label,
    style,
  }));
  return drawFigure({
    title,
    description: `Sensitivity against 1 − specificity. ${legend.map(({ label }) => label).join("; ")}.`,
    width,
    height: width,
    ...axisMargins,
    x: axis("1 − specificity", [0, 1]),
    y: axis("Sensitivity", [0, 1]),
    grid: true,
    legend,
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: referenceColour, strokeDasharray: "3 4" },
      ),
      ...series.map(({ points, style }) =>
        Plot.line(visiblePoints(points.map(coordinates)), {
          stroke: style.colour,
          strokeDasharray: style.dash,
          strokeWidth: 2,
        }),
      ),
      ...series.map(({ operatingPoint, style }) =>
        Plot.dot(operatingPoint ? [coordinates(operatingPoint)] : [], {
          fill: style.colour,
          symbol: style.symbol,
          r: 5,
        }),
      ),
    ],
  });
}

function coordinates({ falsePositiveRate, truePositiveRate }: RocPlotPoint): [number, number] {
  return [falsePositiveRate, truePositiveRate];
}
