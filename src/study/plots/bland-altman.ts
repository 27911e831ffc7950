// Bland–Altman plot (Bland and Altman, Lancet 1986): difference of two measurements against their mean, with
// the bias and the limits of agreement.

import * as Plot from "@observablehq/plot";
import { axis, axisMargins, extent, numberMargin, padded } from "./axes.ts";
import { visibleDots } from "./curve.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { type Estimated, withInterval } from "./labels.ts";
import { mainColour, seriesStyle } from "./palette.ts";

/** A Bland–Altman analysis: bias and limits of agreement with their intervals, in the unit of the measurement. */
export interface Agreement {
  /** Mean of the two measurements, one a case. */
  readonly means: ArrayLike<number>;
  /** Predicted − true, one a case. */
  readonly differences: ArrayLike<number>;
  readonly bias: Estimated;
  readonly lowerLimit: Estimated;
  readonly upperLimit: Estimated;
}

/** Size of the drawing and unit of its axes. */
export interface MeasurementPlotOptions extends PlotSize {
  /** Unit of the measurement: "mm". */
  unit?: string;
}

/** Draws each case, the bias and the limits of agreement with their intervals as bands. */
export function blandAltmanPlot(
  { means, differences, ...lines }: Agreement,
  { title = "Bland–Altman plot", width = 460, unit }: MeasurementPlotOptions = {},
): string {
  const named = [
    { label: "Upper limit of agreement", line: lines.upperLimit, style: seriesStyle(1) },
    { label: "Bias", line: lines.bias, style: { ...seriesStyle(0), colour: "currentColor" } },
    { label: "Lower limit of agreement", line: lines.lowerLimit, style: seriesStyle(1) },
  ].filter(({ line }) => line.value !== null);
  const legend = named.map(({ label, line, style }) => ({
    label: `${label} ${withInterval(line)}`,
    style,
  }));
  const bounds = named.flatMap(({ line }) => [line.value, line.low, line.high]);
  const xDomain = padded(extent(Array.from(means)));
  const yDomain = padded(extent([...Array.from(differences), ...bounds]));
  const suffix = unit ? ` (${unit})` : "";
  return drawFigure({
    title,
    description: `Difference of predicted and true value against their mean. ${legend.map(({ label }) => label).join("; ")}.`,
    width,
    height: Math.round(width * 0.78),
    ...axisMargins,
    marginLeft: numberMargin(yDomain),
    x: axis(`Mean of predicted and true${suffix}`, xDomain),
    y: axis(`Predicted − true${suffix}`, yDomain),
    legend,
    marks: [
      ...named.map(({ line, style }) =>
        Plot.rectY(line.low == null || line.high == null ? [] : [line], {
          x1: xDomain[0],
          x2: xDomain[1],
          y1: "low",
          y2: "high",
          fill: style.colour,
          fillOpacity: 0.12,
        }),
      ),
      Plot.dot(visibleDots(means, differences, { xDomain, yDomain }), {
        fill: mainColour,
        fillOpacity: 0.5,
        r: 2.5,
      }),
      ...named.map(({ line, style }) =>
        Plot.ruleY([line.value as number], {
          stroke: style.colour,
          strokeDasharray: style.dash,
          strokeWidth: 1.5,
        }),
      ),
    ],
  });
}
