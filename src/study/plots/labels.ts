// Words and numbers in figures: fitted to the room there is, and rounded as a paper would.

/** Mean width of a character of a sans-serif face, as a share of the font size. */
const CHARACTER_WIDTH = 0.6;

/** Roughly how wide a text will be, in pixels. */
export function textWidth(text: string, fontSize: number): number {
  return [...text].length * CHARACTER_WIDTH * fontSize;
}

/** The text on one line: a line break in a column name would be drawn as one. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The text on one line, cut in its middle by an ellipsis if it is wider than the room; both ends tell names apart. */
export function shortened(text: string, room: number, fontSize: number): string {
  const characters = [...oneLine(text)];
  const fits = Math.max(3, Math.floor(room / (CHARACTER_WIDTH * fontSize)));
  if (characters.length <= fits) return characters.join("");
  const head = Math.ceil((fits - 1) / 2);
  return [...characters.slice(0, head), "…", ...characters.slice(head - fits + 1)].join("");
}

/** A value with the interval it comes with; null where undefined. `Figure` of statistics is one. */
export interface Estimated {
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** "0.97 (0.95–0.99)"; "not defined" where there is no value. */
export function withInterval({ value, low, high }: Estimated, digits = 2): string {
  if (value === null || !Number.isFinite(value)) return "not defined";
  if (low == null || high == null) return fixed(value, digits);
  return `${fixed(value, digits)} (${span(low, high, digits)})`;
}

/** "0.95–0.99", or "−0.1 to 0.3", since a dash before a minus sign can't be read. */
export function span(low: number, high: number, digits: number): string {
  return `${fixed(low, digits)}${low < 0 ? " to " : "–"}${fixed(high, digits)}`;
}

/** Rounded to so many decimals, with a true minus sign. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
