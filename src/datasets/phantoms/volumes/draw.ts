// Draws from the distributions that anatomy is described by.

import type { RandomStream } from "../../../base/index.ts";
import type { Site } from "../lesion-model.ts";
import type { ScanPatient } from "./scan.ts";

/** Normal, cut at two and a half standard deviations, so that no organ leaves its place. */
export function normalAround(mean: number, sd: number, random: RandomStream): number {
  return mean + sd * Math.max(-2.5, Math.min(2.5, random.normal()));
}

export function uniformIn(from: number, to: number, random: RandomStream): number {
  return from + (to - from) * random.uniform();
}

/** One of the words, as often as its share of the sum says. */
export function drawWord<Word extends string>(
  shares: Readonly<Record<Word, number>>,
  random: RandomStream,
): Word {
  const words = Object.keys(shares) as Word[];
  let left = random.uniform() * words.reduce((sum, word) => sum + shares[word], 0);
  for (const word of words) {
    left -= shares[word];
    if (left < 0) return word;
  }
  return words[words.length - 1];
}

/** Site A 0.6, B 0.4; women and men alike; N(58, 14) years. */
export function drawScanPatient(index: number, random: RandomStream): ScanPatient {
  const site: Site = drawWord({ A: 0.6, B: 0.4 }, random);
  const sex = drawWord({ F: 0.5, M: 0.5 }, random);
  const ageYears = Math.round(normalAround(58, 14, random));
  return { id: `P${String(index + 1).padStart(4, "0")}`, sex, ageYears, site };
}
