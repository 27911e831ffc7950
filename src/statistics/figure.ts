// A figure as a paper reports it: the value, its interval, the number of cases behind it and the method;
// or, where the value is undefined, null and the reason.

/** A measured value with its confidence interval. Plain data; survives JSON. */
export interface Figure {
  /** null where undefined (or infinite); `undefinedBecause` says why. */
  readonly value: number | null;
  /** Lower bound of the interval; null where there is none. */
  readonly low: number | null;
  /** Upper bound of the interval; null where there is none. */
  readonly high: number | null;
  /** Confidence level of the interval, such as 0.95. */
  readonly level: number;
  /** Cases (rows) that the value is made of: those in its denominator. */
  readonly n: number;
  /** How the interval was found. */
  readonly method: string;
  /** Why the value, or only its interval, is null. */
  readonly undefinedBecause?: string;
}

/** Bounds of an interval; null where a bound does not exist. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** Outcome of a hypothesis test; two-sided. */
export interface TestResult {
  /** Test statistic; null where undefined. */
  readonly statistic: number | null;
  /** Degrees of freedom of the statistic's reference distribution, where it has them. */
  readonly degreesOfFreedom?: number;
  readonly pValue: number | null;
  readonly n: number;
  readonly method: string;
  readonly undefinedBecause?: string;
}

/** Builds a figure; a value or bound that is not finite becomes null, with the reason. */
export function makeFigure(
  value: number,
  { low, high }: Interval,
  about: { level: number; n: number; method: string; undefinedBecause?: string },
): Figure {
  const { level, n, method, undefinedBecause } = about;
  const figure = { value: finite(value), low: finite(low), high: finite(high), level, n, method };
  const incomplete = figure.value === null || figure.low === null || figure.high === null;
  return incomplete ? { ...figure, undefinedBecause: undefinedBecause ?? "not defined" } : figure;
}

/** The figure of a value that does not exist. */
export function undefinedFigure(
  undefinedBecause: string,
  { level, n, method }: { level: number; n: number; method: string },
): Figure {
  return { value: null, low: null, high: null, level, n, method, undefinedBecause };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
