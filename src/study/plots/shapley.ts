// Shapley values as a beeswarm (Lundberg et al., 2020): each dot is a case, its place how far the feature
// moved the prediction, its colour whether the feature was low or high.

import * as Plot from "@observablehq/plot";
import { axis, extent, labelMargin, padded } from "./axes.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { shortened } from "./labels.ts";
import { levelColours, referenceColour, type SeriesStyle } from "./palette.ts";
import { FONT_SIZE } from "./svg.ts";

/** Shapley values of a feature over the cases. */
export interface ShapleyFeature {
  readonly label: string;
  /** Shapley value of the feature for each case. */
  readonly contributions: ArrayLike<number>;
  /** Value of the feature for each case, NaN where missing. */
  readonly values: ArrayLike<number>;
}

/** Size of the drawing, number of features and what they move. */
export interface ShapleyPlotOptions extends PlotSize {
  /** Most features to draw; 12 by default. */
  limit?: number;
  /** What is moved: "Change of the probability of malignant". */
  axisLabel?: string;
}

/** Half the height of a feature's row, pixels; and the size of a dot. */
const HALF_ROW = 14;
const RADIUS = 2;
/** Cases drawn of each feature, evenly chosen. */
const MOST_CASES = 300;
/** Columns that the width is cut into to stack dots. */
const COLUMNS = 120;

interface Swarm {
  readonly index: number;
  readonly x: number;
  /** Pixels from the middle of the row. */
  readonly offset: number;
  readonly colour: string;
}

/** Draws the features with the largest mean absolute contribution, largest first. */
export function shapleyPlot(
  features: readonly ShapleyFeature[],
  {
    title = "Shapley values",
    width = 560,
    limit = 12,
    axisLabel = "Shapley value",
  }: ShapleyPlotOptions = {},
): string {
  const shown = features
    .map((feature) => ({ ...feature, size: meanAbsolute(feature.contributions) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, limit);
  const labels = shown.map(({ label }) => label);
  const marginLeft = labelMargin(labels, { most: width * 0.38 });
  const domain = padded(
    extent([0, ...shown.flatMap((feature) => Array.from(feature.contributions))]),
  );
  const dots = shown.flatMap((feature, index) => swarm(feature, index, domain));
  return drawFigure({
    title,
    description: `${axisLabel}. Mean absolute value: ${shown.map(({ label, size }) => `${label} ${size.toPrecision(2)}`).join("; ")}.`,
    width,
    height: 60 + 2 * HALF_ROW * Math.max(1, shown.length),
    marginLeft,
    marginTop: 8,
    marginRight: 20,
    marginBottom: 44,
    x: { ...axis(axisLabel, domain), grid: true },
    y: {
      type: "linear",
      domain: [-0.5, Math.max(1, shown.length) - 0.5],
      reverse: true,
      label: null,
      tickSize: 0,
      ticks: shown.map((_, index) => index),
      tickFormat: (index: number) => shortened(labels[index], marginLeft - 14, FONT_SIZE),
    },
    legend: legendEntries,
    marks: [
      Plot.ruleX([0], { stroke: referenceColour }),
      Plot.dot(dots, {
        x: "x",
        y: ({ index, offset }) => index + offset / (2 * HALF_ROW),
        fill: "colour",
        fillOpacity: 0.8,
        r: RADIUS,
      }),
    ],
    color: { type: "identity" },
  });
}

const legendEntries = ["Lowest fifth of the feature's values", "Middle fifth", "Highest fifth"].map(
  (label, index) => ({
    label,
    sample: "dot" as const,
    style: {
      colour: levelColours[index * 2],
      dash: "none",
      symbol: "circle",
    } satisfies SeriesStyle,
  }),
);

function meanAbsolute(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += Math.abs(values[index]);
  return values.length > 0 ? sum / values.length : 0;
}

/** Dots of equal place stand beside each other, closer the more there are. */
function swarm(feature: ShapleyFeature, index: number, [low, high]: [number, number]): Swarm[] {
  const { contributions, values } = feature;
  const cases = chosenCases(contributions.length);
  const colourOf = quintileColours(values);
  const columns = new Map<number, number[]>();
  for (const row of cases) {
    const column = Math.round(((contributions[row] - low) / (high - low)) * COLUMNS);
    const members = columns.get(column);
    if (members) members.push(row);
    else columns.set(column, [row]);
  }
  return [...columns.values()].flatMap((rows) => {
    const step = Math.min(2 * RADIUS, (2 * (HALF_ROW - RADIUS)) / rows.length);
    return rows.map((row, place) => ({
      index,
      x: contributions[row],
      offset: (place - (rows.length - 1) / 2) * step,
      colour: colourOf(values[row]),
    }));
  });
}

function chosenCases(count: number): number[] {
  const shown = Math.min(count, MOST_CASES);
  return Array.from({ length: shown }, (_, index) => Math.floor((index * count) / shown));
}

/** Colour by fifths of the feature's values; what is missing has the reference colour. */
function quintileColours(values: ArrayLike<number>): (value: number) => string {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const bounds = [1, 2, 3, 4].map((fifth) => sorted[Math.floor((fifth * sorted.length) / 5)]);
  return (value) => {
    if (Number.isNaN(value)) return referenceColour;
    const level = bounds.findIndex((bound) => value < bound);
    return levelColours[level < 0 ? 4 : level];
  };
}
