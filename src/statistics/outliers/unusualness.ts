// A score in words that people can use: "more unusual than 97 % of the cases held out", and from where on
// a case is called unusual. The threshold is a conformal quantile, so that of new cases like those held
// out at most the stated share is called so: Laxhammar & Falkman, Ann Math Artif Intell 2015;74:67–94.

import { checkParameters, integer, number, type OptionsOf, parameters } from "../../base/index.ts";
import { conformalQuantile, fewestScores } from "../conformal/conformal-quantile.ts";
import { oneOfPatient } from "../one-of-patient.ts";
import { rowChecks } from "../row-checks.ts";

const unusualnessParameters = parameters({
  /** Share of cases like those held out that shall not be called unusual. */
  usual: number({ above: 0, below: 1 }).default(0.95),
  seed: integer({ min: 0 }).default(0),
});

/** What scores are compared with. Plain data; survives JSON. */
export interface Unusualness {
  /** Cases held out: patients, where given. */
  readonly n: number;
  readonly usual: number;
  /** A case is unusual where its score is above; null where too few cases were held out. */
  readonly threshold: number | null;
  readonly thresholdMissingBecause?: string;
  /** Scores of the cases held out, in ascending order; at most 1001, evenly chosen, ends kept. */
  readonly scores: readonly number[];
}

const mostScores = 1001;

/**
 * Scores of cases that neither the network nor the distances were fitted to; greater ones are stranger.
 * Of several cases of a patient one is drawn.
 * @throws RoentgenError "too-few-samples" without a score, "shape-mismatch", "value-invalid" or "bad-option"
 */
export function fitUnusualness(
  scores: ArrayLike<number>,
  {
    groups,
    ...options
  }: { groups?: ArrayLike<number> } & OptionsOf<typeof unusualnessParameters> = {},
): Unusualness {
  const { usual, seed } = checkParameters(unusualnessParameters, options, "unusualness");
  const check = rowChecks("calibrate unusualness");
  check.finite("scores", scores);
  if (groups) check.length("groups", groups.length, scores.length, "a patient for each score");
  if (scores.length === 0) {
    const what = { subject: "scores", expected: "scores of cases held out", found: "none" };
    check.refuse("too-few-samples", what);
  }
  const purpose = "statistics/unusualness/patients";
  const rows = oneOfPatient(
    Array.from(scores, (_, row) => row),
    groups,
    { seed, purpose },
  );
  const sorted = Float64Array.from(rows, (row) => scores[row]).sort();
  const { threshold, n } = conformalQuantile(sorted, usual);
  const needed = `${n} of the ${fewestScores(usual)} cases that it needs were held out`;
  return {
    n,
    usual,
    threshold,
    ...(threshold === null && { thresholdMissingBecause: needed }),
    scores: thin(sorted),
  };
}

/** Share of cases held out that are less unusual than this score, 0 … 1; equal ones count half. */
export function unusualShare({ scores }: Pick<Unusualness, "scores">, score: number): number {
  const below = countBelow(scores, (other) => other < score);
  const notAbove = countBelow(scores, (other) => other <= score);
  return (below + notAbove) / 2 / scores.length;
}

/** How many of the sorted scores come before the first that does not hold, by bisection. */
function countBelow(sorted: readonly number[], holds: (score: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

function thin(sorted: Float64Array): number[] {
  if (sorted.length <= mostScores) return [...sorted];
  const step = (sorted.length - 1) / (mostScores - 1);
  return Array.from({ length: mostScores }, (_, index) => sorted[Math.round(index * step)]);
}
