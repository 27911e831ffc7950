// The confusion matrix: true classes as rows, predicted classes as columns, counts and shares of each row.

import * as Plot from "@observablehq/plot";
import { labelMargin } from "./axes.ts";
import { drawFigure, type PlotSize } from "./frame.ts";
import { shortened, textWidth } from "./labels.ts";
import { mainColour } from "./palette.ts";
import { FONT_SIZE } from "./svg.ts";

/** Counts of cases by true and predicted class. */
export interface ConfusionTable {
  readonly classes: readonly string[];
  /** `[true class][predicted class]`. */
  readonly counts: readonly (readonly number[])[];
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  /** Of the cases of the true class; 0 where it has none. */
  readonly share: number;
}

/** The darkest a cell gets, so that the text on it stays readable in light and dark. */
const FULL = 0.6;

/** Angle of class names that lean, and how long they may be, pixels. */
const LEAN = Math.PI / 5;
const LEANING_ROOM = 130;

/** Draws counts on cells that are darker the larger their share of the true class. */
export function confusionMatrixPlot(
  { classes, counts }: ConfusionTable,
  { title = "Confusion matrix", width = classes.length > 3 ? 600 : 400 }: PlotSize = {},
): string {
  const cells = listCells(counts);
  const marginLeft = labelMargin(classes, { most: width * 0.35 }) + 22;
  const marginRight = 30;
  const side = (width - marginLeft - marginRight) / classes.length;
  const rowHeight = Math.max(30, Math.min(side, 72));
  const indices = classes.map((_, index) => index);
  const widest = Math.max(...classes.map((label) => textWidth(label, FONT_SIZE)));
  // Names that don't fit over their column lean over it.
  const leans = widest > side - 6;
  const marginTop = leans ? 40 + Math.min(widest, LEANING_ROOM) * Math.sin(LEAN) : 48;
  const name = (room: number) => (index: number) => shortened(classes[index], room, FONT_SIZE);
  return drawFigure({
    title,
    description: describe(classes, cells),
    width,
    height: marginTop + 16 + rowHeight * classes.length,
    marginLeft,
    marginTop,
    marginRight,
    marginBottom: 16,
    x: {
      axis: "top",
      domain: indices,
      label: "Predicted class",
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: marginTop - 6,
      tickSize: 0,
      tickRotate: leans ? (-LEAN * 180) / Math.PI : 0,
      tickFormat: name(leans ? LEANING_ROOM : side - 6),
    },
    y: {
      domain: indices,
      label: "True class",
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: marginLeft - 6,
      tickSize: 0,
      tickFormat: name(marginLeft - 36),
    },
    marks: [
      Plot.cell(cells, {
        x: "column",
        y: "row",
        fill: mainColour,
        fillOpacity: ({ share }) => share * FULL,
        stroke: "currentColor",
        strokeOpacity: 0.25,
        inset: 0.5,
        title: ({ row, column, count }) =>
          `true ${classes[row]}, predicted ${classes[column]}: ${count}`,
      }),
      ...cellTexts(cells, { small: side < 42 || rowHeight < 40 }),
    ],
    opacity: { type: "identity" },
  });
}

function cellTexts(cells: readonly Cell[], { small }: { small: boolean }) {
  const at = { x: "column", y: "row" } as const;
  const count = ({ count }: Cell) => (Number.isInteger(count) ? String(count) : count.toFixed(1));
  if (small) return [Plot.text(cells, { ...at, text: count, fontSize: 11 })];
  return [
    Plot.text(cells, { ...at, text: count, fontSize: 16, fontWeight: 600, dy: -7 }),
    Plot.text(cells, { ...at, text: ({ share }) => `${(share * 100).toFixed(0)} %`, dy: 11 }),
  ];
}

function listCells(counts: ConfusionTable["counts"]): Cell[] {
  return counts.flatMap((line, row) => {
    const total = line.reduce((sum, count) => sum + count, 0);
    return line.map((count, column) => ({
      row,
      column,
      count,
      share: total > 0 ? count / total : 0,
    }));
  });
}

function describe(classes: readonly string[], cells: readonly Cell[]): string {
  const facts = cells
    .filter(({ count }) => count > 0)
    .slice(0, 100)
    .map(({ row, column, count }) => `true ${classes[row]} predicted ${classes[column]}: ${count}`);
  return `Counts of true against predicted classes. ${facts.join("; ")}.`;
}
