// Evaluation of reductions over axes.

import { axisAttribute, reducedAxes } from "../shapes/arguments.ts";
import { isInteger, type Numbers } from "./plain-tensor.ts";
import { mapLines, reduceLines } from "./positions.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

export const sumOf = (line: Float64Array) => line.reduce((sum, x) => sum + x, 0);
export const meanOf = (line: Float64Array) => sumOf(line) / line.length;

/** Reduce*: one number for every line along the axes. */
function reduction(reduce: (line: Float64Array, x: Numbers) => number): EvaluationRule {
  return (node) => {
    const x = node.input(0);
    const axes = reducedAxes(node, x.shape.length) ?? node.fail("axes that are known");
    const data = reduceLines(x, axes, (line) => reduce(line, x));
    return [{ type: x.type, shape: node.outputShape(), data }];
  };
}

function logSumExp(line: Float64Array): number {
  const highest = line.reduce((most, x) => Math.max(most, x), -Infinity);
  if (!Number.isFinite(highest)) return highest;
  return highest + Math.log(line.reduce((sum, x) => sum + Math.exp(x - highest), 0));
}

/** The extreme of no elements is the largest or smallest number of the type. */
function extreme(isMax: boolean): EvaluationRule {
  return reduction((line) =>
    line.reduce((a, b) => (isMax ? Math.max(a, b) : Math.min(a, b)), isMax ? -Infinity : Infinity),
  );
}

/** ArgMax, ArgMin: of equal elements the first, or with `select_last_index` the last. */
function argument(isBetter: (a: number, b: number) => boolean): EvaluationRule {
  return (node) => {
    const x = node.input(0);
    const takesLast = node.int("select_last_index", 0) === 1;
    const data = reduceLines(x, [axisAttribute(node, x.shape.length, 0)], (line) =>
      line.reduce((best, value, at) => {
        const wins = isBetter(value, line[best]) || (takesLast && value === line[best]);
        return wins ? at : best;
      }, 0),
    );
    return [{ type: "int64", shape: node.outputShape(), data }];
  };
}

/** CumSum, CumProd: with everything before (`exclusive` leaves out the element itself), or from the end. */
function cumulative(join: (a: number, b: number) => number, start: number): EvaluationRule {
  return (node) => {
    const x = node.input(0);
    const axis = node.input(1).data[0];
    const [isExclusive, isReversed] = [node.int("exclusive", 0), node.int("reverse", 0)];
    const run = (line: Float64Array) => {
      let total = start;
      return line.map((value) => {
        const before = total;
        total = join(total, value);
        return isExclusive ? before : total;
      });
    };
    const at = axis < 0 ? axis + x.shape.length : axis;
    return [mapLines(x, [at], (line) => (isReversed ? run(line.reverse()).reverse() : run(line)))];
  };
}

/** A mean of whole numbers is whole. */
function meanOfType(line: Float64Array, { type }: Numbers): number {
  return isInteger(type) ? Math.trunc(meanOf(line)) : meanOf(line);
}

/** Rules by operator. */
export const reductionRules: EvaluationRules = {
  ReduceSum: reduction(sumOf),
  ReduceMean: reduction(meanOfType),
  ReduceProd: reduction((line) => line.reduce((product, x) => product * x, 1)),
  ReduceMax: extreme(true),
  ReduceMin: extreme(false),
  ReduceL1: reduction((line) => line.reduce((sum, x) => sum + Math.abs(x), 0)),
  ReduceL2: reduction((line) => Math.sqrt(line.reduce((sum, x) => sum + x * x, 0))),
  ReduceSumSquare: reduction((line) => line.reduce((sum, x) => sum + x * x, 0)),
  ReduceLogSum: reduction((line) => Math.log(sumOf(line))),
  ReduceLogSumExp: reduction(logSumExp),
  ArgMax: argument((a, b) => a > b),
  ArgMin: argument((a, b) => a < b),
  CumSum: cumulative((a, b) => a + b, 0),
  CumProd: cumulative((a, b) => a * b, 1),
};
