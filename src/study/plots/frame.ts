// The frame of every figure: draws marks with Observable Plot on a document in memory and returns an
// accessible SVG without scripts, style sheets, links or fixed colours.

import type { PlotOptions } from "@observablehq/plot";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { printable } from "../printable.ts";
import { compactDotsInPlace } from "./compact-dots.ts";
import { type LegendEntry, legendHeight, legendNode } from "./legend.ts";
import { FONT_SIZE, svgElement } from "./svg.ts";

/** What every plot function takes beside its data. */
export interface PlotSize {
  title?: string;
  /** Pixels at full size. */
  width?: number;
}

export interface Frame extends Omit<PlotOptions, "document" | "className" | "figure" | "style"> {
  /** Name of the figure for a screen reader and on hovering: "ROC curve". */
  title: string;
  /** What the figure shows, in words, for those who can't see it. */
  description: string;
  /** Width of the drawing in CSS pixels; it shrinks with the page. */
  width: number;
  height: number;
  /** Series below the axes, one a line. */
  legend?: readonly LegendEntry[];
}

/** Draws a figure. The text is well-formed XML, usable inside HTML and as a file of its own. */
export function drawFigure({ title, description, legend = [], ...options }: Frame): string {
  const { document } = parseHTML("<html></html>");
  const svg = Plot.plot({ ...options, figure: false, document }) as Element;
  const height = options.height + legendHeight(legend);
  svg.querySelector("style")?.remove();
  for (const [name, value] of Object.entries({
    xmlns: "http://www.w3.org/2000/svg",
    role: "img",
    class: "plot",
    viewBox: `0 0 ${options.width} ${height}`,
    height: String(height),
    "font-size": String(FONT_SIZE),
  })) {
    svg.setAttribute(name, value);
  }
  svg.prepend(
    svgElement(document, "title", {}, title),
    svgElement(document, "desc", {}, description),
  );
  compactDotsInPlace(document, svg);
  if (legend.length > 0) svg.append(legendNode(document, legend, options));
  for (const element of [svg, ...svg.querySelectorAll("*")]) tidyAttributes(element);
  return printable(svg.outerHTML);
}

const geometry = new Set("d transform x y x1 x2 y1 y2 cx cy r width height".split(" "));

/** Hundredths of a pixel are enough, and what the platform computes beyond them may differ. */
function tidyAttributes(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    if (name.startsWith("aria-")) element.removeAttribute(name);
    else if (geometry.has(name)) {
      element.setAttribute(
        name,
        value.replace(/-?\d+\.\d+(e-?\d+)?/g, (digits) =>
          String(Number(Number(digits).toFixed(2))),
        ),
      );
    }
  }
}
