// ROC curves (Fawcett, "An introduction to ROC analysis", 2006): sensitivity against 1 − specificity.

import * as Plot from "@observablehq/plot";
import { visiblePoints } from "./curve.ts";
import { drawFigure } from "./frame.ts";
import { type Estimated, withInterval } from "./labels.ts";
import { referenceColour, seriesStyle } from "./palette.ts";

export interface RocCurve {
  /** Class or model that the curve is of. */
  readonly label: string;
  /** From 0 to 1, ascending. */
  readonly falsePositiveRate: ArrayLike<number>;
  readonly truePositiveRate: ArrayLike<number>;
  readonly auc?: Estimated;
  /** Where the decision threshold puts the classifier. */
  readonly operatingPoint?: { falsePositiveRate: number; truePositiveRate: number };
}

export interface RocPlotOptions {
  title?: string;
  /** Pixels. */
  width?: number;
}

/** Draws ROC curves with their areas; a symbol marks the operating point. */
export function rocPlot(
  curves: readonly RocCurve[],
  { title = "ROC curve", width = 400 }: RocPlotOptions = {},
): string {
  const series = curves.map((curve, index) => ({ ...curve, style: seriesStyle(index) }));
  const named = series.map(({ label, auc, style }) => ({
    label: auc ? `${label}: AUC ${withInterval(auc)}` : label,
    style,
  }));
  return drawFigure({
    title,
    description: `Sensitivity against 1 − specificity. ${named.map(({ label }) => label).join("; ")}.`,
    width,
    height: width,
    marginLeft: 48,
    marginBottom: 44,
    marginTop: 12,
    marginRight: 12,
    x: {
      domain: [0, 1],
      label: "1 − specificity",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
    },
    y: {
      domain: [0, 1],
      label: "Sensitivity",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
    },
    grid: true,
    legend: named,
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: referenceColour, strokeDasharray: "3 4" },
      ),
      ...series.map((curve) =>
        Plot.line(visiblePoints({ x: curve.falsePositiveRate, y: curve.truePositiveRate }), {
          stroke: curve.style.colour,
          strokeDasharray: curve.style.dash,
          strokeWidth: 2,
        }),
      ),
      ...series.map(({ operatingPoint: point, style }) =>
        Plot.dot(point ? [[point.falsePositiveRate, point.truePositiveRate]] : [], {
          fill: style.colour,
          symbol: style.symbol,
          r: 5,
        }),
      ),
    ],
  });
}
