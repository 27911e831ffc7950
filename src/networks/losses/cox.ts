// Partial likelihood of survival times. Cox: "Regression models and life-tables", 1972; ties as Breslow: "Covariance analysis
// of censored survival data", 1974; Katzman et al.: "DeepSurv", 2018, for networks.

import { RoentgenError } from "../../base/index.ts";
import { type Algebra, int, type Term } from "../../onnx/index.ts";
import { type Loss, weightedMean } from "./loss.ts";

/**
 * −Σ wᵢ δᵢ (hᵢ − log Σ_{tⱼ ≥ tᵢ} wⱼ exp hⱼ) / Σ wᵢ δᵢ: the mean over events. Outputs h are log hazards [N] or [N, 1]; targets are
 * [N, 2] in float32: the time, and 1 for an event or 0 for a time at which nothing had happened yet. Who is at risk is
 * looked up in the batch alone, so batches should be as large as memory allows; without an event the loss is 0.
 */
export function coxPartialLikelihood(): Loss {
  return {
    name: "cox partial likelihood",
    settings: {},
    target: ([batch]) => ({ type: "float32", shape: [batch, 2] }),
    build(m, { output, target, weights }) {
      const hazard = oneNumberEach(m, output);
      const [time, event] = [0, 1].map((column) => columnOf(m, target, column));
      const losses = m.sub(logOfRisk(m, { hazard, time, weights }), hazard);
      return weightedMean(m, losses, m.mul(event, weights));
    },
  };
}

/** Far below every log hazard, yet not −∞, whose differences are not numbers. */
const NOT_AT_RISK = -1e30;

/** log Σ_{tⱼ ≥ tᵢ} wⱼ exp hⱼ for each i, [N], by comparing every pair instead of sorting. */
function logOfRisk(
  m: Algebra,
  { hazard, time, weights }: { hazard: Term; time: Term; weights: Term },
): Term {
  const isThere = m.compare("Greater", weights, 0);
  const logWeight = m.log(m.where(isThere, weights, 1));
  const risk = m.where(isThere, m.add(hazard, logWeight), NOT_AT_RISK);
  const [row, column] = [m.reshape(time, [-1, 1]), m.reshape(time, [1, -1])];
  const isAtRisk = m.compare("GreaterOrEqual", column, row);
  const risks = m.where(isAtRisk, m.reshape(risk, [1, -1]), NOT_AT_RISK);
  return m.op("ReduceLogSumExp", [risks, m.lengths([1])], { keepdims: int(0) });
}

function columnOf(m: Algebra, table: Term, column: number): Term {
  const index = m.graph.constant({
    type: "int64",
    shape: [],
    data: BigInt64Array.of(BigInt(column)),
  });
  return m.op("Gather", [table, index], { axis: int(1) });
}

function oneNumberEach(m: Algebra, output: Term): Term {
  const shape = m.graph.shapeOf(output);
  if (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) return m.reshape(output, [-1]);
  throw new RoentgenError("shape-mismatch", {
    problem: "The Cox partial likelihood takes one log hazard a sample",
    expected: "[N] or [N, 1]",
    found: `[${shape.join(", ")}]`,
  });
}
