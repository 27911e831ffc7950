// Convolutions in one, two or three dimensions, as many as the input has.

import {
  checkParameters,
  flag,
  integer,
  type OptionsOf,
  parameters,
  words,
} from "../../base/index.ts";
import { int, ints } from "../../onnx/index.ts";
import { initialiserName } from "../initialise.ts";
import { activationName, applyActivation } from "./activation.ts";
import { type Layer, makeLayer } from "./layer.ts";
import { checkGroups, imageShape, lengths, padding, paddingAttribute, perAxis } from "./window.ts";

const shared = {
  /** Channels that come out. */
  filters: integer({ min: 1 }),
  kernel: lengths({ min: 1 }),
  stride: lengths({ min: 1 }).default(1),
  bias: flag().default(true),
  activation: activationName().optional(),
  initialiser: initialiserName().default("glorot-uniform"),
  name: words().optional(),
};

const convolutionRules = parameters({
  ...shared,
  padding: padding().default("valid"),
  dilation: lengths({ min: 1 }).default(1),
  /** Channels are parted in so many groups that do not see one another; as many as channels is a depthwise convolution. */
  groups: integer({ min: 1 }).default(1),
});

/** Convolution of [N, C, size…] to [N, filters, size…]; weights are [filters, C / groups, kernel…]. */
export function convolution(options: OptionsOf<typeof convolutionRules>): Layer {
  const settings = checkParameters(convolutionRules, options, "convolution");
  const { filters, groups, bias, activation, initialiser, name } = settings;
  return makeLayer("conv", name, (scope, x) => {
    const { rank, channels } = imageShape(scope, x);
    checkGroups(groups, { channels, filters });
    const [kernel, strides, dilations] = [settings.kernel, settings.stride, settings.dilation].map(
      (given) => perAxis(given, rank),
    );
    const shape = [filters, channels / groups, ...kernel];
    const inputs = [x, scope.parameter("weight", shape, initialiser)];
    if (bias) inputs.push(scope.parameter("bias", [filters], "zeros"));
    const reach = kernel.map((length, axis) => (length - 1) * dilations[axis]);
    const y = scope.m.op("Conv", inputs, {
      kernel_shape: ints(kernel),
      strides: ints(strides),
      dilations: ints(dilations),
      group: int(groups),
      ...paddingAttribute(settings.padding, strides, reach),
    });
    return applyActivation(scope.m, y, activation);
  });
}

const transposedRules = parameters({
  ...shared,
  /** Zeros that the mirrored convolution would have added on both sides. */
  padding: lengths({ min: 0 }).default(0),
  /** Added after, where the mirrored convolution's stride leaves the size open. */
  outputPadding: lengths({ min: 0 }).default(0),
});

/** Transposed convolution, which enlarges by the stride; weights are [C, filters, kernel…]. */
export function transposedConvolution(options: OptionsOf<typeof transposedRules>): Layer {
  const settings = checkParameters(transposedRules, options, "transposed convolution");
  const { filters, bias, activation, initialiser, name } = settings;
  return makeLayer("conv_transpose", name, (scope, x) => {
    const { rank, channels } = imageShape(scope, x);
    const kernel = perAxis(settings.kernel, rank);
    const pads = perAxis(settings.padding, rank);
    const inputs = [x, scope.parameter("weight", [channels, filters, ...kernel], initialiser)];
    if (bias) inputs.push(scope.parameter("bias", [filters], "zeros"));
    const y = scope.m.op("ConvTranspose", inputs, {
      kernel_shape: ints(kernel),
      strides: ints(perAxis(settings.stride, rank)),
      pads: ints([...pads, ...pads]),
      output_padding: ints(perAxis(settings.outputPadding, rank)),
    });
    return applyActivation(scope.m, y, activation);
  });
}
