// Gradient of RoiAlign by its image. With means of samples the map is linear and treats each axis by itself: a cell of region r
// is Σ A(r)ᵢₕ X(h, w) B(r)ⱼᵥ, so that dX = Σᵣ A(r)ᵀ dY(r) B(r), as two products.
// He, Gkioxari, Dollár, Girshick: "Mask R-CNN", 2017, section 3; ONNX, docs/Operators.md, RoiAlign-16.

import type { Algebra, Term } from "../algebra.ts";
import { int } from "../model.ts";
import { positionsOf } from "./positions.ts";
import type { ForwardNode, GradientRule, GradientRules } from "./rule.ts";

/** One axis of all regions. */
interface Axis {
  /** Columns of the regions' corners. */
  readonly columns: readonly [first: number, last: number];
  readonly cells: number;
  /** Of the image. */
  readonly length: number;
}

/** Regions have no gradient, as in PyTorch. */
const roiAlign: GradientRule = (node, m, dy) => {
  if (node.text("mode", "avg") !== "avg") node.fail("its cells are maxima of samples");
  if (node.int("sampling_ratio", 0) === 0) node.fail("its samples a cell depend on the regions");
  if (!node.wants(0)) return [];
  const [x, , batches] = node.inputs;
  const [batch, channels, height, width] = m.graph.shapeOf(x);
  const [regions, , rows, columns] = m.graph.shapeOf(dy);
  const down = axisWeights(node, m, { columns: [1, 3], cells: rows, length: height });
  const across = axisWeights(node, m, { columns: [0, 2], cells: columns, length: width });
  // [regions, channels, rows, width] to [regions · rows, channels · width].
  const spread = m.matmul(dy, m.reshape(across, [regions, 1, columns, width]));
  const lines = m.reshape(m.transpose(spread, [0, 2, 1, 3]), [regions * rows, channels * width]);
  // Weights of a region are 0 in the images that it is not of.
  const isOwn = m.compare(
    "Equal",
    m.reshape(batches, [regions, 1]),
    m.reshape(positionsOf(m, [batch]), [1, batch]),
  );
  const own = m.reshape(m.op("CastLike", [isOwn, dy]), [regions, 1, batch, 1]);
  const weights = m.mul(own, m.reshape(down, [regions, rows, 1, height]));
  const turned = m.transpose(m.reshape(weights, [regions * rows, batch * height]), [1, 0]);
  const dx = m.reshape(m.matmul(turned, lines), [batch, height, channels, width]);
  return [m.transpose(dx, [0, 2, 1, 3])];
};

/** What each cell is made of along an axis, [regions, cells, length]: the mean of its samples' linear weights. */
function axisWeights(node: ForwardNode, m: Algebra, { columns, cells, length }: Axis): Term {
  const samples = node.int("sampling_ratio", 0);
  const isHalf = node.text("coordinate_transformation_mode", "half_pixel") === "half_pixel";
  const [start, end] = columns.map((column) => {
    const corner = m.op("Gather", [node.inputs[1], m.lengths([column])], { axis: int(1) });
    const scaled = m.mul(corner, node.float("spatial_scale", 1));
    return isHalf ? m.sub(scaled, 0.5) : scaled;
  });
  const size = m.sub(end, start);
  // Without the half-pixel shift a region is at least one pixel large.
  const extent = isHalf ? size : m.op("Max", [size, m.scalarLike(1, size)]);
  const count = cells * samples;
  const steps = Float32Array.from({ length: count }, (_, at) => (at + 0.5) / count);
  const parts = m.graph.constant({ type: "float32", shape: [1, count], data: steps }, "samples");
  const place = m.add(start, m.mul(extent, m.castLike(parts, start)));
  const isInside = m.op("And", [
    m.compare("GreaterOrEqual", place, -1),
    m.compare("LessOrEqual", place, length),
  ]);
  const held = m.op("Clip", [place, m.scalarLike(0, place), m.scalarLike(length - 1, place)]);
  const positions = m.castLike(positionsOf(m, [1, 1, length]), place);
  const column = (term: Term) => m.reshape(term, [-1, count, 1]);
  const distance = m.op("Abs", [m.sub(column(held), positions)]);
  const near = m.op("Relu", [m.sub(1, distance)]);
  const weights = m.mul(near, column(m.castLike(isInside, near)));
  return m.mean(m.reshape(weights, [-1, cells, samples, length]), { axes: [2] });
}

/** Rules by operator. */
export const roiAlignGradients: GradientRules = { RoiAlign: roiAlign };
