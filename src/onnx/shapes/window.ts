// The sliding window of convolutions and pools along each spatial axis: kernel, stride, dilation, padding.

import type { AttributeReader } from "../attributes.ts";
import type { Dimension } from "../model.ts";
import { add, divideDown, divideUp } from "./dimensions.ts";

/** A window; every list has one entry a spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros before and after each axis: undefined where they follow from the input's size (`auto_pad` SAME). */
  readonly pads:
    | { readonly before: readonly number[]; readonly after: readonly number[] }
    | undefined;
  readonly autoPad: string;
  readonly ceilMode: boolean;
}

/** Reads the attributes of a window over `kernel.length` spatial axes. */
export function readWindow(node: AttributeReader, kernel: readonly number[]): Window {
  const rank = kernel.length;
  const ones = new Array<number>(rank).fill(1);
  const autoPad = node.text("auto_pad", "NOTSET");
  const pads = node.ints("pads") ?? new Array<number>(2 * rank).fill(0);
  const isSame = autoPad === "SAME_UPPER" || autoPad === "SAME_LOWER";
  const none = new Array<number>(rank).fill(0);
  const given = { before: pads.slice(0, rank), after: pads.slice(rank) };
  return {
    kernel,
    strides: node.ints("strides") ?? ones,
    dilations: node.ints("dilations") ?? ones,
    pads: isSame ? undefined : autoPad === "VALID" ? { before: none, after: none } : given,
    autoPad,
    ceilMode: node.int("ceil_mode", 0) === 1,
  };
}

/** Lengths of the output along the spatial axes of an input (ONNX, Conv and MaxPool). */
export function windowOutput(window: Window, input: readonly Dimension[]): Dimension[] {
  return input.map((length, axis) => {
    const stride = window.strides[axis];
    if (!window.pads) return divideUp(length, stride);
    const reach = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
    const [before, after] = [window.pads.before[axis], window.pads.after[axis]];
    const free = add(length, before + after - reach);
    if (!window.ceilMode) return add(divideDown(free, stride), 1);
    const count = add(divideUp(free, stride), 1);
    // A window that would start in the padding after the input is left out.
    const starts = typeof count === "number" && typeof length === "number";
    return starts && (count - 1) * stride >= length + before ? count - 1 : count;
  });
}

/** Padding in numbers, for an input whose lengths are known. */
export function windowPads(
  window: Window,
  input: readonly number[],
): { before: number[]; after: number[] } {
  if (window.pads) return { before: [...window.pads.before], after: [...window.pads.after] };
  const before: number[] = [];
  const after: number[] = [];
  for (const [axis, length] of input.entries()) {
    const stride = window.strides[axis];
    const reach = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
    const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
    const small = Math.floor(total / 2);
    before.push(window.autoPad === "SAME_LOWER" ? total - small : small);
    after.push(window.autoPad === "SAME_LOWER" ? small : total - small);
  }
  return { before, after };
}

/**
 * Padding that a transposed convolution cuts off the start of its output. Where only the output's size is given, the total
 * of both ends is stride (input − 1) + output_padding + reach − output, of which the larger half goes to the end for
 * SAME_UPPER, else to the start (ONNX, ConvTranspose).
 */
export function transposedPadsBefore(
  node: AttributeReader,
  { kernel, strides, dilations, pads, autoPad }: Window,
  { inner, outer }: { inner: readonly number[]; outer: readonly number[] },
): readonly number[] {
  if (pads && !node.has("output_shape")) return pads.before;
  const extra = node.ints("output_padding") ?? kernel.map(() => 0);
  return kernel.map((length, axis) => {
    const reach = (length - 1) * dilations[axis] + 1;
    const whole = strides[axis] * (inner[axis] - 1) + extra[axis] + reach;
    const total = Math.max(0, whole - outer[axis]);
    return autoPad === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
  });
}
