// What layers of images share: the order of their axes, and Keras's padding.

import { type Attribute, type Dimension, ints, type Term, text } from "../../onnx/index.ts";
import type { KerasSignal, LayerScope, Result } from "./layer-scope.ts";

/** An input of a layer of images with its channels at axis 1. */
export interface ImageInput {
  readonly term: Term;
  readonly channels: number;
  /** Lengths of the axes behind the channels. */
  readonly size: readonly Dimension[];
  /** A tensor of the same order as a result. */
  give(term: Term): Result;
}

/** Takes the input in the order that `data_format` says, channels last by default. */
export function imageInput(scope: LayerScope, input: KerasSignal): ImageInput {
  const { config } = scope;
  const rank = scope.shapeOf(input).length;
  const format = config.text("data_format", "channels_last");
  if (format !== "channels_last" && format !== "channels_first") {
    throw config.refuse({
      expected: "data_format channels_last or channels_first",
      found: format,
      remedy: "Load the model in Keras 2 or 3 and save it again.",
    });
  }
  const last = format === "channels_last";
  const term = last ? scope.moved(input) : scope.plain(input);
  const [, channels, ...size] = scope.m.graph.typeOf(term)?.shape ?? [];
  if (typeof channels !== "number") {
    throw config.refuse({ expected: "a known number of channels", found: String(channels) });
  }
  return { term, channels, size, give: (of) => ({ term: of, moved: last && rank > 2 }) };
}

/** How far windows reach: pads for each axis, begins before ends, as ONNX writes them. */
export interface Window {
  /** Positions from the first to the last tap, both counted. */
  readonly extent: readonly number[];
  readonly strides: readonly number[];
}

/**
 * Padding attributes for "valid", "same" and "causal". "same" gives ⌈length / stride⌉ positions and pads the end by
 * one more where the sum is odd (tensorflow.org/api_docs/python/tf/nn, "Notes on padding").
 */
export function paddingAttributes(
  scope: LayerScope,
  { size }: ImageInput,
  { extent, strides }: Window,
): Record<string, Attribute> {
  const padding = scope.config.text("padding", "valid");
  if (padding === "valid") return {};
  if (padding === "causal") {
    const before = extent.map((length) => length - 1);
    return { pads: ints([...before, ...before.map(() => 0)]) };
  }
  if (padding !== "same") {
    throw scope.config.refuse({ expected: "padding valid, same or causal", found: padding });
  }
  const total = size.map((length, axis) => samePadding(length, extent[axis], strides[axis]));
  if (total.some((sum) => sum === undefined)) return { auto_pad: text("SAME_UPPER") };
  const before = (total as number[]).map((sum) => Math.floor(sum / 2));
  return { pads: ints([...before, ...(total as number[]).map((sum, axis) => sum - before[axis])]) };
}

/** Undefined where it depends on a length that is not known. */
function samePadding(length: Dimension, extent: number, stride: number): number | undefined {
  if (stride === 1) return extent - 1;
  if (typeof length !== "number") return undefined;
  return Math.max(0, (Math.ceil(length / stride) - 1) * stride + extent - length);
}
