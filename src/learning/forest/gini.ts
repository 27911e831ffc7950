// Gini impurity, 1 − Σ p_k² (Breiman et al.: "Classification and Regression Trees", 1984, section 4.3).

import { ClassCriterion } from "./class-criterion.ts";

/** Two classes: the decrease is 2 w_L w_R (p_L − p_R)² / w, with one division a cut. */
export class BinaryGini extends ClassCriterion {
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight } = this;
    const positives = this.totals[1];
    const left = this.startLeft(missingLeft);
    let leftPositives = left[1];
    let leftWeight = left[0] + left[1];
    let best = -1;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      const cell = present[i] * 2;
      const added = histogram[cell + 1];
      leftPositives += added;
      leftWeight += histogram[cell] + added;
      // w_L w_R (p_L − p_R) = pos_L w − pos w_L
      const difference = leftPositives * weight - positives * leftWeight;
      const square = difference * difference;
      const sides = leftWeight * (weight - leftWeight);
      if (square > best * sides && i >= from) {
        best = square / sides;
        at = i;
      }
    }
    this.gain = (2 * best) / weight;
    return at;
  }
}

/** Any number of classes: the decrease is Σ L_k² / w_L + Σ R_k² / w_R − Σ T_k² / w. */
export class Gini extends ClassCriterion {
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number {
    const { histogram, weight, totals, outputs } = this;
    const left = this.startLeft(missingLeft);
    let leftWeight = 0;
    let leftSquares = 0;
    let rightSquares = 0;
    let squares = 0;
    for (let label = 0; label < outputs; label++) {
      leftWeight += left[label];
      leftSquares += left[label] * left[label];
      rightSquares += (totals[label] - left[label]) ** 2;
      squares += totals[label] * totals[label];
    }
    let best = -1;
    let at = -1;
    for (let i = 0; i <= to; i++) {
      const first = present[i] * outputs;
      for (let label = 0; label < outputs; label++) {
        const added = histogram[first + label];
        if (added === 0) continue;
        const before = left[label];
        leftWeight += added;
        leftSquares += added * (added + 2 * before);
        rightSquares += added * (added - 2 * (totals[label] - before));
        left[label] = before + added;
      }
      const score = leftSquares / leftWeight + rightSquares / (weight - leftWeight);
      if (score > best && i >= from) {
        best = score;
        at = i;
      }
    }
    this.gain = Math.max(0, best - squares / weight);
    return at;
  }
}
