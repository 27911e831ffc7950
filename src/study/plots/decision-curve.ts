// Decision curves (Vickers and Elkin, 2006): net benefit of acting on the model against acting on everyone or no one.

import * as Plot from "@observablehq/plot";
import { axis, axisMargins } from "./axes.ts";
import { type Point, visiblePoints } from "./curve.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { referenceColour, type SeriesStyle, seriesStyle } from "./palette.ts";

/** Net benefit of a model and of treating everyone (Vickers, Elkin, Med Decis Making 26, 2006). */
export interface DecisionSeries {
  readonly label: string;
  /** By ascending threshold probability. */
  readonly points: readonly {
    readonly threshold: number;
    readonly model: number;
    readonly everyone: number;
  }[];
}

const everyoneStyle: SeriesStyle = { colour: referenceColour, dash: "3 4", symbol: "circle" };
const noOneStyle: SeriesStyle = { colour: "currentColor", dash: "none", symbol: "circle" };

/** Draws net benefit over threshold probabilities. All series must be of the same cases. */
export function decisionCurvePlot(
  curves: readonly DecisionSeries[],
  { title = "Decision curve", width = 440 }: PlotSize = {},
): string {
  const series = curves.map(({ label, points }, index) => ({
    label,
    line: points.map(({ threshold, model }): Point => [threshold, model]),
    style: seriesStyle(index),
  }));
  const everyone = (curves[0]?.points ?? []).map(
    ({ threshold, everyone }): Point => [threshold, everyone],
  );
  const best = Math.max(
    0.01,
    ...[...series.flatMap(({ line }) => line), ...everyone].map(([, y]) => y),
  );
  const lowest = -best / 5;
  const lines = [{ label: "Act on everyone", line: everyone, style: everyoneStyle }, ...series];
  return drawFigure({
    title,
    description: `Net benefit against threshold probability, for ${series.map(({ label }) => label).join(", ")}, acting on everyone and acting on no one.`,
    width,
    height: Math.round(width * 0.72),
    ...axisMargins,
    x: axis("Threshold probability", [0, 1]),
    y: axis("Net benefit", [lowest, best * 1.05]),
    grid: true,
    legend: [...series, lines[0], { label: "Act on no one", style: noOneStyle }],
    marks: [
      Plot.ruleY([0]),
      ...lines.flatMap(({ line, style }) =>
        piecesAbove(line, lowest).map((piece) =>
          Plot.line(visiblePoints(piece, { ySpan: best }), {
            stroke: style.colour,
            strokeDasharray: style.dash,
            strokeWidth: 2,
          }),
        ),
      ),
    ],
  });
}

/** The pieces of a line that are above a floor, each cut where it crosses it. */
function piecesAbove(line: readonly Point[], floor: number): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] | undefined;
  for (const [index, point] of line.entries()) {
    const before = line[index - 1];
    const above = point[1] >= floor;
    if (above && !piece) {
      piece = before ? [crossing(before, point, floor)] : [];
      pieces.push(piece);
    }
    if (above) piece?.push(point);
    else if (piece) {
      piece.push(crossing(before, point, floor));
      piece = undefined;
    }
  }
  return pieces;
}

function crossing([x1, y1]: Point, [x2, y2]: Point, floor: number): Point {
  return [x1 + ((x2 - x1) * (floor - y1)) / (y2 - y1), floor];
}
