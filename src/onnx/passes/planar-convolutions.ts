// Convolutions in three dimensions as sums of convolutions in two, which ONNX Runtime has far better code for on a CPU: it
// lays the patches of a volume out as a whole, which takes as many times the volume as the kernel has elements.

import { type Algebra, algebraOf, type Term } from "../algebra.ts";
import { readAttributes } from "../attributes.ts";
import { type GraphBuilder, openGraph } from "../builder.ts";
import { int, ints, type OnnxModel, type OnnxNode } from "../model.ts";
import { lengthsOf } from "../shapes/dimensions.ts";
import { readWindow, windowPads } from "../shapes/window.ts";

/** Volumes with fewer voxels gain nothing. */
const FEW_VOXELS = 16 ** 3;

/**
 * Rewrites the 3-D convolutions of a model with known shapes that have one group and take every slice: each slice is
 * convolved with all planes of the filters at once, and the planes' results are added, shifted by their depth.
 */
export function planarConvolutions(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const reserved = graph.nodes.flatMap(({ name, outputs }) => [name, ...outputs]);
  const bare = { ...model, graph: { ...graph, nodes: [], outputs: [], values: [] } };
  const builder = openGraph(bare, { reserved });
  for (const node of graph.nodes) {
    const plan = planOf(node, builder);
    if (plan) appendPlanar(builder, node, plan);
    else builder.append(node);
  }
  const built = builder.build();
  return { ...built, graph: { ...built.graph, outputs: graph.outputs } };
}

/** A convolution that is rewritten, its lengths in numbers. */
interface Plan {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly depth: number;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function planOf(node: OnnxNode, { typeOf }: GraphBuilder): Plan | undefined {
  if (node.domain !== "" || node.operator !== "Conv") return undefined;
  const [x, w] = node.inputs.map((name) => lengthsOf(typeOf(name)?.shape));
  if (!x || !w || x.length !== 5) return undefined;
  const attributes = readAttributes(node);
  const window = readWindow(attributes, w.slice(2));
  const isWhole = window.strides[0] === 1 && attributes.int("group", 1) === 1;
  if (!isWhole || w[2] === 1 || x[2] * x[3] * x[4] < FEW_VOXELS) return undefined;
  const { before, after } = windowPads(window, x.slice(2));
  const depth = x[2] + before[0] + after[0] - (w[2] - 1) * window.dilations[0];
  return { x, w, depth, strides: window.strides, dilations: window.dilations, before, after };
}

function appendPlanar(builder: GraphBuilder, node: OnnxNode, plan: Plan): void {
  const m = algebraOf(builder);
  const [x, w, bias] = node.inputs;
  const sum = m.op("Sum", shifted(m, convolvedPlanes(m, { x, w }, plan), plan));
  const joined = bias ? m.add(sum, m.reshape(bias, [-1, 1, 1])) : sum;
  // [N, depth, filters, height, width] to [N, filters, depth, height, width].
  const attributes = { perm: ints([0, 2, 1, 3, 4]) };
  builder.append({
    ...node,
    operator: "Transpose",
    inputs: [joined],
    outputs: [node.outputs[0]],
    attributes,
  });
}

/** Every slice with every plane of the filters: [N, depth of X, planes · filters, height, width]. */
function convolvedPlanes(m: Algebra, { x, w }: { x: Term; w: Term }, plan: Plan): Term {
  const [batch, channels, depth, ...size] = plan.x;
  const [filters, , planes, ...kernel] = plan.w;
  const slices = m.reshape(m.transpose(x, [0, 2, 1, 3, 4]), [batch * depth, channels, ...size]);
  const stacked = m.reshape(m.transpose(w, [2, 0, 1, 3, 4]), [
    planes * filters,
    channels,
    ...kernel,
  ]);
  const y = m.op("Conv", [slices, stacked], {
    kernel_shape: ints(kernel),
    strides: ints(plan.strides.slice(1)),
    dilations: ints(plan.dilations.slice(1)),
    pads: ints([...plan.before.slice(1), ...plan.after.slice(1)]),
    group: int(1),
  });
  return m.reshape(y, [batch, depth, planes * filters, ...m.graph.shapeOf(y).slice(2)]);
}

/** The results of each plane where they belong; [N, depth of Y, filters, height, width] each. */
function shifted(m: Algebra, planes: Term, { w, depth, dilations, before, after }: Plan): Term[] {
  const [filters, , count] = w;
  const isPadded = before[0] > 0 || after[0] > 0;
  const amounts = m.lengths([0, before[0], 0, 0, 0, 0, after[0], 0, 0, 0]);
  const padded = isPadded ? m.op("Pad", [planes, amounts]) : planes;
  const axes = m.lengths([1, 2]);
  return Array.from({ length: count }, (_, plane) => {
    const start = plane * dilations[0];
    const [starts, ends] = [
      [start, plane * filters],
      [start + depth, (plane + 1) * filters],
    ].map((bounds) => m.lengths(bounds));
    return m.op("Slice", [padded, starts, ends, axes]);
  });
}
