// Colours, dashes and symbols of the plots. Colours are CSS custom properties that the page defines for
// light, dark and print; a figure on its own falls back to the colour of the text around it.
// The first hues follow Okabe and Ito, "Color Universal Design" (2008), darkened or lightened for contrast; the
// others keep any two apart for readers with a colour vision deficiency too (Machado et al., 2009), as a test shows.

/** What tells one series from another: never colour alone. */
export interface SeriesStyle {
  readonly colour: string;
  /** SVG stroke-dasharray; "none" is a solid line. */
  readonly dash: string;
  readonly symbol: "circle" | "square" | "triangle" | "diamond" | "star" | "wye" | "cross";
}

const dashes = ["none", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "6 2 1 2 1 2", "1 2"];
const symbols = ["circle", "square", "triangle", "diamond", "star", "wye", "cross"] as const;

/** The style of the n-th series (from 0); colours repeat after eight, with another symbol. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    colour: `var(--plot-${(index % 8) + 1}, currentColor)`,
    dash: dashes[index % dashes.length],
    symbol: symbols[index % symbols.length],
  };
}

/** Colours of an ordered quantity in five steps, low to high; the middle one is nearly grey. */
export const levelColours = [1, 2, 3, 4, 5].map(
  (level) => `var(--plot-level-${level}, currentColor)`,
);

/** Reference lines (chance, perfect calibration, zero) and whatever else stands behind the data. */
export const referenceColour = "var(--plot-reference, currentColor)";

/** The colour of a figure's only series. */
export const mainColour = seriesStyle(0).colour;

/** Pages that the colours are made for. */
export const plotGrounds = { light: "#ffffff", dark: "#14171b" } as const;

/** Values of the custom properties, by page theme. Each has a contrast of 3:1 or more with its ground (WCAG 1.4.11). */
export const plotColours = {
  light: {
    "--plot-1": "#0072b2",
    "--plot-2": "#d55e00",
    "--plot-3": "#00805f",
    "--plot-4": "#b8589a",
    "--plot-5": "#6c189c",
    "--plot-6": "#01a426",
    "--plot-7": "#9851d5",
    "--plot-8": "#0c00bd",
    "--plot-reference": "#767676",
    "--plot-level-1": "#00558f",
    "--plot-level-2": "#3a8cc4",
    "--plot-level-3": "#8a8590",
    "--plot-level-4": "#cf7628",
    "--plot-level-5": "#b34700",
  },
  dark: {
    "--plot-1": "#5cb8ee",
    "--plot-2": "#ff8b4d",
    "--plot-3": "#2fcb9c",
    "--plot-4": "#e89fcf",
    "--plot-5": "#3beaff",
    "--plot-6": "#cc2bc6",
    "--plot-7": "#b56f46",
    "--plot-8": "#b1fffe",
    "--plot-reference": "#9a9a9a",
    "--plot-level-1": "#4aa8ff",
    "--plot-level-2": "#8fc6f0",
    "--plot-level-3": "#bdb8c2",
    "--plot-level-4": "#f5b27a",
    "--plot-level-5": "#ff7a2e",
  },
} as const;
