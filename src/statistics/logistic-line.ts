// A logistic regression on one column of log odds, by damped Newton steps: what calibration intercept
// and slope are fitted with. McCullagh & Nelder, Generalized Linear Models, 1989, section 2.5; cluster-
// robust variance: Liang & Zeger, Biometrika 1986;73:13–22.

/** The line's points. */
export interface LogisticPoints {
  /** 0 or 1, or anything between. */
  readonly outcome: Float64Array;
  readonly weight: Float64Array;
  /** Predicted log odds ℓ, finite. */
  readonly logits: Float64Array;
}

export interface LogisticData extends LogisticPoints {
  /** Patient of each row, 0 … unitCount − 1. */
  readonly unitOf: Int32Array;
  readonly unitCount: number;
  /** Whether the variance is the cluster-robust sandwich instead of the model's. */
  readonly robust: boolean;
}

export interface LogisticFit {
  readonly estimate: number;
  /** Standard error. */
  readonly error: number;
}

/**
 * Fits logit P = a + ℓ and gives a ("intercept"), or logit P = a + bℓ and gives b ("slope"). The data
 * must have a finite optimum.
 */
export function fitLogisticLine(data: LogisticData, wanted: "intercept" | "slope"): LogisticFit {
  const line = solveLogisticLine(data, wanted);
  return {
    estimate: wanted === "intercept" ? line.a : line.b,
    error: Math.sqrt(varianceOf(data, line, wanted)),
  };
}

/** The line itself: a, and b where the slope is wanted, else b = 1. */
export function solveLogisticLine(data: LogisticPoints, wanted: "intercept" | "slope"): Line {
  const reach = data.logits.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0);
  let line: Line = { a: 0, b: wanted === "intercept" ? 1 : 0 };
  for (let step = 0; step < 1000; step++) {
    const next = climb(data, line, newtonStep(derivatives(data, line), wanted), reach);
    const size = Math.max(Math.abs(next.a - line.a), Math.abs(next.b - line.b));
    line = next;
    if (size <= 1e-14 * (1 + Math.abs(line.a) + Math.abs(line.b))) break;
  }
  return line;
}

/** logit P = a + bℓ. */
interface Line {
  readonly a: number;
  readonly b: number;
}

/** Gradient (ga, gb) and negative Hessian of the log likelihood. */
interface Derivatives {
  readonly ga: number;
  readonly gb: number;
  readonly haa: number;
  readonly hab: number;
  readonly hbb: number;
}

function newtonStep({ ga, gb, haa, hab, hbb }: Derivatives, wanted: "intercept" | "slope"): Line {
  if (wanted === "intercept") return { a: ga / haa, b: 0 };
  const determinant = haa * hbb - hab * hab;
  return { a: (hbb * ga - hab * gb) / determinant, b: (haa * gb - hab * ga) / determinant };
}

/**
 * A step that changes no row's log odds by more than 4, so that it cannot leap over the optimum into
 * the flat beyond, halved until the likelihood, which is concave, does not fall.
 */
function climb(data: LogisticPoints, from: Line, direction: Line, reach: number): Line {
  const start = logLikelihood(data, from);
  const change = Math.abs(direction.a) + Math.abs(direction.b) * reach;
  for (let scale = Math.min(1, 4 / change); scale * change > 1e-15; scale /= 2) {
    const next = { a: from.a + scale * direction.a, b: from.b + scale * direction.b };
    if (logLikelihood(data, next) >= start - 1e-13 * Math.abs(start)) return next;
  }
  return from;
}

function logLikelihood({ outcome, weight, logits }: LogisticPoints, { a, b }: Line): number {
  let sum = 0;
  for (let row = 0; row < outcome.length; row++) {
    const x = a + b * logits[row];
    // y ln σ(x) + (1 − y) ln σ(−x), without overflow.
    const linear = x < 0 ? outcome[row] * x : (outcome[row] - 1) * x;
    sum += weight[row] * (linear - Math.log1p(Math.exp(-Math.abs(x))));
  }
  return sum;
}

function derivatives({ outcome, weight, logits }: LogisticPoints, { a, b }: Line): Derivatives {
  let ga = 0;
  let gb = 0;
  let haa = 0;
  let hab = 0;
  let hbb = 0;
  for (let row = 0; row < outcome.length; row++) {
    const x = logits[row];
    const p = sigmoid(a + b * x);
    const residual = weight[row] * (outcome[row] - p);
    // σ(z) σ(−z) keeps its precision where p is next to 1.
    const curvature = weight[row] * p * sigmoid(-a - b * x);
    ga += residual;
    gb += residual * x;
    haa += curvature;
    hab += curvature * x;
    hbb += curvature * x * x;
  }
  return { ga, gb, haa, hab, hbb };
}

function varianceOf(data: LogisticData, line: Line, wanted: "intercept" | "slope"): number {
  const { haa, hab, hbb } = derivatives(data, line);
  const determinant = haa * hbb - hab * hab;
  if (!data.robust) return wanted === "intercept" ? 1 / haa : haa / determinant;
  // The influence of a patient on the estimate is the sum of its rows'.
  const influence = new Float64Array(data.unitCount);
  for (let row = 0; row < data.outcome.length; row++) {
    const x = data.logits[row];
    const residual = data.weight[row] * (data.outcome[row] - sigmoid(line.a + line.b * x));
    influence[data.unitOf[row]] +=
      wanted === "intercept" ? residual / haa : (residual * (haa * x - hab)) / determinant;
  }
  const sum = influence.reduce((total, value) => total + value * value, 0);
  return (sum * data.unitCount) / (data.unitCount - 1);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
