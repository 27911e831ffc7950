// Curves of a training as text: a small panel each for the losses and the figures, in dots of Braille (Unicode U+2800 to U+28FF).

import type { EpochRecord } from "./checkpoint.ts";

export interface TrainingPlotOptions {
  /** Columns of text at most. */
  width?: number;
  /** Lines of the panels, without those above and below. */
  height?: number;
  /** Is marked under the curves. */
  bestEpoch?: number;
}

/** Columns between panels, and what a panel needs at least. */
const GAP = 2;
const LEAST_COLUMNS = 20;

/**
 * Draws the loss, the loss on the validation samples (at the same scale) and as many other figures as there is room for.
 * Gives lines of equal meaning to a terminal, a log and a page; "" before the first epoch.
 */
export function trainingPlot(
  history: readonly EpochRecord[],
  { width = 76, height = 6, bestEpoch }: TrainingPlotOptions = {},
): string {
  if (history.length === 0) return "";
  const room = Math.max(1, Math.floor((width + GAP) / (LEAST_COLUMNS + GAP)));
  const curves = curvesOf(history).slice(0, room);
  const columns = Math.floor((width - GAP * (curves.length - 1)) / curves.length);
  const epochs = history.map(({ epoch }) => epoch);
  const panels = curves.map((curve) => panel(curve, { epochs, columns, height, bestEpoch }));
  return panels[0]
    .map((_, line) =>
      panels
        .map((lines) => lines[line])
        .join(" ".repeat(GAP))
        .trimEnd(),
    )
    .join("\n");
}

interface Curve {
  readonly label: string;
  /** One an epoch. */
  readonly values: readonly number[];
  readonly range: Range;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function curvesOf(history: readonly EpochRecord[]): Curve[] {
  const names = [...new Set(history.flatMap(({ validation = {} }) => Object.keys(validation)))];
  const judged = (name: string) =>
    history.map(({ validation }) => validation?.[name] ?? Number.NaN);
  const losses = { loss: history.map(({ loss }) => loss), "validation loss": judged("loss") };
  const range = rangeOf(Object.values(losses).flat());
  const others = names.filter((name) => name !== "loss");
  return [
    ...Object.entries(losses)
      .filter(([, values]) => values.some((value) => !Number.isNaN(value)))
      .map(([label, values]) => ({ label, values, range })),
    ...others.map((label) => ({ label, values: judged(label), range: rangeOf(judged(label)) })),
  ];
}

function rangeOf(values: readonly number[]): Range {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { low: 0, high: 1 };
  return { low: Math.min(...finite), high: Math.max(...finite) };
}

interface PanelOptions {
  readonly epochs: readonly number[];
  readonly columns: number;
  readonly height: number;
  readonly bestEpoch: number | undefined;
}

/** The last value above, the ends of the scale beside, the epochs below; all lines are equally long. */
function panel(
  { label, values, range }: Curve,
  { epochs, columns, height, bestEpoch }: PanelOptions,
): string[] {
  const [high, low] = [figure(range.high), figure(range.low)];
  const margin = Math.max(high.length, low.length);
  const width = Math.max(1, columns - margin - 1);
  const rows = brailleCurve(values, { range, width, height });
  const sides = rows.map((_, row) => (row === 0 ? high : row === height - 1 ? low : ""));
  const lines = [
    `${label} ${figure(values[values.length - 1])}`,
    ...rows.map((row, at) => `${sides[at].padStart(margin)} ${row}`),
    `${" ".repeat(margin + 1)}${epochLine(epochs, { width, bestEpoch })}`,
  ];
  return lines.map((line) => [...line.padEnd(columns)].slice(0, columns).join(""));
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}

/** The first and the last epoch at the ends, a mark at the best one. */
function epochLine(
  epochs: readonly number[],
  { width, bestEpoch }: { width: number; bestEpoch: number | undefined },
): string {
  const [first, last] = [String(epochs[0]), String(epochs[epochs.length - 1])];
  const cells = [
    ...(epochs.length > 1 ? first.padEnd(width - last.length) + last : first.padEnd(width)),
  ];
  const best = epochs.indexOf(bestEpoch ?? Number.NaN);
  if (best >= 0) cells[Math.floor(columnOf(best, epochs.length, width) / 2)] = "▲";
  return cells.join("");
}

/** Column of dots, two a cell, of the n-th of some epochs. */
function columnOf(index: number, count: number, width: number): number {
  return count > 1 ? Math.round((index / (count - 1)) * (2 * width - 1)) : 0;
}

/** Bits of the dots of a cell, row by row, left and right. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** A line through the values that are finite, in cells of two by four dots. */
function brailleCurve(
  values: readonly number[],
  { range, width, height }: { range: Range; width: number; height: number },
): string[] {
  const cells = Array.from({ length: height }, () => new Uint8Array(width));
  const span = range.high - range.low;
  const rowOf = (value: number) =>
    Math.round((span > 0 ? (range.high - value) / span : 0.5) * (4 * height - 1));
  let before: { x: number; y: number } | undefined;
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) before = undefined;
    else {
      const point = { x: columnOf(index, values.length, width), y: rowOf(value) };
      drawLineInPlace(cells, before ?? point, point);
      before = point;
    }
  }
  // Some fonts draw a cell without dots as eight rings.
  const shown = (bits: number) => (bits === 0 ? " " : String.fromCodePoint(0x2800 + bits));
  return cells.map((row) => Array.from(row, shown).join(""));
}

type Dot = { readonly x: number; readonly y: number };

/** As many dots as the longer way has. */
function drawLineInPlace(cells: readonly Uint8Array[], from: Dot, to: Dot): void {
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(from.x + ((to.x - from.x) * step) / steps);
    const y = Math.round(from.y + ((to.y - from.y) * step) / steps);
    cells[y >> 2][x >> 1] |= DOTS[y & 3][x & 1];
  }
}
