// The few SVG elements that figures need beside what Plot draws.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/** Size of all text in figures, pixels. */
export const FONT_SIZE = 12;

/** An SVG element with attributes and, where given, text. */
export function svgElement(
  document: Document,
  name: string,
  attributes: Record<string, string | number> = {},
  text?: string,
): Element {
  const element = document.createElementNS(SVG_NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}
