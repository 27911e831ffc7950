// Whether an SVG is nothing but a drawing: known elements, no script, link, style sheet or reference.

const elements = new Set(
  "svg title desc g path line rect circle text tspan polygon polyline ellipse".split(" "),
);
const tag = /<(\/?)([A-Za-z]+)((?:\s+[A-Za-z][\w:-]*="[^"<>]*")*)\s*\/?>/g;
const reference = /\s(?:on\w*|style|(?:xlink:)?href)=|url\s*\(/i;

export function isPlainDrawing(svg: string): boolean {
  let plain = true;
  const text = svg.replace(tag, (_, _close, name: string, attributes: string) => {
    if (!elements.has(name) || reference.test(attributes)) plain = false;
    return "";
  });
  return plain && !text.includes("<");
}
