// ConvTranspose over three axes, which WebGPU lacks: zeros between the elements of X, and over them the convolution with the
// filters turned around. Dumoulin, Visin: "A guide to convolution arithmetic for deep learning", 2016, section 4.5.

import type { Algebra, Term } from "../../algebra.ts";
import { readAttributes } from "../../attributes.ts";
import { int, ints } from "../../model.ts";
import { lengthsOf } from "../../shapes/dimensions.ts";
import { readWindow, transposedPadsBefore } from "../../shapes/window.ts";
import { turnedFilters } from "../../turned-filters.ts";
import type { Form } from "./fit-to-webgpu.ts";

export const spatialTransposedConvolution: Form = (node, { m }) => {
  if (node.operator !== "ConvTranspose") return;
  const [x, w, bias] = node.inputs;
  // The batch may be free.
  const [inner, wShape, outer] = [
    lengthsOf(m.graph.typeOf(x)?.shape?.slice(1)),
    lengthsOf(m.graph.typeOf(w)?.shape),
    lengthsOf(m.graph.typeOf(node.outputs[0])?.shape?.slice(1)),
  ];
  if (!inner || !wShape || !outer || wShape.length !== 5) return;
  const attributes = readAttributes(node);
  const [size, wanted] = [inner.slice(1), outer.slice(1)];
  const window = readWindow(attributes, wShape.slice(2));
  const cut = transposedPadsBefore(attributes, window, { inner: size, outer: wanted });
  const reach = window.kernel.map((length, axis) => (length - 1) * window.dilations[axis]);
  // With as many zeros before X as the kernel reaches, the first output is that of the first weight alone.
  const before = reach.map((length, axis) => length - cut[axis]);
  const after = wanted.map(
    (length, axis) => length + reach[axis] - before[axis] - size[axis] * window.strides[axis],
  );
  const spread = padded(m, spreadOut(m, x, { shape: inner, strides: window.strides }), {
    before: before.map((length) => Math.min(0, length)),
    after: after.map((length) => Math.min(0, length)),
  });
  const group = attributes.int("group", 1);
  const turned = turnedFilters(m, { w, wShape, group });
  const pads = [...before, ...after].map((length) => Math.max(0, length));
  return [
    m.op("Conv", bias ? [spread, turned, bias] : [spread, turned], {
      kernel_shape: ints(window.kernel),
      dilations: ints(window.dilations),
      group: int(group),
      pads: ints(pads),
    }),
  ];
};

interface Spreading {
  /** [channels, size…]. */
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Each element followed by stride − 1 zeros along every axis; an axis at a time, as kernels take few axes at once. */
function spreadOut(m: Algebra, x: Term, { shape, strides }: Spreading): Term {
  const lengths = [...shape];
  let term = x;
  for (const [at, stride] of strides.entries()) {
    if (stride === 1) continue;
    const axis = at + 1;
    const count = (from: number, to?: number) => lengths.slice(from, to).reduce((a, b) => a * b, 1);
    const rows = m.reshapeSamples(term, [count(0, axis + 1), 1, count(axis + 1)]);
    lengths[axis] *= stride;
    const amounts = m.lengths([0, 0, 0, 0, 0, 0, stride - 1, 0]);
    term = m.reshapeSamples(m.op("Pad", [rows, amounts]), lengths);
  }
  return term;
}

/** Without the elements that negative padding cuts off. */
function padded(
  m: Algebra,
  term: Term,
  { before, after }: { before: readonly number[]; after: readonly number[] },
): Term {
  if ([...before, ...after].every((length) => length === 0)) return term;
  const END = 2 ** 31 - 1;
  return m.op("Slice", [
    term,
    m.lengths(before.map((length) => -length)),
    m.lengths(after.map((length) => (length === 0 ? END : length))),
    m.lengths(before.map((_, axis) => axis + 2)),
  ]);
}
