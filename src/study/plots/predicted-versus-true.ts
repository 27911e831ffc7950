// Predicted against true values of a regression, with the line where both agree.

import * as Plot from "@observablehq/plot";
import { axis, axisMargins, extent, numberMargin, padded } from "./axes.ts";
import type { MeasurementPlotOptions } from "./bland-altman.ts";
import { visibleDots } from "./curve.ts";
import { drawFigure } from "./frame.ts";
import { mainColour, referenceColour } from "./palette.ts";

/** True and predicted values, in the unit of the target. */
export interface PredictedValues {
  /** One a case. */
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** Draws each case; both axes have the same scale. */
export function predictedVersusTruePlot(
  { truth, predicted }: PredictedValues,
  { title = "Predicted against true", width = 420, unit }: MeasurementPlotOptions = {},
): string {
  const domain = padded(extent([...Array.from(truth), ...Array.from(predicted)]));
  const [low, high] = domain;
  const suffix = unit ? ` (${unit})` : "";
  return drawFigure({
    title,
    description: `Predicted against true value of ${truth.length} cases; on the dashed line both agree.`,
    width,
    height: width,
    ...axisMargins,
    marginLeft: numberMargin(domain),
    x: axis(`True${suffix}`, domain),
    y: axis(`Predicted${suffix}`, domain),
    grid: true,
    marks: [
      Plot.line(
        [
          [low, low],
          [high, high],
        ],
        { stroke: referenceColour, strokeDasharray: "3 4" },
      ),
      Plot.dot(visibleDots(truth, predicted, { xDomain: domain, yDomain: domain }), {
        fill: mainColour,
        fillOpacity: 0.5,
        r: 2.5,
      }),
    ],
  });
}
