// Entropy, −Σ p_k ld p_k (Quinlan: "Induction of decision trees", Machine Learning 1, 1986).

import { ClassCriterion } from "./class-criterion.ts";

/** The decrease in bits: Σ L_k ld L_k − w_L ld w_L + the same of R − the same of all. */
export class Entropy extends ClassCriterion {
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight, totals, outputs } = this;
    const left = this.startLeft(missingLeft);
    let best = Number.NEGATIVE_INFINITY;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      const first = present[i] * outputs;
      let leftWeight = 0;
      let score = 0;
      for (let label = 0; label < outputs; label++) {
        left[label] += histogram[first + label];
        leftWeight += left[label];
        score += xLog2x(left[label]) + xLog2x(totals[label] - left[label]);
      }
      score -= xLog2x(leftWeight) + xLog2x(weight - leftWeight);
      if (score > best && i >= from) {
        best = score;
        at = i;
      }
    }
    let whole = -xLog2x(weight);
    for (let label = 0; label < outputs; label++) whole += xLog2x(totals[label]);
    this.gain = Math.max(0, best - whole);
    return at;
  }
}

/** x ld x, 0 at 0 (and where rounding has left less than 0). */
function xLog2x(x: number): number {
  return x > 0 ? x * Math.log2(x) : 0;
}
