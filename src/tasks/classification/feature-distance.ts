// How far an image's features lie from the nearest class of training images, computed inside the deployed model as
// `mahalanobisScores` does outside: Lee, Lee, Lee & Shin, NeurIPS 2018, section 2.1.

import { RoentgenError } from "../../base/index.ts";
import { algebraOf, type GraphBuilder, int, type Term } from "../../onnx/index.ts";
import type { MahalanobisFit } from "../../statistics/index.ts";

/**
 * The squared distances of [N, features], [N].
 * @throws RoentgenError "shape-mismatch" where the distance is of other features, "value-missing" without features
 */
export function featureDistance(
  graph: GraphBuilder,
  features: Term | undefined,
  fit: MahalanobisFit,
): Term {
  checkFit(features === undefined ? undefined : graph.typeOf(features)?.shape?.[1], fit);
  const m = algebraOf(graph);
  const { dimension, means, whitening, background } = fit;
  const constant = (data: Float64Array, shape: readonly number[], hint: string) =>
    graph.constant({ type: "float32", shape, data: Float32Array.from(data) }, hint);
  const whiten = ({ matrix, offset }: MahalanobisFit["whitening"], hint: string) => {
    const weight = constant(matrix, [dimension, dimension], `${hint}.matrix`);
    const inputs = [features as Term, weight, constant(offset, [dimension], `${hint}.offset`)];
    return m.op("Gemm", inputs, { transB: int(1) });
  };
  const classes = constant(means, [1, means.length / dimension, dimension], "distance.means");
  const white = m.op("Unsqueeze", [whiten(whitening, "distance"), m.lengths([1])]);
  const apart = m.sub(white, classes);
  const squares = m.sum(m.mul(apart, apart), { axes: [2] });
  const nearest = m.op("ReduceMin", [squares, m.lengths([1])], { keepdims: int(0) });
  if (!background) return nearest;
  const whole = whiten(background, "distance.background");
  return m.sub(nearest, m.sum(m.mul(whole, whole), { axes: [1] }));
}

function checkFit(found: unknown, { dimension }: MahalanobisFit): void {
  if (found === dimension) return;
  throw new RoentgenError(found === undefined ? "value-missing" : "shape-mismatch", {
    problem: "Cannot tell how far an image lies from the training images",
    expected: found === undefined ? "the name of the network's features" : `${found} features`,
    found: found === undefined ? "a distance alone" : `a distance of ${dimension}`,
    subject: "distance",
  });
}
