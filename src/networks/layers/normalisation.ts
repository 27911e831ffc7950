// Normalisation: of a batch, an image, groups of channels, or features.
// Ioffe, Szegedy 2015; Ulyanov et al. 2016; Wu, He 2018; Ba et al. 2016.

import {
  checkParameters,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  words,
} from "../../base/index.ts";
import { float, int, type Term } from "../../onnx/index.ts";
import { type Layer, type LayerScope, makeLayer } from "./layer.ts";
import { checkGroups, imageShape } from "./window.ts";

const shared = { epsilon: number({ above: 0 }).default(1e-5), name: words().optional() };
const rules = parameters(shared);
const batchRules = parameters({
  ...shared,
  /** Part of the running statistics that a step keeps: 1 − PyTorch's momentum, and Keras's own. */
  momentum: number({ min: 0, max: 1 }).default(0.9),
});
const layerRules = parameters({
  ...shared,
  /** "channels" are axis 1, whatever comes behind. */
  over: oneOf("last", "channels").default("last"),
});
const groupRules = parameters({ ...shared, groups: integer({ min: 1 }).default(8) });

/** Each channel to mean 0 and variance 1 over the batch; in inference by running statistics. */
export function batchNormalisation(options: OptionsOf<typeof batchRules> = {}): Layer {
  const { momentum, epsilon, name } = checkParameters(batchRules, options, "batch normalisation");
  return makeLayer("batch_normalization", name, (scope, x) => {
    const channels = scope.lengthOf(x, 1);
    const statistics = { learnable: false };
    const inputs = [
      x,
      scope.parameter("weight", [channels], "ones"),
      scope.parameter("bias", [channels], "zeros"),
      scope.parameter("running_mean", [channels], "zeros", statistics),
      scope.parameter("running_var", [channels], "ones", statistics),
    ];
    const attributes = { momentum: float(momentum), epsilon: float(epsilon) };
    return scope.m.op("BatchNormalization", inputs, attributes);
  });
}

/** Each channel of each image to mean 0 and variance 1. */
export function instanceNormalisation(options: OptionsOf<typeof rules> = {}): Layer {
  const { epsilon, name } = checkParameters(rules, options, "instance normalisation");
  return makeLayer("instance_normalization", name, (scope, x) => {
    const inputs = [x, ...scaleAndBias(scope, imageShape(scope, x).channels)];
    return scope.m.op("InstanceNormalization", inputs, { epsilon: float(epsilon) });
  });
}

/** Groups of channels of each image to mean 0 and variance 1. */
export function groupNormalisation(options: OptionsOf<typeof groupRules> = {}): Layer {
  const { groups, epsilon, name } = checkParameters(groupRules, options, "group normalisation");
  return makeLayer("group_normalization", name, (scope, x) => {
    const { channels } = imageShape(scope, x);
    checkGroups(groups, { channels });
    const attributes = { num_groups: int(groups), epsilon: float(epsilon) };
    return scope.m.op("GroupNormalization", [x, ...scaleAndBias(scope, channels)], attributes);
  });
}

/** The last axis of each position, or its channels, to mean 0 and variance 1. */
export function layerNormalisation(options: OptionsOf<typeof layerRules> = {}): Layer {
  const { epsilon, over, name } = checkParameters(layerRules, options, "layer normalisation");
  return makeLayer("layer_normalization", name, (scope, x) => {
    const { m } = scope;
    const rank = scope.shapeOf(x).length;
    const isLast = over === "last" || rank === 2;
    const features = scope.lengthOf(x, isLast ? -1 : 1);
    const attributes = { axis: int(-1), epsilon: float(epsilon) };
    const normalised = (of: Term) =>
      m.op("LayerNormalization", [of, ...scaleAndBias(scope, features)], attributes);
    if (isLast) return normalised(x);
    const size = Array.from({ length: rank - 2 }, (_, at) => at + 2);
    const back = [0, rank - 1, ...size.map((axis) => axis - 1)];
    return m.transpose(normalised(m.transpose(x, [0, ...size, 1])), back);
  });
}

function scaleAndBias(scope: LayerScope, channels: number): [string, string] {
  return [
    scope.parameter("weight", [channels], "ones"),
    scope.parameter("bias", [channels], "zeros"),
  ];
}
