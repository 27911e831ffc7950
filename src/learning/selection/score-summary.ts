// Scores of several folds or repeats as mean and spread. An undefined score is null, is counted
// apart, and never drops silently out of a mean.

/** Mean and spread of a score over splits; undefined scores are counted, not averaged. */
export interface ScoreSummary {
  /** Of the scores that are defined; null where none is. */
  readonly mean: number | null;
  /** Sample standard deviation; null for fewer than two. */
  readonly standardDeviation: number | null;
  /** Scores that the mean is made of. */
  readonly n: number;
  /** Scores that were undefined, such as an area under the curve where a class was absent. */
  readonly undefinedCount: number;
}

/** Mean and spread. */
export function summariseScores(scores: readonly (number | null)[]): ScoreSummary {
  const defined = scores.filter((score) => score !== null);
  const n = defined.length;
  const mean = defined.reduce((sum, score) => sum + score, 0) / n;
  const squares = defined.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return {
    mean: n > 0 ? mean : null,
    standardDeviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null,
    n,
    undefinedCount: scores.length - n,
  };
}

/** null for a score that is not a finite number. */
export function definedOrNull(score: number): number | null {
  return Number.isFinite(score) ? score : null;
}
