// The linear models as ONNX: products in double precision, so that the float32 of the graph's
// inputs and outputs is the only rounding.

import { type GraphBuilder, int } from "../../onnx/index.ts";
import type { OnnxOutputs } from "../learner.ts";

/** ONNX's number of the element type, for Cast. */
const FLOAT32 = 1;
const FLOAT64 = 11;

/** Adds β·x + β₀: `[N, blocks]` in float64, from float32 features `[N, features]`. */
export function addLinearPredictors(
  graph: GraphBuilder,
  features: string,
  coefficients: readonly Float64Array[],
  intercepts: Float64Array,
): string {
  const blocks = coefficients.length;
  const length = coefficients[0].length;
  const slopes = new Float64Array(length * blocks);
  coefficients.forEach((values, block) => {
    values.forEach((value, feature) => {
      slopes[feature * blocks + block] = value;
    });
  });
  const x = graph.node("Cast", [features], { to: int(FLOAT64) });
  const beta = graph.constant(
    { type: "float64", shape: [length, blocks], data: slopes },
    "coefficients",
  );
  const start = graph.constant(
    { type: "float64", shape: [blocks], data: intercepts },
    "intercepts",
  );
  return graph.node("Add", [graph.node("MatMul", [x, beta]), start]);
}

/** Adds the regression's output, `[N, 1]` in float32. */
export function addValueScores(graph: GraphBuilder, predictor: string): OnnxOutputs {
  return { scores: graph.node("Cast", [predictor], { to: int(FLOAT32) }) };
}

/** Adds probabilities `[N, classes]` and the label of the most probable class. */
export function addClassScores(
  graph: GraphBuilder,
  predictors: string,
  { classes, presentClasses }: { classes: readonly string[]; presentClasses: readonly number[] },
): OnnxOutputs {
  const present =
    presentClasses.length === 2
      ? addSigmoids(graph, predictors)
      : graph.node("Softmax", [predictors], { axis: int(1) });
  const all =
    presentClasses.length === classes.length
      ? present
      : addAbsent(graph, present, classes.length, presentClasses);
  const best = graph.node("ArgMax", [all], { axis: int(1), keepdims: int(0) });
  const names = graph.constant(
    { type: "string", shape: [classes.length], data: classes },
    "classes",
  );
  return {
    label: graph.node("Gather", [names, best], { axis: int(0) }),
    scores: graph.node("Cast", [all], { to: int(FLOAT32) }),
  };
}

/** σ(−z) and σ(z) side by side: neither is taken as 1 minus the other, which would lose digits. */
function addSigmoids(graph: GraphBuilder, z: string): string {
  const negative = graph.node("Sigmoid", [graph.node("Neg", [z])]);
  return graph.node("Concat", [negative, graph.node("Sigmoid", [z])], { axis: int(1) });
}

/** Puts the present classes' columns in their places, with zeros for classes that the fit did not see. */
function addAbsent(
  graph: GraphBuilder,
  present: string,
  classCount: number,
  presentClasses: readonly number[],
): string {
  const places = new Float64Array(presentClasses.length * classCount);
  presentClasses.forEach((label, index) => {
    places[index * classCount + label] = 1;
  });
  const shape = [presentClasses.length, classCount];
  return graph.node("MatMul", [
    present,
    graph.constant({ type: "float64", shape, data: places }, "places"),
  ]);
}
