// The legend of a figure: a sample of each series' line and symbol with its name, one a line.

import { shortened } from "./labels.ts";
import type { SeriesStyle } from "./palette.ts";
import { FONT_SIZE, svgElement } from "./svg.ts";

export interface LegendEntry {
  readonly label: string;
  readonly style: SeriesStyle;
  /** Drawn before the name; a line unless said otherwise. */
  readonly sample?: "line" | "dot";
}

const LINE_HEIGHT = 18;
/** Between the axis and the first line. */
const GAP = 8;
const SAMPLE_WIDTH = 28;

export function legendHeight(entries: readonly LegendEntry[]): number {
  return entries.length === 0 ? 0 : GAP + entries.length * LINE_HEIGHT;
}

export function legendNode(
  document: Document,
  entries: readonly LegendEntry[],
  { width, height, marginLeft = 40 }: { width: number; height: number; marginLeft?: number },
): Element {
  const group = svgElement(document, "g", {
    transform: `translate(${marginLeft},${height + GAP + LINE_HEIGHT / 2})`,
    "text-anchor": "start",
  });
  const room = width - marginLeft - SAMPLE_WIDTH - 8;
  for (const [index, { label, style, sample = "line" }] of entries.entries()) {
    const y = index * LINE_HEIGHT;
    const place = { x: SAMPLE_WIDTH + 8, y, dy: "0.32em" };
    group.append(
      sample === "dot" ? dot(document, y, style) : line(document, y, style),
      svgElement(document, "text", place, shortened(label, room, FONT_SIZE)),
    );
  }
  return group;
}

function line(document: Document, y: number, { colour, dash }: SeriesStyle): Element {
  const place = { x1: 0, x2: SAMPLE_WIDTH, y1: y, y2: y };
  const stroke = { stroke: colour, "stroke-width": 2, "stroke-dasharray": dash };
  return svgElement(document, "line", { ...place, ...stroke });
}

function dot(document: Document, y: number, { colour }: SeriesStyle): Element {
  return svgElement(document, "circle", { cx: SAMPLE_WIDTH - 6, cy: y, r: 4, fill: colour });
}
