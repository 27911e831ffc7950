// Axes as all figures have them: a few ticks, the label in the middle, no arrows.

import { oneLine, textWidth } from "./labels.ts";
import { FONT_SIZE } from "./svg.ts";

/** Room around a drawing for ticks and axis labels, pixels. */
export const axisMargins = { marginTop: 12, marginRight: 16, marginBottom: 44, marginLeft: 56 };

/** Options of a numeric axis. */
export function axis(label: string, domain?: readonly [number, number]) {
  return {
    label: oneLine(label),
    labelAnchor: "center" as const,
    labelArrow: "none" as const,
    ticks: 5,
    ...(domain && { domain: [...domain] }),
  };
}

/** Smallest and largest of the finite values, [0, 1] if there are none; a single value gets room around it. */
export function extent(values: Iterable<number | null | undefined>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  if (low < high) return [low, high];
  const room = Math.abs(low) / 2 || 1;
  return [low - room, high + room];
}

/** The domain with a share of its length added at both ends. */
export function padded([low, high]: readonly [number, number], share = 0.05): [number, number] {
  const room = (high - low) * share;
  return [low - room, high + room];
}

/** Left margin that holds these row labels, within what a figure can spare. */
export function labelMargin(labels: readonly string[], { most = 200 } = {}): number {
  const widest = labels.reduce((width, label) => Math.max(width, textWidth(label, FONT_SIZE)), 0);
  return Math.min(most, Math.ceil(widest) + 14);
}

/** Left margin that holds the numbers and the label of a vertical axis over this domain. */
export function numberMargin([low, high]: readonly [number, number]): number {
  const digits = (value: number) => Math.round(value).toLocaleString("en-US").length;
  const decimals = Math.max(0, -Math.floor(Math.log10((high - low) / 5)));
  const widest = Math.max(digits(low), digits(high)) + (decimals > 0 ? decimals + 1 : 0);
  return Math.max(axisMargins.marginLeft, Math.ceil(34 + widest * 7.2));
}
