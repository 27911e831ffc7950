// Words and numbers in figures: fitted to the room there is, and rounded as a paper would.

/** Mean width of a character of a sans-serif face, as a share of the font size. */
const CHARACTER_WIDTH = 0.56;

/** Roughly how wide a text will be, in pixels. */
export function textWidth(text: string, fontSize: number): number {
  return [...text].length * CHARACTER_WIDTH * fontSize;
}

/** The text, cut in its middle by an ellipsis if it is wider than the room; both ends tell names apart. */
export function shortened(text: string, room: number, fontSize: number): string {
  const characters = [...text];
  const fits = Math.max(3, Math.floor(room / (CHARACTER_WIDTH * fontSize)));
  if (characters.length <= fits) return text;
  const head = Math.ceil((fits - 1) / 2);
  return [...characters.slice(0, head), "…", ...characters.slice(head - fits + 1)].join("");
}

/** A value with the interval it comes with; null where undefined. `Figure` of statistics is one. */
export interface Estimated {
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** "0.97 (0.95–0.99)"; "undefined" where there is no value. */
export function withInterval({ value, low, high }: Estimated, digits = 2): string {
  if (value === null || !Number.isFinite(value)) return "undefined";
  const interval =
    low == null || high == null ? "" : ` (${fixed(low, digits)}–${fixed(high, digits)})`;
  return fixed(value, digits) + interval;
}

/** Rounded to so many decimals, with a true minus sign. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
