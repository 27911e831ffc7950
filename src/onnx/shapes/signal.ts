// Shapes of Fourier transforms.

import { axisOf } from "./dimensions.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

/** DFT: real and imaginary part in the last axis; `onesided` keeps half of the spectrum and the middle. */
const dft: ShapeRule = (node) => {
  const x = node.input(0);
  // The axis is an input since opset 20; counted from the end it does not count the last axis apart.
  const given =
    node.opset >= 20 ? (node.hasInput(2) ? node.numbers(2)?.[0] : -2) : node.int("axis", 1);
  if (!x?.shape || given === undefined) return [x && { type: x.type }];
  const axis = axisOf(given, x.shape.length);
  const full = node.hasInput(1) ? (node.value(1)?.[0] ?? node.unknown()) : x.shape[axis];
  const isHalf = node.int("onesided", 0) === 1;
  const half = typeof full === "number" ? Math.floor(full / 2) + 1 : node.unknown();
  const shape = x.shape.with(axis, isHalf ? half : full);
  return [{ type: x.type, shape: shape.with(-1, 2) }];
};

/** STFT: [batch, frames, bins, 2]. */
const stft: ShapeRule = (node) => {
  const [signal, window] = [node.input(0), node.input(2)];
  const step = node.numbers(1)?.[0];
  const frame = node.hasInput(3) ? node.numbers(3)?.[0] : window?.shape?.[0];
  if (!signal?.shape) return [signal && { type: signal.type }];
  const [batch, length] = signal.shape;
  const isKnown = typeof length === "number" && typeof frame === "number" && step !== undefined;
  const frames = isKnown ? Math.floor((length - frame) / step) + 1 : node.unknown();
  const bins =
    typeof frame !== "number"
      ? node.unknown()
      : node.int("onesided", 1)
        ? Math.floor(frame / 2) + 1
        : frame;
  return [{ type: signal.type, shape: [batch, frames, bins, 2] }];
};

/** Rules by operator. */
export const signalShapes: ShapeRules = { DFT: dft, STFT: stft };
