// Normalisation: of a batch, an image, groups of channels, or features.
// Ioffe, Szegedy 2015; Ulyanov et al. 2016; Wu, He 2018; Ba et al. 2016.

import { float, int } from "../../onnx/index.ts";
import { type Layer, type LayerScope, makeLayer } from "../compose.ts";
import { imageShape } from "./convolution.ts";

export interface BatchNormalisationOptions {
  /** Part of the running statistics that a step keeps. */
  momentum?: number;
  epsilon?: number;
  name?: string;
}

/** Each channel to mean 0 and variance 1 over the batch; in inference by running statistics. */
export function batchNormalisation({
  momentum = 0.9,
  epsilon = 1e-5,
  name,
}: BatchNormalisationOptions = {}): Layer {
  return makeLayer("batch_normalization", name, (scope, x) => {
    const channels = channelsOf(scope, x);
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

export interface NormalisationOptions {
  epsilon?: number;
  name?: string;
}

/** Each channel of each image to mean 0 and variance 1. */
export function instanceNormalisation({ epsilon = 1e-5, name }: NormalisationOptions = {}): Layer {
  return makeLayer("instance_normalization", name, (scope, x) =>
    scope.m.op(
      "InstanceNormalization",
      [x, ...scaleAndBias(scope, imageShape(scope, x).channels)],
      {
        epsilon: float(epsilon),
      },
    ),
  );
}

/** Groups of channels of each image to mean 0 and variance 1. */
export function groupNormalisation({
  groups = 8,
  epsilon = 1e-5,
  name,
}: NormalisationOptions & { groups?: number } = {}): Layer {
  return makeLayer("group_normalization", name, (scope, x) =>
    scope.m.op("GroupNormalization", [x, ...scaleAndBias(scope, imageShape(scope, x).channels)], {
      num_groups: int(groups),
      epsilon: float(epsilon),
    }),
  );
}

/** The last axis of each position to mean 0 and variance 1. */
export function layerNormalisation({ epsilon = 1e-5, name }: NormalisationOptions = {}): Layer {
  return makeLayer("layer_normalization", name, (scope, x) => {
    const features = Number(scope.shapeOf(x).at(-1));
    const attributes = { axis: int(-1), epsilon: float(epsilon) };
    return scope.m.op("LayerNormalization", [x, ...scaleAndBias(scope, features)], attributes);
  });
}

function scaleAndBias(scope: LayerScope, channels: number): [string, string] {
  return [
    scope.parameter("weight", [channels], "ones"),
    scope.parameter("bias", [channels], "zeros"),
  ];
}

function channelsOf(scope: LayerScope, x: string): number {
  return Number(scope.shapeOf(x)[1]);
}
