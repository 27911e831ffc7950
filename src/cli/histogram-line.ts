// A histogram as one line of blocks.

/** Heights of a bar in eighths of a line. */
const BARS = " ▁▂▃▄▅▆▇█";

/** A character a bin; an empty bin is a space, the fullest a whole block. */
export function histogramLine(counts: readonly number[]): string {
  const highest = Math.max(...counts, 1);
  return counts.map((count) => BARS[count === 0 ? 0 : Math.ceil((count / highest) * 8)]).join("");
}
