// Keras's convolutions. Kernels are [size…, in, out] there and [out, in, size…] in ONNX.

import { int, ints } from "../../onnx/index.ts";
import { applyActivation } from "./activations.ts";
import { type ImageInput, imageInput, paddingAttributes, type Window } from "./images.ts";
import type { LayerRule, LayerScope } from "./layer-scope.ts";
import { permuted, type WeightArray } from "./layer-weights.ts";

/** Conv1D, Conv2D and Conv3D, with groups. */
export const convolution =
  (rank: number): LayerRule =>
  (scope, input) => {
    const x = imageInput(scope, input);
    const groups = scope.config.count("groups", 1);
    const size = scope.config.lengths("kernel_size", rank);
    const kernel = scope.weight("kernel", [...size, x.channels / groups, undefined]);
    const weight = scope.parameter("weight", outFirst(kernel));
    const bias = biasOf(scope, kernel.shape[rank + 1]);
    const term = convolve(scope, x, { inputs: [weight, ...bias], size, groups });
    return applyActivation(scope, x.give(term));
  };

/** DepthwiseConv1D and 2D: each channel by itself, `depth_multiplier` times. */
export const depthwiseConvolution =
  (rank: number): LayerRule =>
  (scope, input) => {
    const x = imageInput(scope, input);
    const size = scope.config.lengths("kernel_size", rank);
    const kernel = depthwiseKernel(scope, x, size);
    const inputs = [scope.parameter("weight", kernel), ...biasOf(scope, kernel.shape[0])];
    const term = convolve(scope, x, { inputs, size, groups: x.channels });
    return applyActivation(scope, x.give(term));
  };

/** SeparableConv1D and 2D: a depthwise convolution, then one of size 1 over the channels. */
export const separableConvolution =
  (rank: number): LayerRule =>
  (scope, input) => {
    const x = imageInput(scope, input);
    const size = scope.config.lengths("kernel_size", rank);
    const depthwise = depthwiseKernel(scope, x, size);
    const point = size.map(() => 1);
    const pointwise = scope.weight("pointwise kernel", [...point, depthwise.shape[0], undefined]);
    const inputs = [scope.parameter("depthwise_weight", depthwise)];
    const each = convolve(scope, x, { inputs, size, groups: x.channels });
    const mixing = [
      scope.parameter("pointwise_weight", outFirst(pointwise)),
      ...biasOf(scope, pointwise.shape[rank + 1]),
    ];
    const term = scope.m.op("Conv", [each, ...mixing], { kernel_shape: ints(point) });
    return applyActivation(scope, x.give(term));
  };

/** Conv1DTranspose, Conv2DTranspose and Conv3DTranspose; kernels are [size…, out, in]. */
export const transposedConvolution =
  (rank: number): LayerRule =>
  (scope, input) => {
    const { config, m } = scope;
    const x = imageInput(scope, input);
    const size = config.lengths("kernel_size", rank);
    const strides = config.lengths("strides", rank, 1);
    const dilations = config.lengths("dilation_rate", rank, 1);
    const kernel = scope.weight("kernel", [...size, undefined, x.channels]);
    const inputs = [
      scope.parameter("weight", outFirst(kernel)),
      ...biasOf(scope, kernel.shape[rank]),
    ];
    const extent = size.map((length, axis) => (length - 1) * dilations[axis] + 1);
    const surplus = extent.map((length, axis) => surplusOf(scope, axis, length, strides[axis]));
    const cut = surplus.map((length) => Math.max(0, length));
    const begins = cut.map((length) => Math.floor(length / 2));
    const term = m.op("ConvTranspose", [x.term, ...inputs], {
      kernel_shape: ints(size),
      strides: ints(strides),
      dilations: ints(dilations),
      pads: ints([...begins, ...cut.map((length, axis) => length - begins[axis])]),
      output_padding: ints(surplus.map((length) => Math.max(0, -length))),
    });
    return applyActivation(scope, x.give(term));
  };

/**
 * By how much the full result, (in − 1) · stride + extent, is longer than what Keras gives: in · stride for "same",
 * in · stride + max(extent − stride, 0) for "valid" (keras/src/backend/common/backend_utils.py).
 */
function surplusOf({ config }: LayerScope, axis: number, extent: number, stride: number): number {
  const same = config.text("padding", "valid") === "same";
  const extra = config.integers("output_padding");
  if (extra === undefined) return same ? extent - stride : Math.min(0, extent - stride);
  const added = extra[axis] ?? extra[0];
  return same ? 2 * Math.floor(extent / 2) - added : -added;
}

interface Convolving {
  /** Weight and, where there is one, bias. */
  readonly inputs: readonly string[];
  readonly size: readonly number[];
  readonly groups: number;
}

function convolve(scope: LayerScope, x: ImageInput, { inputs, size, groups }: Convolving): string {
  const { config, m } = scope;
  const strides = config.lengths("strides", size.length, 1);
  const dilations = config.lengths("dilation_rate", size.length, 1);
  const extent = size.map((length, axis) => (length - 1) * dilations[axis] + 1);
  const window: Window = { extent, strides };
  return m.op("Conv", [x.term, ...inputs], {
    kernel_shape: ints(size),
    strides: ints(strides),
    dilations: ints(dilations),
    group: int(groups),
    ...paddingAttributes(scope, x, window),
  });
}

/** [size…, in, times] as ONNX's [in · times, 1, size…]. */
function depthwiseKernel(scope: LayerScope, x: ImageInput, size: readonly number[]): WeightArray {
  const times = scope.config.count("depth_multiplier", 1);
  const kernel = scope.weight("depthwise kernel", [...size, x.channels, times]);
  const rank = size.length;
  const { data } = permuted(kernel, [rank, rank + 1, ...size.keys()]);
  return { shape: [x.channels * times, 1, ...size], data };
}

/** The last two axes, turned round, before the others. */
function outFirst(kernel: WeightArray): WeightArray {
  const rank = kernel.shape.length - 2;
  return permuted(kernel, [rank + 1, rank, ...new Array(rank).keys()]);
}

/** The bias as the last input of a convolution, unless the layer has none. */
function biasOf(scope: LayerScope, channels: number): string[] {
  if (!scope.config.flag("use_bias", true)) return [];
  return [scope.parameter("bias", scope.weight("bias", [channels]))];
}
