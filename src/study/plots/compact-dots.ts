// Turns hundreds of circles of one size into one path of round points for each colour: a tenth of the text.

import { svgElement } from "./svg.ts";

/** Rewrites, in place, groups that hold nothing but circles of equal size without text of their own. */
export function compactDotsInPlace(document: Document, svg: Element): void {
  for (const group of svg.querySelectorAll("g")) {
    const circles = [...group.children];
    if (circles.length < 50 || !circles.every(isBareCircle)) continue;
    const radius = circles[0].getAttribute("r");
    if (circles.some((circle) => circle.getAttribute("r") !== radius)) continue;
    const fill = group.getAttribute("fill");
    const paths = [...pointsByColour(circles)].map(([colour, d]) =>
      svgElement(document, "path", { d, stroke: colour || fill || "currentColor" }),
    );
    group.replaceChildren(...paths);
    const opacity = group.getAttribute("fill-opacity");
    if (opacity) group.setAttribute("stroke-opacity", opacity);
    group.removeAttribute("fill-opacity");
    group.setAttribute("fill", "none");
    group.setAttribute("stroke-width", String(2 * Number(radius)));
    group.setAttribute("stroke-linecap", "round");
  }
}

const isBareCircle = (element: Element): boolean =>
  element.tagName.toLowerCase() === "circle" && element.children.length === 0;

/** A line of no length with round ends is a dot. */
function pointsByColour(circles: readonly Element[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const circle of circles) {
    const colour = circle.getAttribute("fill") ?? "";
    const [x, y] = ["cx", "cy"].map((name) => Number(circle.getAttribute(name)).toFixed(1));
    paths.set(colour, `${paths.get(colour) ?? ""}M${x},${y}h0`);
  }
  return paths;
}
