// How far an image's features lie from the nearest class of training images, computed in the deployed model: the
// Mahalanobis distance of Lee, Lee, Lee & Shin, NeurIPS 2018, eq. 2.

import { RoentgenError } from "../../base/index.ts";
import { algebraOf, type GraphBuilder, int, type Term } from "../../onnx/index.ts";

/** Means of the classes, and a matrix W that makes the features white: |(x − μ) W|² is the squared distance. */
export interface FeatureDistance {
  /** [classes, features] in row-major order. */
  readonly means: ArrayLike<number>;
  /** [features, directions] in row-major order. */
  readonly whitening: ArrayLike<number>;
  readonly classes: number;
  readonly features: number;
}

/**
 * The least distance of [N, features] to a class mean, [N]. Features are centred before they are multiplied, so that little is
 * lost to rounding where their means are large.
 * @throws RoentgenError "shape-mismatch" where the numbers are of other features, "value-missing" without features
 */
export function featureDistance(
  graph: GraphBuilder,
  features: Term | undefined,
  distance: FeatureDistance,
): Term {
  checkFit(features === undefined ? undefined : graph.typeOf(features)?.shape?.[1], distance);
  const m = algebraOf(graph);
  const { classes, features: width } = distance;
  const directions = distance.whitening.length / width;
  const centre = centreOf(distance);
  const constant = (data: Float32Array, shape: readonly number[], hint: string) =>
    graph.constant({ type: "float32", shape, data }, hint);
  const centred = m.sub(
    features as Term,
    constant(Float32Array.from(centre), [1, width], "centre"),
  );
  const whitening = Float32Array.from(distance.whitening);
  const white = m.matmul(centred, constant(whitening, [width, directions], "whitening"));
  const means = constant(whiteMeans(distance, centre), [1, classes, directions], "means");
  const apart = m.sub(m.op("Unsqueeze", [white, m.lengths([1])]), means);
  const squares = m.sum(m.mul(apart, apart), { axes: [2] });
  return m.sqrt(m.op("ReduceMin", [squares, m.lengths([1])], { keepdims: int(0) }));
}

/** Mean of the classes' means. */
function centreOf({ means, classes, features }: FeatureDistance): Float64Array {
  const centre = new Float64Array(features);
  for (let at = 0; at < classes * features; at++) centre[at % features] += means[at] / classes;
  return centre;
}

/** (μ − centre) W, class by class. */
function whiteMeans(distance: FeatureDistance, centre: Float64Array): Float32Array {
  const { means, whitening, classes, features } = distance;
  const directions = whitening.length / features;
  const white = new Float32Array(classes * directions);
  for (let one = 0; one < classes; one++) {
    for (let direction = 0; direction < directions; direction++) {
      let sum = 0;
      for (let feature = 0; feature < features; feature++) {
        const beyond = means[one * features + feature] - centre[feature];
        sum += beyond * whitening[feature * directions + direction];
      }
      white[one * directions + direction] = sum;
    }
  }
  return white;
}

function checkFit(found: unknown, { means, whitening, classes, features }: FeatureDistance): void {
  if (found === undefined) {
    throw new RoentgenError("value-missing", {
      problem: "Cannot tell how far an image lies from the training images",
      expected: "the name of the network's features beside the distance",
      found: "none",
      subject: "features",
    });
  }
  const isWhole = means.length === classes * features && whitening.length % features === 0;
  if (found === features && isWhole) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "The distance does not fit the network's features",
    expected: `means and directions of ${found} features`,
    found: `${features} features, ${means.length} means, ${whitening.length} weights of directions`,
    subject: "distance",
  });
}
