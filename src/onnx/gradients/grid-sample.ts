// Gradient of GridSample, by its definition: a weighted sum of elements picked around each position of the grid.
// Jaderberg and others: "Spatial Transformer Networks", 2015, section 3.3; ONNX, docs/Operators.md, GridSample-20.

import type { Algebra, Term } from "../algebra.ts";
import { int } from "../model.ts";
import { composed, countOf, type ForwardNode, type GradientRules } from "./rule.ts";

/** One axis of the samples: for each tap along it the element's position and its weight (0 outside, where so wanted). */
type AxisTaps = readonly { readonly position: Term; readonly weight: Term | undefined }[];

const gridSample = composed((node, m) => {
  const [x, grid] = node.inputs;
  const [batch, channels, ...size] = m.graph.shapeOf(x);
  const samples = m.graph.shapeOf(grid).slice(1, -1);
  const count = countOf(samples);
  const taps = size.map((length, axis) => {
    // The grid names x, the last axis, first.
    const at = size.length - 1 - axis;
    const normal = m.op("Gather", [grid, m.scalarLike(at, m.lengths([0]))], { axis: int(-1) });
    return axisTaps(node, m, { normal: m.reshape(normal, [batch, 1, count]), length });
  });
  const flat = m.reshape(x, [batch, channels, countOf(size)]);
  const terms = corners(m, taps, size).map(({ position, weight }) => {
    const places = m.op("Expand", [position, m.lengths([batch, channels, count])]);
    const picked = m.op("GatherElements", [flat, places], { axis: int(2) });
    return weight ? m.mul(picked, weight) : picked;
  });
  const sum = terms.length === 1 ? terms[0] : m.op("Sum", terms);
  return m.reshape(sum, [batch, channels, ...samples]);
});

function axisTaps(
  node: ForwardNode,
  m: Algebra,
  { normal, length }: { normal: Term; length: number },
): AxisTaps {
  const aligns = node.int("align_corners", 0) === 1;
  // −1 and 1 are the centres of the first and last element, or the outer edges of the two.
  const place = aligns
    ? m.mul(m.add(normal, 1), (length - 1) / 2)
    : m.sub(m.mul(m.add(normal, 1), length / 2), 0.5);
  const mode = node.text("mode", "linear");
  if (mode === "nearest") return [padded(node, m, { at: m.op("Round", [place]), length })];
  const low = m.op("Floor", [place]);
  const fraction = m.sub(place, low);
  const weights = mode.endsWith("cubic")
    ? cubicWeights(m, fraction)
    : [m.sub(1, fraction), fraction];
  const first = mode.endsWith("cubic") ? -1 : 0;
  return weights.map((weight, tap) => {
    const { position, weight: inside } = padded(node, m, { at: m.add(low, first + tap), length });
    return { position, weight: inside ? m.mul(weight, inside) : weight };
  });
}

/** Keys: "Cubic convolution interpolation", 1981, eq. 4, with a = −3/4, at distances 1 + f, f, 1 − f, 2 − f. */
function cubicWeights(m: Algebra, f: Term): Term[] {
  const a = -0.75;
  const near = (d: Term) => m.add(m.mul(m.mul(m.sub(m.mul(d, a + 2), a + 3), d), d), 1);
  const far = (d: Term) =>
    m.sub(m.mul(m.add(m.mul(m.sub(m.mul(d, a), 5 * a), d), 8 * a), d), 4 * a);
  return [far(m.add(f, 1)), near(f), near(m.sub(1, f)), far(m.sub(2, f))];
}

/** The element that a whole position stands for, and 0 or 1 as its weight where positions outside are 0. */
function padded(
  node: ForwardNode,
  m: Algebra,
  { at, length }: { at: Term; length: number },
): AxisTaps[number] {
  const mode = node.text("padding_mode", "zeros");
  const inner = mode === "reflection" ? reflected(node, m, { at, length }) : at;
  const limits = [0, length - 1].map((limit) => m.scalarLike(limit, at));
  const position = m.op("Cast", [m.op("Clip", [inner, ...limits])], { to: int(INT64) });
  if (mode !== "zeros") return { position, weight: undefined };
  const isInside = m.op("And", [
    m.compare("GreaterOrEqual", at, 0),
    m.compare("LessOrEqual", at, length - 1),
  ]);
  return { position, weight: m.op("CastLike", [isInside, at]) };
}

/** TensorProto.DataType.INT64. */
const INT64 = 7;

/** Mirrored at the first and last element, or at their outer edges, as often as it takes. */
function reflected(
  node: ForwardNode,
  m: Algebra,
  { at, length }: { at: Term; length: number },
): Term {
  const aligns = node.int("align_corners", 0) === 1;
  const [low, span] = aligns ? [0, length - 1] : [-0.5, length];
  if (span === 0) return m.mul(at, 0);
  const distance = m.op("Abs", [m.sub(at, low)]);
  const turn = m.op("Mod", [distance, m.scalarLike(2 * span, at)], { fmod: int(1) });
  return m.add(m.op("Min", [turn, m.sub(2 * span, turn)]), low);
}

/** Every combination of taps of the axes, as positions in the flattened input. */
function corners(m: Algebra, taps: readonly AxisTaps[], size: readonly number[]): AxisTaps {
  const [first, ...rest] = taps;
  let all: AxisTaps = first;
  for (const [at, axis] of rest.entries()) {
    all = all.flatMap((one) =>
      axis.map((other) => ({
        position: m.add(m.mul(one.position, size[at + 1]), other.position),
        weight:
          one.weight && other.weight
            ? m.mul(one.weight, other.weight)
            : (one.weight ?? other.weight),
      })),
    );
  }
  return all;
}

/** Rules by operator. */
export const gridSampleGradients: GradientRules = { GridSample: gridSample };
