// One row of each patient, drawn at random: rows that can be taken as independent. A sample with one
// row of each patient stays exchangeable with a row of a new patient: Dunn, Wasserman & Ramdas, JASA
// 2023;118:2491–2502, section 3.3.

import { randomStream } from "../base/index.ts";

/** One of `rows` for each patient, in the order of the rows. */
export function oneOfPatient(
  rows: readonly number[],
  groups: ArrayLike<number> | undefined,
  { seed, purpose }: { seed: number; purpose: string },
): number[] {
  if (!groups) return [...rows];
  const ofPatient = new Map<number, number[]>();
  for (const row of rows) {
    const own = ofPatient.get(groups[row]);
    if (own) own.push(row);
    else ofPatient.set(groups[row], [row]);
  }
  const random = randomStream({ seed, purpose });
  return [...ofPatient.values()]
    .map((own) => own[random.integer(own.length)])
    .sort((a, b) => a - b);
}
