// p values corrected for having looked more than once. Holm, Scand J Stat 1979;6:65–70;
// Benjamini & Hochberg, J R Stat Soc B 1995;57:289–300.

/**
 * "holm" and "bonferroni" (never better, but simpler to say) bound the chance of any false finding,
 * "benjamini-hochberg" the share of false ones among findings.
 */
export type Correction = "holm" | "bonferroni" | "benjamini-hochberg";

/** Adjusted p values in the order given. Tests that gave none (null) stay null and are not counted. */
export function adjustPValues(
  pValues: readonly (number | null)[],
  { correction = "holm" }: { correction?: Correction } = {},
): (number | null)[] {
  const tested = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }]));
  tested.sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  const values = corrections[correction](tested);
  tested.forEach(({ index }, rank) => {
    adjusted[index] = values[rank];
  });
  return adjusted;
}

type Adjustment = (ascending: readonly { p: number }[]) => number[];

const corrections: Record<Correction, Adjustment> = {
  holm,
  bonferroni: (ascending) => ascending.map(({ p }) => Math.min(1, p * ascending.length)),
  "benjamini-hochberg": benjaminiHochberg,
};

function holm(ascending: readonly { p: number }[]): number[] {
  let highest = 0;
  return ascending.map(({ p }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (ascending.length - rank)));
    return highest;
  });
}

function benjaminiHochberg(ascending: readonly { p: number }[]): number[] {
  const adjusted = new Array<number>(ascending.length);
  let lowest = 1;
  for (let rank = ascending.length - 1; rank >= 0; rank--) {
    lowest = Math.min(lowest, (ascending[rank].p * ascending.length) / (rank + 1));
    adjusted[rank] = lowest;
  }
  return adjusted;
}
