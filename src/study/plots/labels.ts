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

/** "0.974 (0.951–0.996)"; "not defined" where there is no value. */
export function withInterval({ value, low, high }: Estimated): string {
  if (value === null || !Number.isFinite(value)) return "not defined";
  if (low == null || high == null) return rounded(value);
  return `${rounded(value)} (${span(low, high)})`;
}

/** "0.951–0.996", or "−0.1 to 0.3", since a dash before a minus sign can't be read. */
export function span(low: number, high: number, digits = decimalsFor(low, high)): string {
  return `${fixed(low, digits)}${low < 0 ? " to " : "–"}${fixed(high, digits)}`;
}

/**
 * Three decimals from 0.01 to 1, as for shares; two significant digits below, three (or all before the point)
 * above.
 */
export function rounded(value: number): string {
  return fixed(value, decimalsFor(value));
}

function decimalsFor(...values: readonly number[]): number {
  const size = Math.max(...values.map(Math.abs));
  if (size === 0 || (size >= 0.01 && size <= 1)) return 3;
  const digits = size < 0.01 ? 2 : 3;
  return Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
}

/** Rounded to so many decimals, with a true minus sign and no minus before zero. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
