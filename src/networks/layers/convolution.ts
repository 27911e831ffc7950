// Convolutions in one, two or three dimensions, as many as the input has.

import { RoentgenError } from "../../base/index.ts";
import { type Attribute, type Dimension, int, ints, text } from "../../onnx/index.ts";
import { type Layer, type LayerScope, makeLayer } from "../compose.ts";
import type { Initialiser } from "../initialise.ts";
import { type ActivationName, applyActivation } from "./activation.ts";

/** One length for all spatial axes, or one for each. */
export type Lengths = number | readonly number[];

/** "valid" adds none; "same" keeps the size (divided by the stride), the odd one after; or zeros on both sides. */
export type Padding = "valid" | "same" | Lengths;

export interface ConvolutionOptions {
  filters: number;
  kernel: Lengths;
  stride?: Lengths;
  padding?: Padding;
  dilation?: Lengths;
  /** Channels are parted in so many groups that do not see one another. */
  groups?: number;
  bias?: boolean;
  activation?: ActivationName;
  initialiser?: Initialiser;
  name?: string;
}

/** Convolution of [N, C, size…] to [N, filters, size…]; weights are [filters, C / groups, kernel…]. */
export function convolution({
  filters,
  kernel,
  stride = 1,
  padding = "valid",
  dilation = 1,
  groups = 1,
  bias = true,
  activation,
  initialiser = "glorot-uniform",
  name,
}: ConvolutionOptions): Layer {
  return makeLayer("conv", name, (scope, x) => {
    const { rank, channels } = imageShape(scope, x);
    const [lengths, dilations] = [perAxis(kernel, rank), perAxis(dilation, rank)];
    const shape = [filters, channels / groups, ...lengths];
    const inputs = [x, scope.parameter("weight", shape, initialiser)];
    if (bias) inputs.push(scope.parameter("bias", [filters], "zeros"));
    const y = scope.m.op("Conv", inputs, {
      kernel_shape: ints(lengths),
      strides: ints(perAxis(stride, rank)),
      dilations: ints(dilations),
      group: int(groups),
      ...paddingAttribute(
        padding,
        perAxis(stride, rank),
        lengths.map((length, axis) => (length - 1) * dilations[axis]),
      ),
    });
    return applyActivation(scope.m, y, activation);
  });
}

export type TransposedConvolutionOptions = Omit<
  ConvolutionOptions,
  "groups" | "dilation" | "padding"
> & {
  /** Zeros that the mirrored convolution would have added on both sides. */
  padding?: Lengths;
  /** Added after, where the mirrored convolution's stride leaves the size open. */
  outputPadding?: Lengths;
};

/** Transposed convolution, which enlarges by the stride; weights are [C, filters, kernel…]. */
export function transposedConvolution({
  filters,
  kernel,
  stride = 1,
  padding = 0,
  outputPadding = 0,
  bias = true,
  activation,
  initialiser = "glorot-uniform",
  name,
}: TransposedConvolutionOptions): Layer {
  return makeLayer("conv_transpose", name, (scope, x) => {
    const { rank, channels } = imageShape(scope, x);
    const lengths = perAxis(kernel, rank);
    const pads = perAxis(padding, rank);
    const inputs = [x, scope.parameter("weight", [channels, filters, ...lengths], initialiser)];
    if (bias) inputs.push(scope.parameter("bias", [filters], "zeros"));
    const y = scope.m.op("ConvTranspose", inputs, {
      kernel_shape: ints(lengths),
      strides: ints(perAxis(stride, rank)),
      pads: ints([...pads, ...pads]),
      output_padding: ints(perAxis(outputPadding, rank)),
    });
    return applyActivation(scope.m, y, activation);
  });
}

/** Spatial axes and channels of [N, C, size…]. */
export function imageShape(
  scope: LayerScope,
  x: string,
): { rank: number; channels: number; size: readonly Dimension[] } {
  const [, channels, ...size] = scope.shapeOf(x);
  if (typeof channels === "number" && size.length > 0) return { rank: size.length, channels, size };
  throw new RoentgenError("shape-mismatch", {
    problem: `Layer "${scope.name}" takes images`,
    expected: "[batch, channels, size…] with a known number of channels",
    found: `[${scope.shapeOf(x).join(", ")}]`,
    subject: scope.name,
  });
}

/** A length for each of `rank` axes. */
export function perAxis(lengths: Lengths, rank: number): number[] {
  if (typeof lengths === "number") return new Array(rank).fill(lengths);
  if (lengths.length === rank) return [...lengths];
  throw new RoentgenError("bad-option", {
    problem: "A layer's lengths do not fit its input",
    expected: `one for all or one for each of ${rank} spatial axes`,
    found: `[${lengths.join(", ")}]`,
  });
}

/** The attribute that says how many zeros are added, for windows that reach over so many elements beyond the first. */
export function paddingAttribute(
  padding: Padding,
  strides: readonly number[],
  reach: readonly number[],
): Record<string, Attribute> {
  if (padding === "valid") return {};
  if (padding !== "same") {
    const pads = perAxis(padding, strides.length);
    return { pads: ints([...pads, ...pads]) };
  }
  // With stride 1 the padding does not depend on the size.
  if (strides.some((stride) => stride > 1)) return { auto_pad: text("SAME_UPPER") };
  const before = reach.map((length) => Math.floor(length / 2));
  return { pads: ints([...before, ...reach.map((length, axis) => length - before[axis])]) };
}
